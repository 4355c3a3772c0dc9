internal import Crypto
package import PKIX

/// The hash functions of the algorithm table. SHA-1 is there for OCSP CertIDs
/// and key identifiers; as part of a signature only ``AlgorithmSuite/insecureLegacy`` allows it.
package enum HashAlgorithm: String, CaseIterable, Sendable {
    case sha1
    case sha256
    case sha384
    case sha512

    package init?(_ oid: OID) {
        guard let found = HashAlgorithm.allCases.first(where: { $0.oid == oid }) else { return nil }
        self = found
    }

    package var oid: OID {
        switch self {
        case .sha1: .sha1
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }

    /// Octets of a digest.
    package var digestLength: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    package func digest(of octets: some Sequence<UInt8>) -> [UInt8] {
        let message = Array(octets)
        return switch self {
        case .sha1: Array(Insecure.SHA1.hash(data: message))
        case .sha256: Array(SHA256.hash(data: message))
        case .sha384: Array(SHA384.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        }
    }
}
