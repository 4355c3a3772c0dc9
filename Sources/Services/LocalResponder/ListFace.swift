package import PKIX

/// A list in force as a file for the municipality's own software.
package struct ServedList: Sendable {
    /// DER, as the issuer signed it.
    package let octets: StoredOctets
    /// SHA-256 of ``octets``.
    package let digest: [UInt8]
    package let thisUpdate: ValidationTime

    package init(octets: StoredOctets, digest: [UInt8], thisUpdate: ValidationTime) {
        (self.octets, self.digest, self.thisUpdate) = (octets, digest, thisUpdate)
    }
}

/// Gives the lists in force to the municipality's own software, where the configuration names them; off by default.
///
/// The platform passes on what the issuer signed and changes nothing. Revocation data is for the municipality's own
/// checks (公的個人認証法 Art. 52): only its networks are answered, and each list is named one by one.
package final class ListFace: Sendable {
    private let sourceIDs: Set<String>
    private let find: @Sendable (_ issuerID: String, _ sourceID: String) -> ServedList?
    private let tally: AnswerTally

    /// - Parameters:
    ///   - sourceIDs: ids of configured sources; no other list is given.
    ///   - responder: whose audit records count what is given.
    ///   - find: the list in force of an issuer and a source; nil when there is none.
    package init(
        sourceIDs: Set<String>,
        responder: OCSPResponder,
        find: @escaping @Sendable (_ issuerID: String, _ sourceID: String) -> ServedList?
    ) {
        self.sourceIDs = sourceIDs
        self.find = find
        tally = responder.tally
    }

    /// Nil for what is not configured and for what is not there alike.
    package func list(issuerID: String, sourceID: String) -> ServedList? {
        guard sourceIDs.contains(sourceID), let list = find(issuerID, sourceID) else { return nil }
        tally.count(.listServed)
        return list
    }
}
