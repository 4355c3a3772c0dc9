internal import PKIX

/// What came of an operator's wish to put a pending list in force.
package enum ListAcceptance: Sendable {
    /// The first operator has proposed it; the list waits for the second.
    case proposed(PendingList)
    /// The second operator has agreed: in force, recorded with both.
    case inForce(ActiveList)
}

/// Why an operator's wish could not be followed. Nothing has changed then.
package enum AcceptanceRefusal: Error, Hashable, Sendable {
    /// No list of this id is pending.
    case notPending
    /// The operator who proposed it cannot be the second one.
    case secondPersonRequired
    /// The list cannot be accepted any more: what is wrong with it now.
    case notAcceptable(CRLRefusal)
    /// The proposal, or the list, could not be kept or recorded.
    case notRecorded
}

/// Both operators and their words, for the audit record of a list that came into force against the order.
struct AgreedAcceptance: Hashable, Sendable {
    let refusal: CRLRefusal
    let former: HighWaterMark
    let proposal: AcceptanceProposal
    let reason: AcceptanceReason

    var details: [String: String] {
        var details = [
            "overruled": refusal.rawValue, "reason": reason.text, "proposed_by": proposal.actor,
            "proposed_at": proposal.proposedAt.description, "proposal_reason": proposal.reason.text,
            "former_this_update": former.thisUpdate.description,
        ]
        details["former_crl_number"] = former.crlNumber?.description
        return details
    }
}
