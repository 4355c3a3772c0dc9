internal import Organizations

/// Records read back and deleted. Another municipality's record looks like none.
extension VerificationService {
    /// One record; reading it is itself on the audit trail.
    package func record(
        _ id: String,
        kind: VerificationRecord.Kind,
        context: RequestContext
    ) async throws(ServiceError) -> VerificationRecord {
        try requireScope(kind.scope, of: context)
        var found: VerificationRecord?
        do throws(StoreError) {
            found = try await ports.store.record(id, of: context.requester.municipality)
        } catch {
            throw ServiceError(error)
        }
        guard let record = found, record.kind == kind else { throw .notFound }
        try await append(.verificationRead, context: context, subject: id)
        return record
    }

    /// One page of the municipality's own records, newest first.
    package func records(_ query: RecordQuery, context: RequestContext) async throws(ServiceError)
        -> [VerificationRecord]
    {
        try requireScope(query.kind.scope, of: context)
        guard query.municipality == context.requester.municipality else { throw .notFound }
        do throws(StoreError) {
            return try await ports.store.records(query)
        } catch {
            throw ServiceError(error)
        }
    }

    /// Deletes one record; its audit events stay.
    package func delete(_ id: String, context: RequestContext) async throws(ServiceError) {
        try requireScope(.verify, of: context)
        let event = AuditEvent(
            kind: .verificationDeleted, occurredAt: ports.clock.reading().now, context: context, subject: id)
        var isDeleted = false
        do throws(StoreError) {
            isDeleted = try await ports.store.delete(id, of: context.requester.municipality, audit: event)
        } catch {
            throw ServiceError(error)
        }
        guard isDeleted else { throw .notFound }
    }

    private func requireScope(_ scope: Scope, of context: RequestContext) throws(ServiceError) {
        guard context.requester.scopes.contains(scope) else { throw .scopeMissing }
    }
}

extension VerificationRecord.Kind {
    fileprivate var scope: Scope {
        switch self {
        case .verification: .verify
        case .statusCheck: .status
        }
    }
}
