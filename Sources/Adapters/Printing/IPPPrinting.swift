package import CounterApplications
package import CounterService
package import OutgoingHTTP
internal import Synchronization

/// Queues of CUPS over IPP: the octets go as they are, held until they are released.
///
/// Nothing of an application is in a job but its octets and a random token: the user's name is the same for all, the
/// job's name is the token.
package struct IPPPrinting: PaperPrinter {
    package struct Limits: Hashable, Sendable {
        /// Until a queue has taken a whole document.
        package var hold: Duration = .seconds(30)
        /// For every other question.
        package var ask: Duration = .seconds(10)
        /// Jobs of one answer when one is looked for; what a queue remembers may be more than fits into one.
        package var jobsAtOnce: Int32 = 1_000

        package init() {}
    }

    let clients: [String: IPPClient]
    let limits: Limits
    /// Printers that are known to keep held jobs.
    private let holding = KnownPrinters()

    /// - Parameters:
    ///   - queues: by the id of the printer in the configuration.
    ///   - http: with the trust of the configuration, for queues with `ipps`.
    ///   - userName: `requesting-user-name` of every job; no person's.
    package init(
        queues: [String: PrintQueue], http: OutgoingHTTPClient, userName: String = "akashi", limits: Limits = Limits()
    ) {
        clients = queues.mapValues { IPPClient(http: http, queue: $0, userName: userName) }
        self.limits = limits
    }

    package func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        guard let client = clients[target.printer] else { return .rejected("no_such_printer") }
        do throws(IPPClient.Failure) {
            try await requireHolding(client, target.printer)
            let answer = try await client.send(
                .printJob,
                [
                    IPPAttribute("job-name", .name(token)),
                    IPPAttribute("document-format", .mediaType("application/pdf")),
                ], job: JobTemplate.attributes(target, copies: copies), document: octets, within: limits.hold)
            guard let id = answer.value("job-id", in: .job)?.number else { return .unknown("no_job_id") }
            let job = PrintJobReference(printer: target.printer, jobID: id, token: token)
            // 4 is pending-held. A queue that does not hold would print what nobody released.
            guard answer.value("job-state", in: .job)?.number == 4 else {
                _ = await cancel(job)
                return .unknown("not_held")
            }
            return .held(job)
        } catch {
            switch error {
            case .refused(let reason): return .rejected(reason)
            case .unknown(let reason): return .unknown(reason)
            }
        }
    }

    package func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        let outcome = await act(.releaseJob, on: job)
        guard outcome == .rejected("not-possible") else { return outcome }
        // Not held any more: released before, or ended.
        let state = await state(of: job)
        switch state.phase {
        case .pending, .printing, .stopped, .completed: return .done
        case .held, .cancelled, .aborted, .gone: return outcome
        case .unknown: return .unknown(state.reasons.first ?? "unknown")
        }
    }

    package func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { await act(.cancelJob, on: job) }

    package func state(of job: PrintJobReference) async -> PrintJobState {
        guard let client = clients[job.printer] else { return PrintJobState(.unknown, reasons: ["no_such_printer"]) }
        do throws(IPPClient.Failure) {
            let found = try await attributes(of: job, client)
            return PrinterReport(job: found, printer: try? await printer(client)).state
        } catch {
            switch error {
            case .refused(let reason):
                return PrintJobState(IPPStatus.saysGone(reason) ? .gone : .unknown, reasons: [reason])
            case .unknown(let reason): return PrintJobState(.unknown, reasons: [reason])
            }
        }
    }

    /// What the queue says of a job; of one with another title that there is none.
    private func attributes(of job: PrintJobReference, _ client: IPPClient) async throws(IPPClient.Failure)
        -> IPPMessage
    {
        let answer = try await client.send(
            .getJobAttributes,
            [
                IPPAttribute("job-id", .integer(Int32(clamping: job.jobID))),
                IPPAttribute(
                    "requested-attributes", .keyword("job-name"), .keyword("job-state"), .keyword("job-state-reasons"),
                    .keyword("job-media-sheets-completed")),
            ], within: limits.ask)
        guard let token = job.token else { return answer }
        guard let name = answer.value("job-name", in: .job)?.text else { throw .unknown("names_hidden") }
        guard name == token else { throw .refused(IPPStatus.notFoundName) }
        return answer
    }

    /// What the printer says of itself: state reasons without severities; nil when it cannot be asked.
    package func reasons(of printer: String) async -> [String]? {
        guard let client = clients[printer], let answer = try? await self.printer(client) else { return nil }
        let pending = IPPMessage(
            code: 0, requestID: 1,
            groups: [
                IPPGroup(kind: .job, attributes: [IPPAttribute("job-state", .enumeration(3))])
            ])
        return PrinterReport(job: pending, printer: answer).state.reasons
    }

    private func printer(_ client: IPPClient) async throws(IPPClient.Failure) -> IPPMessage {
        try await client.send(
            .getPrinterAttributes,
            [
                IPPAttribute(
                    "requested-attributes", .keyword("printer-state"), .keyword("printer-state-reasons"),
                    .keyword("job-hold-until-supported"))
            ], within: limits.ask)
    }

    private func requireHolding(_ client: IPPClient, _ id: String) async throws(IPPClient.Failure) {
        guard !holding.contains(id) else { return }
        do throws(IPPClient.Failure) {
            let words = try await printer(client).values("job-hold-until-supported", in: .printer).compactMap(\.text)
            guard words.contains("indefinite") else { throw .refused("held_jobs_unsupported") }
        } catch {
            // Nothing was sent yet: there is certainly no job.
            switch error {
            case .refused(let reason), .unknown(let reason): throw .refused(reason)
            }
        }
        holding.insert(id)
    }

    /// The number alone could be another job's by now: the title is looked at just before.
    private func act(_ operation: IPPOperation, on job: PrintJobReference) async -> ReleaseOutcome {
        guard let client = clients[job.printer] else { return .rejected("no_such_printer") }
        do throws(IPPClient.Failure) {
            if job.token != nil { _ = try await attributes(of: job, client) }
            _ = try await client.send(
                operation, [IPPAttribute("job-id", .integer(Int32(clamping: job.jobID)))], within: limits.ask)
            return .done
        } catch {
            switch error {
            case .refused(let reason): return .rejected(reason)
            case .unknown(let reason): return .unknown(reason)
            }
        }
    }
}

/// Ids of printers, remembered.
private final class KnownPrinters: Sendable {
    private let ids = Mutex<Set<String>>([])

    func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }
    func insert(_ id: String) { ids.withLock { _ = $0.insert(id) } }
}
