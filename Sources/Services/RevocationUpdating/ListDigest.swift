package import PKIX
internal import SignatureAlgorithms

/// The SHA-256 by which a list is known: over its whole DER.
package enum ListDigest {
    package static func of(_ octets: StoredOctets) -> [UInt8] { HashAlgorithm.sha256.digest(of: octets.bytes) }
}
