internal import JPKIProfile
internal import Logging
internal import Organizations
internal import PKIX
internal import SignatureValidation
internal import Verification

/// How jobs begin and end; nothing here waits for the engine.
extension BatchEngine {
    /// Pins what the job is judged by, or finds again what it was judged by, and puts it under way.
    nonisolated func prepare(_ stored: BatchJob) async {
        var job = stored
        let platform = verificationSettings()
        guard let procedure = platform.procedures[job.origin.policyID] else { return await fail(job, .policyRemoved) }
        var event: AuditEvent?
        var pinned: PinnedLists?
        if let basis = job.basis, basis.configurationDigest == platform.digest {
            pinned = await ports.lists.reopened(basis)
        }
        if pinned == nil, job.basis != nil {
            job.restarts += 1
            job.progress = BatchProgress()
            event = self.event(.batchRestarted, job, result: nil, at: ports.clock.reading().now)
            job.basis = nil
        }
        let lists = pinned ?? ports.lists.pinned()
        let reading = ports.clock.reading()
        let basis = job.basis ?? BatchBasis(lists, configuration: platform.digest, reading)
        do {
            guard try ports.files.inputSize(job.id) == job.input.octets else { throw BatchFileError.damaged }
        } catch {
            return await fail(job, .inputDamaged)
        }
        if (try? ports.files.truncateResult(job.id, to: job.progress.resultOctets)) == nil {
            // The result is shorter than what was made durable: its lines are answered again, to the same octets.
            job.progress = BatchProgress()
            guard (try? ports.files.truncateResult(job.id, to: 0)) != nil else {
                return await fail(job, .storageFailed)
            }
        }
        (job.state, job.basis, job.startedAt) = (.running, basis, job.startedAt ?? reading.now)
        let isHeld = try? await ports.store.update(job, from: stored.state, audit: event)
        guard isHeld == true else { return await giveUp(job.id) }
        await begin(job, work: work(for: job, basis, lists, procedure, platform))
    }

    private nonisolated func work(
        for job: BatchJob,
        _ basis: BatchBasis,
        _ lists: PinnedLists,
        _ procedure: Procedure,
        _ platform: VerificationSettings
    ) -> any BatchWork {
        switch job.kind {
        case .status:
            StatusBatchWork(
                trust: platform.trust, policy: procedure.revocation, lists: lists.provider, basis: basis,
                format: job.input.format, longestLine: settings.maximumLine(job.kind))
        case .verification:
            VerificationBatchWork(
                trust: platform.trust, procedure: procedure, lists: lists.provider,
                history: ports.lists.history(of: basis, lists), basis: basis, format: job.input.format,
                longestLine: settings.maximumLine(job.kind),
                sealed: ports.sealed.map {
                    SealedLineAnswering(
                        intake: $0, jobID: job.id, origin: job.origin,
                        time: ValidationTime(secondsSince1970: basis.judgedAt))
                })
        }
    }

    /// Every line is answered: makes the result durable, then says so.
    nonisolated func finish(_ finished: BatchJob) async {
        var job = finished
        do {
            try ports.files.synchronizeResult(job.id)
            guard try ports.files.resultSize(job.id) == job.progress.resultOctets else { throw BatchFileError.damaged }
            job.resultDigest = try ports.files.resultDigest(job.id)
        } catch {
            return await fail(job, .storageFailed)
        }
        guard job.progress.done == job.input.lines else { return await fail(job, .inputDamaged) }
        job.state = .succeeded
        await close(job)
    }

    nonisolated func fail(_ failed: BatchJob, _ failure: BatchFailure) async {
        var job = failed
        (job.state, job.failure) = (.failed, failure)
        logger.error("batch failed", metadata: ["job": "\(job.id)", "failure": "\(failure.rawValue)"])
        await close(job)
        await giveUp(job.id)
    }

    private nonisolated func close(_ closed: BatchJob) async {
        var job = closed
        let now = ports.clock.reading().now
        (job.finishedAt, job.expiresAt) = (now, now.advanced(bySeconds: settings.retentionSeconds))
        let event = event(.batchCompleted, job, result: job.state.rawValue, at: now)
        do throws(StoreError) {
            for state in [BatchJob.State.running, .queued] {
                guard try await ports.store.update(job, from: state, audit: event) else { continue }
                BatchMetrics.ended(job)
                if job.state == .succeeded { ports.files.removeInput(job.id) } else { ports.files.remove(job.id) }
                return
            }
        } catch {
            // It is still running in the store: the next synchronisation takes it up from its last checkpoint.
            logger.error("batch outcome not written", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    /// Codes, counts and digests; nothing of a line.
    nonisolated func event(
        _ kind: AuditEvent.Kind,
        _ job: BatchJob,
        result: String?,
        at time: ValidationTime
    ) -> AuditEvent {
        var details = job.auditDetails
        details["failure"] = job.failure?.rawValue
        details["restarts"] = job.restarts > 0 ? String(job.restarts) : nil
        return AuditEvent(
            kind: kind, occurredAt: time, environment: job.origin.environment, municipality: job.origin.municipality,
            actor: job.origin.actor, site: job.origin.site, requestID: job.origin.requestID, subject: job.id,
            purpose: job.origin.purpose, result: result, details: details)
    }
}

extension BatchJob {
    /// What the audit trail says of a job.
    package var auditDetails: [String: String] {
        var details = [
            "batch_kind": kind.rawValue, "lines": String(input.lines), "policy_id": origin.policyID,
        ]
        details["crl_set"] = basis?.listSetDigest
        details["configuration_digest"] = basis?.configurationDigest
        for (word, count) in progress.counts { details["count_\(word)"] = String(count) }
        return details
    }
}

extension BatchBasis {
    init(_ lists: PinnedLists, configuration: String, _ reading: ClockReading) {
        self.init(
            lists: lists.lists, listSetDigest: lists.digest, missingSources: lists.missingSources,
            configurationDigest: configuration, judgedAt: reading.now.secondsSince1970,
            isClockTrusted: reading.trust == .trusted)
    }
}
