/// Papers, from their octets to the sheets in the tray.
extension CounterChangeInProgress {
    mutating func applyPrinting(_ event: CounterEvent) throws(CounterRefusal) {
        switch event {
        case .rendered(let papers): try take(papers)
        case .renderingFailed:
            try require(.issued, .printing)
            let planned = application.papers.indices.filter { application.papers[$0].stage == .planned }
            guard !planned.isEmpty else { throw .wrongState }
            // Papers that have come out stay as they are: the one that could not be drawn is a supervisor's.
            if application.state == .printing { return planned.forEach { application.papers[$0].stage = .lost } }
            try begin(Voiding(reason: .renderingFailed, at: time))
        case .holding(let kind): try step(kind, from: .rendered, to: .holding, in: .issued, .printing)
        case .held(let kind, let job):
            try step(kind, from: .holding, to: .held, in: .issued, .printing)
            guard job.printer == application.paper(kind)?.target.printer else { throw .invalidEvent }
            application.papers[try index(kind)].job = job
            succeed()
        case .notHeld(let kind):
            try step(kind, from: .holding, to: .rendered, in: .issued, .printing)
            fail()
        case .holdUndecided(let kind):
            try step(kind, from: .holding, to: .holding, in: .issued, .printing)
            fail()
        case .releasing: try beginReleasing()
        case .released(let kind):
            try step(kind, from: .releasing, to: .released, in: .printing)
            succeed()
        case .releaseUndecided(let kind):
            try step(kind, from: .releasing, to: .releasing, in: .printing)
            fail()
        case .observed(let kind, let state): try observe(kind, state)
        case .withdrawn(let kind, let sheets): try withdraw(kind, sheets: sheets)
        case .withdrawalFailed(let kind):
            try require(.voiding)
            guard application.papers[try index(kind)].mayHaveJob else { throw .wrongState }
            fail()
        default: throw .invalidEvent
        }
    }

    private mutating func step(
        _ kind: PaperKind,
        from former: Paper.Stage,
        to stage: Paper.Stage,
        in states: CounterApplication.State...
    ) throws(CounterRefusal) {
        guard states.contains(application.state) else { throw .wrongState }
        let index = try index(kind)
        guard application.papers[index].stage == former else { throw .wrongState }
        application.papers[index].stage = stage
    }

    /// The octets of every planned paper at once. The certificate's are those that the issuer's answer was judged by.
    private mutating func take(_ rendered: [RenderedPaper]) throws(CounterRefusal) {
        try require(.issued, .printing)
        let planned = application.papers.filter { $0.stage == .planned }.map(\.kind)
        guard !planned.isEmpty else { throw .wrongState }
        guard rendered.map(\.kind).count == planned.count, Set(rendered.map(\.kind)) == Set(planned) else {
            throw .invalidEvent
        }
        for paper in rendered {
            guard paper.digest.count == 32, paper.pages > 0 else { throw .invalidEvent }
            if paper.kind == .certifiedCopy {
                guard paper.digest == application.issue?.pdfDigest, paper.pages == application.issue?.pages else {
                    throw .invalidEvent
                }
            }
            let index = try index(paper.kind)
            application.papers[index].digest = paper.digest
            application.papers[index].pages = paper.pages
            application.papers[index].stage = .rendered
        }
        succeed()
    }

    /// All or none: the first time every paper is held, later every paper that is printed anew.
    private mutating func beginReleasing() throws(CounterRefusal) {
        try require(.issued, .printing)
        let held = application.papers.indices.filter { application.papers[$0].stage == .held }
        if application.state == .issued {
            guard !held.isEmpty, held.count == application.papers.count else { throw .wrongState }
            application.state = .printing
            application.milestones.releasedAt = time
        }
        guard !held.isEmpty else { throw .wrongState }
        for index in held { application.papers[index].stage = .releasing }
        succeed()
    }

    private mutating func observe(_ kind: PaperKind, _ state: PrintJobState) throws(CounterRefusal) {
        try require(.printing)
        let index = try index(kind)
        guard application.papers[index].stage == .released else { throw .wrongState }
        // A queue that has forgotten the job says nothing of its sheets: what was known stays known.
        let sheets = state.phase == .gone ? application.papers[index].printer?.sheets : state.sheets
        let reported = max(0, min(sheets ?? 0, 10_000))
        application.papers[index].printer = PrintJobState(state.phase, sheets: sheets, reasons: state.reasons)
        switch state.phase {
        case .held: application.papers[index].stage = .releasing
        case .pending, .printing, .stopped, .unknown: break
        case .completed:
            application.papers[index].stage = .completed
            // CUPS halves the sides of a duplex job and drops what is left over: five sides are two sheets to it. A job
            // that is completed took its whole paper, and more where something was pulled out on the way.
            move(index, used: max(reported, application.papers[index].expectedSheets), spoilt: 0)
        case .cancelled, .aborted, .gone:
            application.papers[index].stage = .lost
            application.papers[index].sheetsOfAttempt = reported
            move(index, used: 0, spoilt: reported)
        }
        succeed()
        if application.papers.allSatisfy({ $0.stage == .completed }) {
            application.state = .ready
            application.milestones.readyAt = time
        }
    }

    private mutating func withdraw(_ kind: PaperKind, sheets: Int) throws(CounterRefusal) {
        try require(.voiding)
        let index = try index(kind)
        guard application.papers[index].mayHaveJob, (0...10_000).contains(sheets) else { throw .wrongState }
        application.papers[index].stage = .withdrawn
        move(index, used: 0, spoilt: sheets)
        succeed()
        finishVoiding()
    }
}
