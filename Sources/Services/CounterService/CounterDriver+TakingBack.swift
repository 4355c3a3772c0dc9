internal import CounterApplications
internal import Logging

/// Papers of what was voided or has ended: no job of them is left, and every sheet is accounted for.
extension CounterDriver {
    /// So often a queue that is away is waited for before what it may hold of an ended application is left to
    /// ``SpoolSweep``: about ten minutes.
    private static let patience = 25

    func withdraw(_ kinds: [PaperKind], _ work: Work) async -> Step {
        var events: [CounterEvent] = []
        for kind in kinds { events.append(await withdrawal(of: kind, work)) }
        if work.application.retry == nil, events.contains(where: \.isFailedWithdrawal) { await forgetDocuments(work) }
        return await record(events, work)
    }

    func withdrawal(of kind: PaperKind, _ work: Work) async -> CounterEvent {
        guard let paper = work.application.paper(kind) else { return .withdrawalFailed(kind) }
        var jobs: [PrintJobReference] = paper.job.map { [$0] } ?? []
        switch await ports.printer.find(token: paper.token, at: paper.target) {
        case .unknown: return .withdrawalFailed(kind)
        case .noSuchPrinter: return abandoned(paper, work)
        case .notFound: break
        case .found(let found): jobs += found.filter { $0.jobID != paper.job?.jobID }
        }
        var sheets = 0
        for job in jobs {
            guard let came = await cancelled(job, of: paper) else { return .withdrawalFailed(kind) }
            sheets += came
        }
        return .withdrawn(kind, sheets: min(sheets, 10_000))
    }

    /// How many sheets of the job had come out; nil when it may still print. Only what the queue says of the job counts:
    /// a cancel that it refused may have met a job that had printed.
    private func cancelled(_ job: PrintJobReference, of paper: Paper) async -> Int? {
        _ = await ports.printer.cancel(job)
        let state = await ports.printer.state(of: job)
        switch state.phase {
        case .completed: return max(state.sheets ?? 0, paper.expectedSheets)
        case .cancelled, .aborted: return max(0, state.sheets ?? 0)
        case .gone: return paper.sheetsSeen
        case .held, .pending, .printing, .stopped, .unknown: return nil
        }
    }

    /// A printer that the configuration has no more cannot be asked by anybody.
    private func abandoned(_ paper: Paper, _ work: Work) -> CounterEvent {
        CounterMetrics.alarm("printer_removed", of: work.application.municipality)
        logger.critical(
            "counter: a printer with a job under way is not in the configuration; its sheets are to be counted by hand",
            metadata: [
                "printer": .string(paper.target.printer), "application": .string(work.application.id.rawValue),
                "paper": .string(paper.kind.rawValue),
            ])
        return .withdrawn(paper.kind, sheets: paper.sheetsSeen)
    }

    /// Deletes what was drawn, and every job that is left of any printing.
    func deleteDocuments(_ work: Work) async -> Step {
        let application = work.application
        // First: whoever else is away, what lies here goes in time.
        guard await forgetDocuments(work) else { return await record([.deletionFailed], work) }
        let isImpatient = (application.retry?.failures ?? 0) >= CounterDriver.patience
        guard await hasNoJobs(application) || isImpatient else { return await record([.deletionFailed], work) }
        return await record([.documentsDeleted], work)
    }

    /// The retention of something void is over while issuer or printer still owe an answer: what tells of the person goes,
    /// and codes are left to go on asking with. Nothing is put into the store for what is void, so nothing comes after.
    func wipeUnfinished(_ work: Work) async -> Step {
        guard await forgetDocuments(work) else { return .failed }
        return await record([.wiped], work)
    }

    /// False when the store does not answer.
    @discardableResult
    func forgetDocuments(_ work: Work) async -> Bool {
        let application = work.application
        do throws(CounterStoreError) {
            try await ports.store.deleteDocuments(of: application.id, municipality: application.municipality)
            return true
        } catch {
            return false
        }
    }

    /// False when a queue could not be asked.
    private func hasNoJobs(_ application: CounterApplication) async -> Bool {
        var isSure = true
        for paper in application.papers {
            for token in [paper.token] + paper.formerTokens {
                switch await ports.printer.find(token: token, at: paper.target) {
                case .unknown: isSure = false
                case .notFound, .noSuchPrinter: continue
                case .found(let jobs): for job in jobs { _ = await ports.printer.cancel(job) }
                }
            }
        }
        return isSure
    }
}

extension CounterEvent {
    fileprivate var isFailedWithdrawal: Bool { if case .withdrawalFailed = self { true } else { false } }
}

extension Paper {
    /// Sheets of the present printing of which the printer told before it could not be asked any more.
    fileprivate var sheetsSeen: Int { max(0, min(printer?.sheets ?? 0, 10_000)) }
}
