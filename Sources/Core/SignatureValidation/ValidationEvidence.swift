package import RevocationLists

/// Everything that was gathered before the judgement. Archived and replayed it gives the same report.
package struct ValidationEvidence: Sendable {
    package var ocsp: OCSPEvidence
    package var lists: ListEvidence
    package var clock: ClockEvidence
    package var challenge: ChallengeEvidence

    package init(ocsp: OCSPEvidence, lists: ListEvidence, clock: ClockEvidence, challenge: ChallengeEvidence) {
        (self.ocsp, self.lists, self.clock, self.challenge) = (ocsp, lists, clock, challenge)
    }
}

/// What a responder said, or why nothing was heard.
package enum OCSPEvidence: Hashable, Sendable {
    /// Not asked: the policy began elsewhere, or the judgement is for a time in the past.
    case notAsked
    case response([UInt8], nonce: Nonce)
    /// A code of what went wrong, for the report; for example `timed_out`.
    case failure(code: String)

    /// What the request carried, and what the answer must (RFC 9654).
    package enum Nonce: Hashable, Sendable {
        case notSent
        case sent([UInt8])
        case required([UInt8])
    }
}

/// Which lists were in hand.
package enum ListEvidence: Sendable {
    /// This kind of certificate has no lists (smartphones, by default): the list rungs are skipped.
    case notPublished
    /// The lists of the issuer's key, possibly none; `missing` when a configured source has not delivered yet.
    case held([VerifiedList], missing: MissingSources)

    package enum MissingSources: Hashable, Sendable {
        case none
        case some
    }
}

package enum ClockEvidence: Hashable, Sendable {
    case trusted
    case untrusted
}

/// How the signed content relates to a challenge of the platform's.
package enum ChallengeEvidence: Hashable, Sendable {
    /// The signature is over a document.
    case notUsed
    /// The nonce that the content must be.
    case nonce([UInt8])
}
