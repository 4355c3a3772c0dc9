internal import CounterApplications
internal import Logging
internal import Organizations
internal import Verification

/// The exchange with a municipality's issuer.
extension CounterDriver {
    func issue(_ work: Work) async -> Step {
        let municipality = work.application.municipality
        guard breaker.admits(municipality, at: ports.now) else {
            return await recordUnlessStopped([.issueSending, .issueNotSent], work)
        }
        var work = work
        let sending = await recordUnlessStopped([.issueSending], work)
        guard case .advanced(let application) = sending, application.state == .requested,
            let request = application.issueRequest
        else {
            breaker.note(.notTried, of: municipality, at: ports.now)
            return sending
        }
        work.application = application
        return await settle(await ports.issuer.issue(request, deadline: work.counter.issuerSeconds), request, work)
    }

    /// What became of a request that may have been sent.
    func askIssuer(_ work: Work) async -> Step {
        guard let request = work.application.issueRequest else { return .failed }
        guard breaker.admits(work.application.municipality, at: ports.now) else {
            return await record([.issueUndecided], work)
        }
        let exchange = await ports.issuer.outcome(
            of: request.requestID, municipality: request.municipality, deadline: work.counter.issuerSeconds)
        return await settle(exchange, request, work)
    }

    private func settle(_ exchange: IssueExchange, _ request: IssueRequest, _ work: Work) async -> Step {
        let hasFailed = exchange.hasFailed
        breaker.note(hasFailed ? .failed : .answered, of: request.municipality, at: ports.now)
        CounterMetrics.exchange(exchange.word, of: request.municipality)
        switch exchange {
        case .answered(let answer): return await take(answer, request, work)
        case .refused(let refusal): return await record([.issueRefused(refusal)], work)
        case .cancelled: return await record([.issueRefused(.requestNotAccepted)], work)
        case .pending, .unknownOutcome: return await record([.issueUndecided], work)
        case .neverReceived: return await record([.issueNotReceived], work)
        case .notSent: return await record([.issueNotSent], work)
        }
    }

    /// Judges an answer. One that does not belong to the request stops the municipality's issuing in the same
    /// transaction that voids the application.
    private func take(_ answer: IssueAnswer, _ request: IssueRequest, _ work: Work) async -> Step {
        let inspector = ports.inspector
        let names = work.application.expectedNames ?? .unknown
        let verdict = await ports.heavy { () -> IssueVerdict? in
            do throws(RenderingError) {
                return judge(answer, for: request, inspection: try inspector.inspect(answer.pdf), showing: names)
            } catch {
                return error.isLocal ? nil : judge(answer, for: request, inspection: nil, showing: names)
            }
        }
        switch verdict {
        case nil:
            CounterMetrics.alarm("reader_failed", of: request.municipality)
            logger.error("counter: a certificate could not be read on this machine; it is asked for again")
            return await record([.issueUndecided], work)
        case .accepted:
            do throws(CounterStoreError) {
                try await ports.store.putDocument(
                    answer.pdf, digest: answer.pdfDigest, of: request.application, municipality: request.municipality)
            } catch {
                return CounterDriver.step(after: error)
            }
            let copy = IssuedCopy(
                pdfDigest: answer.pdfDigest, pages: answer.pageCount, issuedAt: answer.issuedAt)
            return await recordUnlessStopped([.issueAccepted(copy)], work)
        case .mismatched(let mismatches): return await stop(mismatches, work)
        case .undetermined:
            CounterMetrics.alarm("name_not_confirmed", of: request.municipality)
            logger.error(
                "counter: a certificate does not show the applicant's name for certain; it is not printed",
                metadata: [
                    "municipality": .string(request.municipality.digits),
                    "application": .string(request.application.rawValue),
                ])
            return await record([.voidRequested(.nameNotConfirmed, by: .platform)], work)
        }
    }

    private func stop(_ mismatches: [IssueMismatch], _ work: Work) async -> Step {
        let (application, now) = (work.application, ports.now)
        let words = mismatches.map(\.rawValue).joined(separator: " ")
        let step = await record([.issueMismatched(mismatches)], work) { change in
            change.issuing = .stops(
                IssuingStop(
                    municipality: application.municipality, at: now, application: application.id,
                    mismatches: mismatches))
            change.audit.append(
                work.actor.event(
                    .counterIssuingStopped, application, at: now, result: "stopped", details: ["mismatches": words]))
        }
        guard case .advanced = step else { return step }
        CounterMetrics.alarm("issue_mismatch", of: application.municipality)
        CounterMetrics.stopped(1, of: application.municipality)
        logger.critical(
            "counter: an issuer's answer does not belong to its request; the municipality's issuing has stopped",
            metadata: [
                "municipality": .string(application.municipality.digits),
                "application": .string(application.id.rawValue), "mismatches": .string(words),
            ])
        return step
    }

    func cancelIssue(_ work: Work) async -> Step {
        guard let issue = work.application.issue else { return .failed }
        let exchange = await ports.issuer.cancel(
            issue.requestID, municipality: work.application.municipality, deadline: work.counter.issuerSeconds)
        switch exchange {
        case .cancelled: return await record([.issueCancelled], work)
        case .failed:
            // The printers must not wait for an issuer that is away.
            let kinds = work.application.actions.compactMap { action -> PaperKind? in
                if case .withdraw(let kind) = action { kind } else { nil }
            }
            var events: [CounterEvent] = []
            for kind in kinds { events.append(await withdrawal(of: kind, work)) }
            // Nor does what was drawn: it goes as if the issuer had answered.
            if work.application.retry == nil { await forgetDocuments(work) }
            return await record(events + [.issueCancelFailed], work)
        }
    }

    /// The issuer has not said for so long that nobody asks it any more. Its own books have to tell.
    func giveUpCancelling(_ work: Work) async -> Step {
        let step = await record([.issueCancelGivenUp], work)
        guard case .advanced = step else { return step }
        CounterMetrics.alarm("cancel_unanswered", of: work.application.municipality)
        logger.critical(
            "counter: an issuer never said whether a void certificate is cancelled there; it is not asked any more",
            metadata: [
                "municipality": .string(work.application.municipality.digits),
                "application": .string(work.application.id.rawValue),
            ])
        return step
    }
}

extension IssueExchange {
    fileprivate var hasFailed: Bool {
        switch self {
        case .unknownOutcome, .notSent: true
        case .answered, .refused, .pending, .neverReceived, .cancelled: false
        }
    }

    fileprivate var word: String {
        switch self {
        case .answered: "answered"
        case .refused: "refused"
        case .pending: "pending"
        case .neverReceived: "never_received"
        case .cancelled: "cancelled"
        case .unknownOutcome: "unknown"
        case .notSent: "not_sent"
        }
    }
}
