package import PKIX
internal import SignatureAlgorithms

/// One check that was made without the platform, as it leaves the device: signed by the device, chained to the record
/// before, and sealed to the centre so that the device itself cannot read it again.
///
/// ```
/// SealedRecord ::= SEQUENCE {
///     header          SealedRecordHeader,
///     encapsulatedKey OCTET STRING (SIZE (32)),   -- RFC 9180: enc of DHKEM(X25519)
///     ciphertext      OCTET STRING,               -- AES-256-GCM; the header is its associated data
///     signature       OCTET STRING }              -- Ecdsa-Sig-Value over signedOctets
/// ```
/// The encoding is canonical: one value has one encoding, and equality is that of the encodings.
package struct SealedRecord: Hashable, Sendable {
    /// Octets of the largest record.
    package static let largest = 73_728
    package static let encapsulatedKeyLength = 32
    /// AES-256-GCM's tag.
    static let tagLength = 16

    package let header: SealedRecordHeader
    package let encapsulatedKey: ArraySlice<UInt8>
    package let ciphertext: ArraySlice<UInt8>
    package let signature: ArraySlice<UInt8>
    package let encoding: [UInt8]

    /// Decodes exactly one record. Nothing is verified.
    package init(der: some Sequence<UInt8>) throws(DERError) {
        let bytes = Array(der)
        guard bytes.count <= SealedRecord.largest else { throw DERError(.limitExceeded, in: "SealedRecord") }
        var reader = try DERReader.single(.sequence, bytes[...], in: "SealedRecord").reader
        header = try SealedRecordHeader(reader.next(.sequence, in: "SealedRecordHeader"))
        encapsulatedKey = try reader.next(.octetString, in: "SealedRecord.encapsulatedKey").contents
        ciphertext = try reader.next(.octetString, in: "SealedRecord.ciphertext").contents
        signature = try reader.next(.octetString, in: "SealedRecord.signature").contents
        try reader.finish(in: "SealedRecord")
        guard encapsulatedKey.count == SealedRecord.encapsulatedKeyLength else {
            throw DERError(.invalidContents, in: "SealedRecord.encapsulatedKey")
        }
        let whole = SealedContents.block + SealedRecord.tagLength
        guard ciphertext.count >= whole, ciphertext.count % SealedContents.block == SealedRecord.tagLength else {
            throw DERError(.invalidContents, in: "SealedRecord.ciphertext")
        }
        guard (8...1_024).contains(signature.count) else {
            throw DERError(.invalidContents, in: "SealedRecord.signature")
        }
        encoding = bytes
    }

    /// Puts a record together.
    ///
    /// - Parameter sign: the device key's signature over the octets it is given.
    package init(
        header: SealedRecordHeader,
        encapsulatedKey: [UInt8],
        ciphertext: [UInt8],
        sign: ([UInt8]) throws -> [UInt8]
    ) throws {
        let signature = try sign(SealedRecord.signedOctets(header, encapsulatedKey[...], ciphertext[...]))
        let encoding = DERWriter.encode(.sequence) { writer in
            writer.append(header.der)
            writer.octetString(encapsulatedKey)
            writer.octetString(ciphertext)
            writer.octetString(signature)
        }
        try self.init(der: encoding)
    }

    /// What the device signs: the format's name, then everything before the signature.
    package var signedOctets: [UInt8] { SealedRecord.signedOctets(header, encapsulatedKey, ciphertext) }

    private static func signedOctets(
        _ header: SealedRecordHeader,
        _ encapsulatedKey: ArraySlice<UInt8>,
        _ ciphertext: ArraySlice<UInt8>
    ) -> [UInt8] {
        var writer = DERWriter()
        writer.append(header.der)
        writer.octetString(encapsulatedKey)
        writer.octetString(ciphertext)
        return Array("akashi sealed record signature 1".utf8) + [0] + writer.bytes
    }

    /// SHA-256 of the record: what the next one names as its predecessor.
    package var digest: [UInt8] { HashAlgorithm.sha256.digest(of: encoding) }

    /// Whether `key` signed the record: ECDSA with SHA-256, and the key that the header names.
    package func isSigned(by key: SubjectPublicKeyInfo) -> Bool {
        guard HashAlgorithm.sha256.digest(of: key.encoding) == header.deviceKey,
            let publicKey = try? PublicKey(key, suite: .current)
        else { return false }
        return (try? publicKey.verifies(signature, over: signedOctets[...], scheme: .ecdsa(.sha256))) == true
    }

    package static func == (left: Self, right: Self) -> Bool { left.encoding == right.encoding }

    package func hash(into hasher: inout Hasher) { hasher.combine(encoding) }
}

/// What is sealed: octets with their length before them, filled up to whole blocks, so that a record's size says
/// little about the person.
package enum SealedContents {
    /// Octets of one block.
    package static let block = 1_024
    /// Octets that one record can hold.
    package static let largest = 64 * block - 4

    /// - Returns: nil when there are more octets than a record can hold.
    package static func padded(_ contents: [UInt8]) -> [UInt8]? {
        guard contents.count <= largest else { return nil }
        let length = UInt32(contents.count)
        var octets = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
        octets += contents
        octets += [UInt8](repeating: 0, count: (block - octets.count % block) % block)
        return octets
    }

    /// - Returns: nil when the length or the filling is not what ``padded(_:)`` writes.
    package static func unpadded(_ octets: [UInt8]) -> [UInt8]? {
        guard octets.count >= block, octets.count % block == 0 else { return nil }
        let length = octets.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= octets.count - 4, octets.count - 4 - length < block,
            octets.dropFirst(4 + length).allSatisfy({ $0 == 0 })
        else { return nil }
        return Array(octets[4..<(4 + length)])
    }
}
