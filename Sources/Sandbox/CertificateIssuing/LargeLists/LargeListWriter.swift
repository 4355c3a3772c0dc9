internal import Crypto
package import RevocationLists
internal import SignatureAlgorithms

/// Writes a signed list of any size in a few megabytes of memory: hashed while it is written, then signed.
package struct LargeListWriter {
    package struct Written: Hashable, Sendable {
        package let entries: Int
        package let octets: Int
        /// SHA-256 of the whole list.
        package let digest: [UInt8]
    }

    private let key: SigningKey

    /// - Throws: ``IssuingError/schemeMismatch`` for a key that does not sign with RSA and SHA-256: the length of
    ///   other signatures is not known before they are made, nor are they the same each time.
    package init(_ key: SigningKey) throws {
        guard key.scheme == .rsaPKCS1(.sha256) else { throw IssuingError.schemeMismatch }
        self.key = key
    }

    /// Gives the list's DER to `take`, about a megabyte at a time.
    package func write(
        _ list: TBSCertList<some Sequence<RevokedEntry>>,
        to take: ([UInt8]) throws -> Void
    ) throws -> Written {
        let length = try key.signature(digest: [UInt8](repeating: 0, count: SHA256.byteCount)).count
        var (signed, whole, octets) = (SHA256(), SHA256(), 0)
        let entries = try PiecewiseList(list, signatureOctets: length).write { piece in
            let bytes: [UInt8]
            switch piece {
            case .unsigned(let outside): bytes = outside
            case .signed(let inside):
                bytes = inside
                signed.update(data: inside)
            }
            whole.update(data: bytes)
            octets += bytes.count
            try take(bytes)
        } sign: {
            try key.signature(digest: Array(signed.finalize()))
        }
        return Written(entries: entries, octets: octets, digest: Array(whole.finalize()))
    }
}
