package import PKIX

/// The state machine. Each event is refused, or makes one new version.
extension CounterApplication {
    package func applying(
        _ event: CounterEvent,
        at time: ValidationTime
    ) throws(CounterRefusal) -> CounterTransition {
        var change = CounterChangeInProgress(self, at: time)
        try change.apply(event)
        return change.finished()
    }
}

/// One application while an event is applied to it.
struct CounterChangeInProgress {
    private(set) var former: CounterApplication
    var application: CounterApplication
    let time: ValidationTime
    private(set) var sheets: [SheetMovement] = []

    init(_ application: CounterApplication, at time: ValidationTime) {
        (former, self.application) = (application, application)
        // Time that runs backwards must not undo a deadline.
        self.time = max(time, application.changedAt)
    }

    mutating func apply(_ event: CounterEvent) throws(CounterRefusal) {
        switch event {
        case .identified(let applicant): try identify(applicant)
        case .notIdentified(let refusal):
            try require(.open)
            try begin(Voiding(reason: .notIdentified, at: time, identification: refusal))
        case .submitted(let order, let preparation, let plans): try submit(order, preparation, plans)
        case .voidRequested(let reason, let actor): try void(reason, by: actor)
        case .issueSending, .issueNotSent, .issueNotReceived, .issueUndecided, .issueAccepted, .issueRefused,
            .issueMismatched, .issueCancelled, .issueCancelFailed, .issueCancelGivenUp:
            try applyIssuing(event)
        case .rendered, .renderingFailed, .holding, .held, .notHeld, .holdUndecided, .releasing, .released,
            .releaseUndecided, .observed, .withdrawn, .withdrawalFailed:
            try applyPrinting(event)
        case .feeTaken, .feeReduced, .handedOver, .blocked, .cleared, .reprinted, .receiptRenewed,
            .cancelEnded:
            try applyStaff(event)
        case .timePassed: try passTime()
        case .serviceEnded: try endService()
        case .documentsDeleted, .deletionFailed, .wiped: try applyKeeping(event)
        }
    }

    func finished() -> CounterTransition {
        var application = application
        application.version = former.version + 1
        application.changedAt = time
        return CounterTransition(application: application, sheets: sheets)
    }

    func require(_ states: CounterApplication.State...) throws(CounterRefusal) {
        guard states.contains(application.state) else { throw .wrongState }
    }

    mutating func succeed() { application.retry = nil }

    /// An issuer's word alone can wait once no data of the person are left.
    mutating func fail() {
        let isUrgent = application.voiding?.wipedAt == nil || application.papers.contains(where: \.mayHaveJob)
        application.retry = Retry(after: application.retry, at: time, most: isUrgent ? 30 : 3_600)
    }

    // MARK: Papers

    func index(_ kind: PaperKind) throws(CounterRefusal) -> Int {
        guard let index = application.papers.firstIndex(where: { $0.kind == kind }) else { throw .invalidEvent }
        return index
    }

    /// Notes sheets of a paper, in it and in the 受払簿.
    mutating func move(_ index: Int, used: Int, spoilt: Int) {
        guard used != 0 || spoilt != 0, application.papers.indices.contains(index) else { return }
        application.papers[index].usedSheets += used
        application.papers[index].spoiltSheets += spoilt
        let paper = application.papers[index]
        guard paper.stock == .secure else { return }
        sheets.append(
            SheetMovement(printer: paper.target.printer, tray: paper.target.tray, used: used, spoilt: spoilt))
    }

    // MARK: The resident

    private func requireInTime() throws(CounterRefusal) {
        guard time.seconds(since: application.changedAt) <= application.idleSeconds else { throw .expired }
    }

    private mutating func identify(_ applicant: Applicant) throws(CounterRefusal) {
        try require(.open)
        try requireInTime()
        guard (1...64).contains(applicant.resident.residentID.utf8.count) else { throw .invalidEvent }
        application.applicant = applicant
        application.state = .identified
        application.milestones.identifiedAt = time
    }

    private mutating func submit(
        _ order: AcceptedOrder,
        _ preparation: IssuePreparation,
        _ plans: [PaperPlan]
    ) throws(CounterRefusal) {
        try require(.identified)
        try requireInTime()
        let kinds = plans.map(\.kind)
        guard Set(kinds).count == kinds.count, kinds.contains(.receiptSlip), kinds.contains(.certifiedCopy),
            Set(plans.map(\.token)).count == plans.count, preparation.nonce.count == 32,
            plans.allSatisfy({ $0.copies == ($0.kind == .certifiedCopy ? order.order.copies : 1) })
        else { throw .invalidEvent }
        application.order = order
        application.issue = IssueProgress(preparation)
        application.papers = plans.map(Paper.init)
        application.fee = Fee(order.claim?.unreduced ?? order.fee)
        application.state = .applied
        application.milestones.submittedAt = time
    }

    // MARK: Time

    private mutating func passTime() throws(CounterRefusal) {
        guard let deadline = application.deadline, time > deadline else { throw .wrongState }
        try void(.timedOut, by: .platform)
    }
}
