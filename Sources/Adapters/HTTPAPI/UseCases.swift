package import PKIX
package import RevocationUpdating
package import Verification

/// What the API asks of the verification service.
package protocol VerificationUseCases: Sendable {
    func createChallenge(purpose: String, context: Verification.RequestContext) async throws(ServiceError) -> Challenge
    func verify(
        _ request: VerificationRequest,
        context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer
    func checkStatus(
        _ request: StatusCheckRequest,
        context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer
    func record(
        _ id: String,
        kind: VerificationRecord.Kind,
        context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationRecord
    func records(
        _ query: RecordQuery,
        context: Verification.RequestContext
    ) async throws(ServiceError) -> [VerificationRecord]
    func delete(_ id: String, context: Verification.RequestContext) async throws(ServiceError)
    /// Puts a refusal of the router on the audit trail.
    func recordRefusal(_ error: ServiceError, context: Verification.RequestContext) async throws(ServiceError)
}

extension VerificationService: VerificationUseCases {}

/// What the API asks of the keeper of the lists.
package protocol ListAdministration: Sendable {
    /// The lists in force now.
    var current: RevocationListSet { get }
    func statuses() async -> [SourceStatus]
    func refreshSource(_ id: String, by cause: UpdateCause) async throws(RevocationUpdater.UpdateError) -> SourceOutcome
    func refreshAllSources(by cause: UpdateCause) async -> [SourceOutcome]
    /// Octets of the largest list that may be imported.
    func largestImport(to sourceID: String?) async throws(RevocationUpdater.UpdateError) -> Int
    func importList(
        _ list: FetchedList,
        to sourceID: String?,
        by cause: UpdateCause
    ) async throws(RevocationUpdater.UpdateError) -> ListImport
    /// The lists that wait for two operators.
    func pendingLists() async throws(ListStoreError) -> [PendingList]
    func octets(ofPending list: PendingList) async throws(ListStoreError) -> StoredOctets
    func accept(
        _ id: String,
        _ reason: AcceptanceReason,
        by cause: UpdateCause
    ) async throws(AcceptanceRefusal) -> ListAcceptance
}

/// What the API asks of the archive.
package protocol ArchiveAdministration: Sendable {
    /// The lists of a source that were in force before, the latest first.
    func archived(ofSource sourceID: String) async throws(ListStoreError) -> [ArchivedListEntry]
    /// Nil when none of this id is kept, or it cannot be read.
    func archivedList(_ id: String) async -> ArchivedList?
}

extension ListArchiveReader: ArchiveAdministration {}

extension RevocationUpdater: ListAdministration {
    package nonisolated var current: RevocationListSet { holder.current }

    package func statuses() async -> [SourceStatus] { sourceStatuses }

    package func refreshSource(_ id: String, by cause: UpdateCause) async throws(UpdateError) -> SourceOutcome {
        try await refresh(id, by: cause)
    }

    package func refreshAllSources(by cause: UpdateCause) async -> [SourceOutcome] { await refreshAll(by: cause) }
}
