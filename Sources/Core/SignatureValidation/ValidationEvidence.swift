internal import PKIX
package import RevocationLists

/// Everything that was gathered before the judgement. Archived and replayed it gives the same report.
package struct ValidationEvidence: Sendable {
    package var ocsp: OCSPEvidence
    package var lists: ListEvidence
    package var clock: ClockEvidence
    package var challenge: ChallengeEvidence
    /// The lists in force, where the time in question is past and any of them came after it. They can only show that the certificate
    /// was revoked by then: from a later list it may have gone, so that it says nothing by not naming it.
    package var laterLists: [HeldList] = []

    package init(ocsp: OCSPEvidence, lists: ListEvidence, clock: ClockEvidence, challenge: ChallengeEvidence) {
        (self.ocsp, self.lists, self.clock, self.challenge) = (ocsp, lists, clock, challenge)
    }
}

/// A verified list and the digest that names it, so that an answer can say which list it rests on.
package struct HeldList: Sendable {
    package let verified: VerifiedList
    /// SHA-256 of its DER.
    package let digest: [UInt8]

    package init(_ verified: VerifiedList, digest: [UInt8]) { (self.verified, self.digest) = (verified, digest) }
}

/// The name of a list for ever: with it the signed list can be fetched as proof.
package struct ListReference: Hashable, Sendable {
    /// SHA-256 of the list's DER.
    package let digest: [UInt8]

    package init(digest: [UInt8]) { self.digest = digest }

    /// `crl_` and the first 32 hex digits of the digest.
    package var id: String { "crl_" + digest.prefix(16).hexString }
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
    ///
    /// For a time in the past they are the newest of then: none has a later thisUpdate.
    case held([HeldList], missing: MissingSources)

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
