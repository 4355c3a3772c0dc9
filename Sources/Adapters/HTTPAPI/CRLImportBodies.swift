internal import RevocationUpdating
internal import WireFormat

/// What the first of two operators wants.
struct ProposalBody: Codable, Hashable, Sendable {
    var proposedBy: String
    var reason: String
    var proposedAt: String
    var expiresAt: String

    enum CodingKeys: String, CodingKey {
        case reason
        case proposedBy = "proposed_by"
        case proposedAt = "proposed_at"
        case expiresAt = "expires_at"
    }

    init(_ proposal: AcceptanceProposal) {
        proposedBy = proposal.actor
        reason = proposal.reason.text
        proposedAt = wireTime(proposal.proposedAt)
        expiresAt = wireTime(proposal.expiresAt)
    }
}

/// The answer of `POST /v1/crls`.
struct ImportedCRLBody: Codable, Hashable, Sendable {
    /// `activated`, `unchanged`, or why it was refused.
    var outcome: String
    @ExplicitNull var sourceID: String?
    /// The list where it is in force or pending.
    @ExplicitNull var crl: CRLBody?

    enum CodingKeys: String, CodingKey {
        case outcome, crl
        case sourceID = "source_id"
    }
}

/// The answer of `POST /v1/crls/{crl_id}/accept`.
struct AcceptanceBody: Codable, Hashable, Sendable {
    /// `proposed` or `activated`.
    var outcome: String
    var crl: CRLBody
}
