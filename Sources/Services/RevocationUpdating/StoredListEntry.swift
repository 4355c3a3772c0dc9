package import Organizations
package import PKIX

/// What the store says of a kept list, without its octets.
package struct StoredListEntry: Hashable, Sendable {
    /// ``ListScope/id``.
    package let scopeID: String
    /// ``CRLSource/id`` of the source that brought it.
    package let sourceID: String
    package let environment: DeploymentEnvironment
    /// Order and SHA-256 of the list.
    package let mark: HighWaterMark
    package let nextUpdate: ValidationTime?
    package let fetchedAt: ValidationTime
    /// Octets of the DER.
    package let size: Int

    package init(
        scopeID: String,
        sourceID: String,
        environment: DeploymentEnvironment,
        mark: HighWaterMark,
        nextUpdate: ValidationTime?,
        fetchedAt: ValidationTime,
        size: Int
    ) {
        self.scopeID = scopeID
        self.sourceID = sourceID
        self.environment = environment
        self.mark = mark
        self.nextUpdate = nextUpdate
        self.fetchedAt = fetchedAt
        self.size = size
    }
}

/// A list that was in force before: the proof for questions about the past.
package struct ArchivedListEntry: Hashable, Sendable {
    package let entry: StoredListEntry
    /// When the next list came into force here.
    package let supersededAt: ValidationTime

    package init(entry: StoredListEntry, supersededAt: ValidationTime) {
        (self.entry, self.supersededAt) = (entry, supersededAt)
    }
}
