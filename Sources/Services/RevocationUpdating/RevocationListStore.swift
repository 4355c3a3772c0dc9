package import PKIX
package import RevocationLists
package import SignatureAlgorithms

/// Why lists could not be kept or read back.
package enum ListStoreError: Error, Hashable, Sendable {
    /// The stored mark is not the expected one: somebody else was first.
    case markMoved
    /// The list is not there, or not as it was written: it counts as lost, its mark does not.
    case damaged
    /// The list is as it was written, but not signed by this key.
    case otherSigner
    /// The disk is full, a file cannot be read, the store is newer than this program.
    case unavailable(reason: String)
}

/// What the store has of one scope.
package struct StoredScope: Hashable, Sendable {
    package enum Condition: Hashable, Sendable {
        case whole
        /// The record of what is in force was damaged and has been made again from the lists that are there.
        case rebuilt
        /// The record cannot be read. The mark beside the audit trail holds; nothing can be published in this scope.
        case unreadable(reason: String)
    }

    package let scopeID: String
    /// nil when it cannot be read.
    package let mark: HighWaterMark?
    /// The list in force; nil when it is lost.
    package let held: StoredListEntry?
    package let condition: Condition

    package init(scopeID: String, mark: HighWaterMark?, held: StoredListEntry?, condition: Condition = .whole) {
        (self.scopeID, self.mark, self.held, self.condition) = (scopeID, mark, held, condition)
    }
}

/// A kept list that has been checked and can be asked.
package struct OpenedList: Sendable {
    package enum Condition: Hashable, Sendable {
        case whole
        /// The index was missing or damaged. It has been made again from the list, whose signature was checked again.
        case imageRebuilt
    }

    package let verified: VerifiedList
    package let condition: Condition

    package init(verified: VerifiedList, condition: Condition) {
        (self.verified, self.condition) = (verified, condition)
    }
}

/// Keeps lists over restarts: the newest of each scope with its index, and those before it as long as the policy says.
///
/// What is published is immutable: who asks a list goes on asking the same one while it is replaced.
package protocol RevocationListStore: Sendable {
    /// What is kept of every scope.
    func scopes() async throws(ListStoreError) -> [StoredScope]

    /// Puts a list in place of the scope's former one, which is archived; durable on return.
    ///
    /// The index is written, read back and compared with the pass before anything is replaced. When anything fails, the
    /// former list stays.
    ///
    /// - Parameters:
    ///   - list: its ``AdmittedList/spool`` is taken over, also when this fails.
    ///   - entry: with the list's digest.
    ///   - expected: the scope's mark in this store, nil for none.
    /// - Throws: ``ListStoreError/markMoved`` when the stored mark is another.
    func publish(
        _ list: AdmittedList,
        as entry: StoredListEntry,
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError) -> VerifiedList

    /// Opens a kept list, in force or archived, after checking its octets, its index and its signature.
    func open(_ entry: StoredListEntry, signedBy key: PublicKey) async throws(ListStoreError) -> OpenedList

    /// The lists of the scope before the one in force, the earliest first.
    func archived(ofScope scopeID: String) async throws(ListStoreError) -> [ArchivedListEntry]

    /// Deletes archived lists that were superseded before `time`.
    ///
    /// - Returns: how many.
    func purge(supersededBefore time: ValidationTime) async throws(ListStoreError) -> Int
}
