package import PKIX
internal import SignatureValidation

/// A list that was refused for its order alone and is kept aside until two operators have decided (design §3.5).
package struct PendingList: Hashable, Sendable {
    /// ``ListScope/id`` of the scope that it would come into force in.
    package let scopeID: String
    package let sourceID: String
    package let issuerID: String
    /// Why it is not in force; one that ``CRLRefusal/mayBeOverruled``.
    package let refusal: CRLRefusal
    /// Number, thisUpdate and SHA-256.
    package let mark: HighWaterMark
    package let nextUpdate: ValidationTime?
    package let entryCount: Int
    /// Octets of the DER.
    package let size: Int
    package let receivedAt: ValidationTime
    /// What a first operator has proposed; it may have expired.
    package var proposal: AcceptanceProposal?

    package init(
        scopeID: String,
        sourceID: String,
        issuerID: String,
        refusal: CRLRefusal,
        mark: HighWaterMark,
        nextUpdate: ValidationTime?,
        entryCount: Int,
        size: Int,
        receivedAt: ValidationTime,
        proposal: AcceptanceProposal? = nil
    ) {
        (self.scopeID, self.sourceID, self.issuerID) = (scopeID, sourceID, issuerID)
        (self.refusal, self.mark, self.nextUpdate) = (refusal, mark, nextUpdate)
        (self.entryCount, self.size, self.receivedAt) = (entryCount, size, receivedAt)
        self.proposal = proposal
    }

    /// `crl_` and the first 32 hex digits of the digest.
    package var id: String { ListReference(digest: mark.digest).id }

    /// The proposal that a second operator can join at `now`.
    package func liveProposal(at now: ValidationTime) -> AcceptanceProposal? {
        proposal.flatMap { $0.proposedAt <= now && now < $0.expiresAt ? $0 : nil }
    }
}

/// That one operator wants a pending list in force. It needs another one to come true.
package struct AcceptanceProposal: Hashable, Sendable {
    /// Seconds for which a second operator can join: one day.
    package static let lifetime: Int64 = 86_400

    /// The client whose certificate proposed it.
    package let actor: String
    package let reason: AcceptanceReason
    package let proposedAt: ValidationTime
    package let expiresAt: ValidationTime

    package init(actor: String, reason: AcceptanceReason, proposedAt: ValidationTime, expiresAt: ValidationTime) {
        (self.actor, self.reason, self.proposedAt, self.expiresAt) = (actor, reason, proposedAt, expiresAt)
    }
}

/// Why an operator overrules the order of lists, in their own words. It stands in the audit trail for ever, and so
/// must name no person.
package struct AcceptanceReason: Hashable, Sendable {
    /// Characters.
    package static let longest = 500

    package let text: String

    /// Nil for a text without a word, of more than ``longest`` characters, or with control characters.
    package init?(_ text: String) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        guard isPlain, text.count <= AcceptanceReason.longest, text.contains(where: { $0.isLetter || $0.isNumber })
        else { return nil }
        self.text = text
    }
}

/// Keeps pending lists with their octets, at most a few a scope, over restarts.
package protocol PendingListStore: Sendable {
    /// Every kept list, in no order. One whose record is damaged is left out.
    func pendingLists() async throws(ListStoreError) -> [PendingList]
    /// Keeps a list with its octets, which are copied; durable on return.
    func keep(_ list: PendingList, octets: StoredOctets) async throws(ListStoreError)
    /// Replaces what is known of a kept list; durable on return.
    func update(_ list: PendingList) async throws(ListStoreError)
    /// The octets of a kept list, whose SHA-256 the caller compares.
    ///
    /// - Throws: ``ListStoreError/damaged`` when there are none.
    func octets(of list: PendingList) async throws(ListStoreError) -> StoredOctets
    func remove(_ list: PendingList) async throws(ListStoreError)
}
