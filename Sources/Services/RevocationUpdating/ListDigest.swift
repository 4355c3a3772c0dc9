package import PKIX
internal import SignatureAlgorithms

/// The SHA-256 by which a list is known: over its whole DER.
package enum ListDigest {
    /// Octets that are hashed at a time; the pages behind are let go.
    private static let piece = 1_048_576

    package static func of(_ octets: StoredOctets) -> [UInt8] {
        var digest = RunningDigest(.sha256)
        var start = 0
        while start < octets.count {
            let end = min(octets.count, start + piece)
            octets.withSpan { digest.update($0.extracting(start..<end)) }
            octets.discard(start..<end)
            start = end
        }
        return digest.value
    }
}
