package import Organizations
package import PKIX

/// How far a scope has come. It only rises, also when the list itself is lost.
package struct HighWaterMark: Hashable, Sendable {
    package let crlNumber: CRLNumber?
    package let thisUpdate: ValidationTime
    /// SHA-256 of the list's DER.
    package let digest: [UInt8]
    /// How often two operators have set the scope's order anew (`akashi crl accept`). It goes before number and
    /// time: a mark of a later epoch is the higher one, whatever its number.
    package let epoch: UInt64

    package init(crlNumber: CRLNumber?, thisUpdate: ValidationTime, digest: [UInt8], epoch: UInt64 = 0) {
        (self.crlNumber, self.thisUpdate, self.digest, self.epoch) = (crlNumber, thisUpdate, digest, epoch)
    }

    /// Whether this is further than `other`: of two records of one scope's mark the further one counts.
    package func isFurther(than other: HighWaterMark) -> Bool { ListOrder.compare(self, with: other) == .newer }
}

/// What the store says of a kept list, without its octets.
package struct StoredListEntry: Hashable, Sendable {
    /// ``ListScope/id``.
    package let scopeID: String
    /// ``CRLSource/id`` of the source that brought it.
    package let sourceID: String
    package let environment: DeploymentEnvironment
    package let mark: HighWaterMark
    package let fetchedAt: ValidationTime

    package init(
        scopeID: String,
        sourceID: String,
        environment: DeploymentEnvironment,
        mark: HighWaterMark,
        fetchedAt: ValidationTime
    ) {
        self.scopeID = scopeID
        self.sourceID = sourceID
        self.environment = environment
        self.mark = mark
        self.fetchedAt = fetchedAt
    }
}

/// Why lists could not be kept or read back.
package enum ListStoreError: Error, Hashable, Sendable {
    /// The stored mark is not the expected one: another process was first.
    case markMoved
    /// The disk is full, the file is damaged, the store is newer than this program.
    case unavailable(reason: String)
}

/// Keeps the newest list and the high-water mark of each scope over restarts.
package protocol RevocationListStore: Sendable {
    /// Every kept list of this environment.
    func entries(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [StoredListEntry]
    /// The DER of the list that is kept for the scope; nil when there is none.
    func der(ofScope scopeID: String, in environment: DeploymentEnvironment) async throws(ListStoreError) -> [UInt8]?
    /// Keeps a list in place of the scope's former one, with its mark, in one transaction; durable on return.
    ///
    /// - Parameter expected: the mark that the new list was compared with, nil for a scope without one.
    /// - Throws: ``ListStoreError/markMoved`` when the stored mark is another: nothing has changed then.
    func keep(
        _ entry: StoredListEntry,
        der: [UInt8],
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError)
}
