internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
internal import Verification
internal import WireFormat

/// One input while it arrives. Used by one task; ended by ``finish()`` or ``abandon()``.
package actor BatchReception {
    private let order: BatchService.Order
    private let policyID: String
    private let context: RequestContext
    private let service: BatchService
    private let jobID: String
    private let spool: any BatchSpool
    private let maximumLines: Int
    private let maximumOctets: Int64
    private var intake: LineIntake
    /// Nil for lines of JSON.
    private var rows: BatchCSVReader?
    private var receivedOctets: Int64 = 0
    private var keptOctets: Int64 = 0

    init(
        _ order: BatchService.Order,
        policyID: String,
        context: RequestContext,
        service: BatchService
    ) throws(BatchError) {
        self.order = order
        self.policyID = policyID
        self.context = context
        self.service = service
        let settings = service.settings
        (maximumLines, maximumOctets) = (settings.maximumLines, settings.maximumInput)
        let longest = settings.maximumLine(order.kind)
        intake = LineIntake(longestLine: longest)
        rows = order.format == .csv ? BatchCSVReader(columns: order.kind.columns, longestLine: longest) : nil
        jobID = service.engine.identifiers.next(order.kind.prefix)
        do throws(BatchFileError) { spool = try service.ports.files.spool(jobID) } catch { throw .serviceNotReady }
    }

    /// Takes what has arrived. It is on its way to the disk on return.
    ///
    /// - Throws: ``BatchError/tooLarge``, as soon as that is known.
    package func append(_ octets: [UInt8]) async throws(BatchError) {
        receivedOctets += Int64(octets.count)
        let kept = intake.take(octets)
        guard lines <= maximumLines, receivedOctets <= maximumOctets else { throw .tooLarge }
        try write(kept)
    }

    /// Lines of items so far; the header of CSV is none.
    private var lines: Int { rows == nil ? intake.lines : max(intake.lines - 1, 0) }

    /// Makes the input durable, then the job.
    package func finish() async throws(BatchError) -> (job: BatchService.Snapshot, isReplayed: Bool) {
        try write(intake.finish())
        guard lines <= maximumLines else { throw .tooLarge }
        guard lines > 0 else { throw .empty }
        let key = idempotency()
        if let earlier = try await replayed(key) { return (await service.snapshot(earlier), true) }
        do throws(BatchFileError) { try spool.publish() } catch { throw .serviceNotReady }
        let requester = context.requester
        let now = service.ports.clock.reading().now
        let job = BatchJob(
            id: jobID, kind: order.kind,
            origin: BatchJob.Origin(
                municipality: requester.municipality, environment: requester.environment, actor: requester.actor,
                site: requester.site, purpose: order.purpose, policyID: policyID, requestID: context.requestID,
                idempotency: key),
            createdAt: now,
            input: BatchInput(lines: lines, octets: keptOctets, format: order.format),
            expiresAt: now.advanced(bySeconds: service.settings.retentionSeconds))
        let creation: BatchCreation
        do throws(BatchError) {
            let event = service.event(.batchCreated, context, job: job)
            creation = try await service.stored { () async throws(StoreError) in
                try await service.ports.store.create(job, audit: event)
            }
        } catch {
            service.ports.files.remove(jobID)
            throw error
        }
        if case .replayed(let earlier) = creation {
            service.ports.files.remove(jobID)
            return (await service.snapshot(earlier), true)
        }
        await service.engine.synchronize()
        return (BatchService.Snapshot(job: job, remainingSeconds: nil), false)
    }

    /// Deletes what has arrived.
    package func abandon() { spool.discard() }

    private func write(_ octets: [UInt8]) throws(BatchError) {
        var octets = octets
        do throws(BatchCSVReader.Fault) { octets = try rows?.take(octets) ?? octets } catch { throw .invalidHeader }
        guard !octets.isEmpty else { return }
        keptOctets += Int64(octets.count)
        do throws(BatchFileError) { try spool.append(octets) } catch { throw .serviceNotReady }
    }

    private func replayed(_ key: IdempotencyKey?) async throws(BatchError) -> BatchJob? {
        guard let key else { return nil }
        let requester = context.requester
        let earlier = try await service.stored { () async throws(StoreError) in
            try await service.ports.store.jobMade(by: key, of: requester.municipality, actor: requester.actor)
        }
        if earlier != nil { spool.discard() }
        return earlier
    }

    /// The key with a digest over everything that makes this request this one.
    private func idempotency() -> IdempotencyKey? {
        guard let key = order.idempotencyKey else { return nil }
        let parts = [order.kind.rawValue, order.format.rawValue, order.purpose, policyID]
        let head = Array(parts.joined(separator: "\n").utf8)
        return IdempotencyKey(key: key, requestDigest: HashAlgorithm.sha256.digest(of: head + [0] + spool.digest()))
    }
}

extension BatchKind {
    /// Columns of its lines as CSV.
    var columns: [String] {
        switch self {
        case .status: BatchCSVReader.statusColumns
        case .verification: BatchCSVReader.verificationColumns
        }
    }

    var prefix: IdentifierSource.Prefix {
        switch self {
        case .status: .statusBatch
        case .verification: .verificationBatch
        }
    }
}
