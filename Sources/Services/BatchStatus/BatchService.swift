internal import Organizations
internal import PKIX
package import Verification

/// Bulk jobs as their owners see them: made, watched, cancelled, read and deleted. Another municipality's job looks
/// like none.
package struct BatchService: Sendable {
    package let engine: BatchEngine

    package init(engine: BatchEngine) { self.engine = engine }

    var ports: BatchEngine.Ports { engine.ports }
    package var settings: BatchSettings { engine.settings }

    /// A job and, while it runs, the seconds that it will still take.
    package struct Snapshot: Sendable {
        package let job: BatchJob
        package let remainingSeconds: Int?
    }

    /// What a request to make a job says beside its lines.
    package struct Order: Hashable, Sendable {
        package let kind: BatchKind
        package let format: BatchFormat
        package let purpose: String
        /// Nil for the platform's default.
        package let policyID: String?
        /// The client's `Idempotency-Key`, as it came.
        package let idempotencyKey: String?

        package init(
            kind: BatchKind,
            format: BatchFormat,
            purpose: String,
            policyID: String?,
            idempotencyKey: String?
        ) {
            self.kind = kind
            self.format = format
            self.purpose = purpose
            self.policyID = policyID
            self.idempotencyKey = idempotencyKey
        }
    }

    /// Begins to receive the lines of a new job.
    package func receive(_ order: Order, context: RequestContext) async throws(BatchError) -> BatchReception {
        do throws(BatchError) {
            let requester = context.requester
            guard requester.scopes.contains(.batch) else { throw .scopeMissing }
            guard requester.purposes.contains(order.purpose) else { throw .purposeNotAllowed }
            let platform = engine.verificationSettings()
            let policyID = order.policyID ?? platform.defaultProcedureID
            guard platform.procedures[policyID] != nil else { throw .unknownPolicy }
            let unfinished = try await stored { () async throws(StoreError) in
                try await ports.store.unfinishedCount(of: requester.municipality)
            }
            guard unfinished < settings.maximumUnfinishedJobs else { throw .tooManyJobs }
            return try BatchReception(order, policyID: policyID, context: context, service: self)
        } catch {
            try await append(.requestRefused, context, purpose: order.purpose, result: error.rawValue)
            throw error
        }
    }

    /// One job.
    package func job(_ id: String, kind: BatchKind, context: RequestContext) async throws(BatchError) -> Snapshot {
        let job = try await own(id, kind, context)
        return await snapshot(job)
    }

    /// The municipality's own jobs, newest first.
    package func jobs(
        _ kind: BatchKind,
        limit: Int,
        after: String?,
        context: RequestContext
    ) async throws(BatchError) -> [Snapshot] {
        guard context.requester.scopes.contains(.batch) else { throw .scopeMissing }
        let municipality = context.requester.municipality
        let jobs = try await stored { () async throws(StoreError) in
            try await ports.store.jobs(kind, of: municipality, limit: limit, after: after)
        }
        var snapshots: [Snapshot] = []
        for job in jobs { snapshots.append(await snapshot(job)) }
        return snapshots
    }

    /// Ends a job that is not finished, and deletes its files. A finished one stays as it is.
    package func cancel(_ id: String, kind: BatchKind, context: RequestContext) async throws(BatchError) -> Snapshot {
        for _ in 0..<3 {
            var job = try await own(id, kind, context)
            guard !job.state.isFinal else { return await snapshot(job) }
            let expected = job.state
            let now = ports.clock.reading().now
            (job.state, job.finishedAt) = (.cancelled, now)
            job.expiresAt = now.advanced(bySeconds: settings.retentionSeconds)
            let changed = job
            let event = event(.batchCancelled, context, job: job)
            let isChanged = try await stored { () async throws(StoreError) in
                try await ports.store.update(changed, from: expected, audit: event)
            }
            guard isChanged else { continue }
            BatchMetrics.ended(changed)
            await engine.drop(id)
            ports.files.remove(id)
            return Snapshot(job: changed, remainingSeconds: nil)
        }
        throw .serviceNotReady
    }

    /// Deletes a job with its result; one that runs is ended by it.
    package func delete(_ id: String, kind: BatchKind, context: RequestContext) async throws(BatchError) {
        let job = try await own(id, kind, context)
        let event = event(.batchDeleted, context, job: job)
        let isDeleted = try await stored { () async throws(StoreError) in
            try await ports.store.deleteJob(id, of: job.origin.municipality, audit: event)
        }
        await engine.drop(id)
        ports.files.remove(id)
        guard isDeleted else { throw .notFound }
    }

    /// The result of a job that has succeeded; giving it out stands on the audit trail.
    package func result(_ id: String, kind: BatchKind, context: RequestContext) async throws(BatchError) -> BatchResult
    {
        let job = try await own(id, kind, context)
        guard job.state.isFinal else { throw .notFinished }
        guard job.state == .succeeded, let digest = job.resultDigest else { throw .noResult }
        let event = event(.batchRead, context, job: job)
        try await stored { () async throws(StoreError) in try await ports.store.append(event) }
        return BatchResult(job: job, digest: digest, files: ports.files)
    }

    private func own(_ id: String, _ kind: BatchKind, _ context: RequestContext) async throws(BatchError) -> BatchJob {
        guard context.requester.scopes.contains(.batch) else { throw .scopeMissing }
        let municipality = context.requester.municipality
        let job = try await stored { () async throws(StoreError) in
            try await ports.store.job(id, kind: kind, of: municipality)
        }
        guard let job else { throw .notFound }
        return job
    }

    func snapshot(_ stored: BatchJob) async -> Snapshot {
        guard stored.state == .running, let live = await engine.live(stored.id) else {
            return Snapshot(job: stored, remainingSeconds: nil)
        }
        var job = stored
        job.progress = live.progress
        return Snapshot(job: job, remainingSeconds: live.remainingSeconds)
    }
}

extension BatchService {
    func stored<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws(StoreError) -> Value
    ) async throws(BatchError) -> Value {
        do throws(StoreError) { return try await body() } catch { throw BatchError(error) }
    }

    func event(_ kind: AuditEvent.Kind, _ context: RequestContext, job: BatchJob) -> AuditEvent {
        let requester = context.requester
        return AuditEvent(
            kind: kind, occurredAt: ports.clock.reading().now, environment: requester.environment,
            municipality: requester.municipality, actor: requester.actor, site: requester.site,
            requestID: context.requestID, subject: job.id, purpose: job.origin.purpose, result: job.state.rawValue,
            details: job.auditDetails)
    }

    private func append(
        _ kind: AuditEvent.Kind,
        _ context: RequestContext,
        purpose: String,
        result: String
    ) async throws(BatchError) {
        let requester = context.requester
        let event = AuditEvent(
            kind: kind, occurredAt: ports.clock.reading().now, environment: requester.environment,
            municipality: requester.municipality, actor: requester.actor, site: requester.site,
            requestID: context.requestID, purpose: purpose, result: result)
        try await stored { () async throws(StoreError) in try await ports.store.append(event) }
    }
}
