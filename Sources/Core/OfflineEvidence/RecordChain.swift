/// What is known of the records beside one: the digests that the ledger of received records holds.
package struct ChainNeighbours: Hashable, Sendable {
    /// The digest of the record that was received under the same number; nil when none was.
    package var same: [UInt8]?
    /// The digest of the record before; nil when it has not been received.
    package var before: [UInt8]?
    /// What the record after names as its predecessor; nil when it has not been received.
    package var after: [UInt8]?

    package init(same: [UInt8]? = nil, before: [UInt8]? = nil, after: [UInt8]? = nil) {
        (self.same, self.before, self.after) = (same, before, after)
    }
}

/// The place of a record in the chain of its queue.
package enum ChainPlace: String, CaseIterable, Sendable {
    /// Its predecessor is there and is the one that it names; or it is the first.
    case linked
    /// Its predecessor has not been received: one is missing, or comes later.
    case afterGap = "after_gap"
    /// The very record was received before.
    case repeated
    /// Another record has its number: the queue was forked or written anew.
    case conflicting
    /// Its neighbour is not the one that the link names.
    case broken

    /// Decides by digests alone, so that the order in which records arrive changes nothing about what is broken.
    package init(of record: SealedRecord, among neighbours: ChainNeighbours) {
        if let same = neighbours.same {
            self = same == record.digest ? .repeated : .conflicting
        } else if let after = neighbours.after, after != record.digest {
            self = .broken
        } else if record.header.sequence == 1 {
            self = .linked
        } else if let before = neighbours.before {
            self = before == record.header.previous ? .linked : .broken
        } else {
            self = .afterGap
        }
    }

    /// Whether the record may be judged.
    package var isAdmissible: Bool { self == .linked || self == .afterGap }
}
