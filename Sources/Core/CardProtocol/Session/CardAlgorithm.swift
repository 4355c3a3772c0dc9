package import PKIX
package import SignatureAlgorithms

/// The algorithms of card keys, as a table: what goes to the card, and what comes back.
package enum CardAlgorithm: String, CaseIterable, Sendable {
    /// Today's card.
    case rsa2048 = "rsa_2048"
    /// The next card, as proposed; how it takes its input is not published, so this row is a guess to be corrected.
    case ecP384 = "ec_p384"

    /// The algorithm of a certificate's key.
    ///
    /// - Throws: ``CardFault/unsupportedAlgorithm``.
    package init(_ info: SubjectPublicKeyInfo) throws(CardFault) {
        switch info.algorithm.algorithm {
        case .rsaEncryption where (269...271).contains(info.key.count): self = .rsa2048
        // An uncompressed point of two numbers of 48 octets.
        case .ecPublicKey where info.key.count == 97: self = .ecP384
        default: throw .unsupportedAlgorithm
        }
    }

    package var scheme: SignatureScheme {
        switch self {
        case .rsa2048: .rsaPKCS1(.sha256)
        case .ecP384: .ecdsa(.sha384)
        }
    }

    /// The name of ``scheme`` in the API.
    package var wireName: String {
        switch self {
        case .rsa2048: "sha256WithRSAEncryption"
        case .ecP384: "ecdsa-with-SHA384"
        }
    }

    /// P1 of the signing command: 00 pads the octets given (PKCS#1 v1.5 type 1).
    var p1: UInt8 { 0x00 }

    /// Octets of a signature: RSA's length, or the most that an ECDSA-Sig-Value takes.
    package var signatureLengths: ClosedRange<Int> {
        switch self {
        case .rsa2048: 256...256
        case .ecP384: 8...104
        }
    }

    /// What the card signs for a digest: a DigestInfo (RFC 8017 §9.2), or the digest itself.
    package func input(digest: [UInt8]) -> [UInt8] {
        switch self {
        case .rsa2048: CardAlgorithm.sha256DigestInfo + digest
        case .ecP384: digest
        }
    }

    private static let sha256DigestInfo: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]
}

/// What is signed.
package enum CardMessage: Hashable, Sendable {
    case content([UInt8])
    /// A digest made elsewhere with the named hash; a key that needs another hash cannot sign it.
    case digest([UInt8], HashAlgorithm)

    /// - Throws: ``CardFault/unsupportedAlgorithm`` when the digest is of another hash or length.
    package func digest(for algorithm: CardAlgorithm) throws(CardFault) -> [UInt8] {
        switch self {
        case .content(let octets): return algorithm.scheme.hash.digest(of: octets)
        case .digest(let octets, let hash):
            guard hash == algorithm.scheme.hash, octets.count == hash.digestLength else { throw .unsupportedAlgorithm }
            return octets
        }
    }
}

extension CardAlgorithm {
    /// The algorithm of the key in a certificate that was read from a card.
    init(certificate der: [UInt8]) throws(CardFault) {
        guard let certificate = try? Certificate(der: der) else { throw .malformedAnswer(.unexpectedContents) }
        try self.init(certificate.subjectPublicKeyInfo)
    }
}
