package import Organizations
package import Verification

/// The mark of one scope, as it stands beside the audit trail.
package struct ScopeMark: Hashable, Sendable {
    /// ``ListScope/id``.
    package let scopeID: String
    /// ``CRLSource/id`` of the source that brought the list.
    package let sourceID: String
    package let environment: DeploymentEnvironment
    package let mark: HighWaterMark

    package init(scopeID: String, sourceID: String, environment: DeploymentEnvironment, mark: HighWaterMark) {
        (self.scopeID, self.sourceID, self.environment, self.mark) = (scopeID, sourceID, environment, mark)
    }
}

/// Keeps the high-water mark of each scope together with the audit trail, apart from the lists themselves.
///
/// A list is in force once its mark stands here with its audit event. The list store has a mark of its own; the
/// one beyond the other counts, so that a restored backup of either lowers nothing.
package protocol ListMarkStore: Sendable {
    func marks(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [ScopeMark]
    /// Keeps the mark in place of the scope's former one and appends the event, in one transaction; durable on return.
    ///
    /// - Throws: ``ListStoreError/markMoved`` when the stored mark is beyond the new one: nothing has changed then.
    func raise(_ mark: ScopeMark, audit: AuditEvent) async throws(ListStoreError)
}
