internal import Organizations

/// What staff do.
extension CounterChangeInProgress {
    mutating func applyStaff(_ event: CounterEvent) throws(CounterRefusal) {
        switch event {
        case .feeTaken(let staff): try settleFee(by: staff)
        case .feeReduced(let quote, let staff):
            guard quote.exemption != nil, (0...FeeQuote.mostTotal).contains(quote.total) else { throw .invalidEvent }
            try settleFee(quote, by: staff)
        case .handedOver(let receipt, let copy, let staff): try handOver(receipt, copy, by: staff)
        case .blocked(let reason, let other, let staff):
            try require(staff, .counterClerk)
            guard application.state == .printing || application.state == .ready else { throw .wrongState }
            application.blocks.append(Block(reason: reason, at: time, staff: staff.id, other: other))
            // Enough to be told of; a clerk who tries again and again must not grow it without end.
            application.blocks = Array(application.blocks.suffix(20))
        case .cleared(let staff):
            try require(staff, .supervisor)
            guard !application.blocks.isEmpty else { throw .wrongState }
            application.blocks = []
        case .reprinted(let kind, let token, let sheets, let staff): try reprint(kind, token, sheets, by: staff)
        case .receiptRenewed(let token, let staff): try renewReceipt(token, by: staff)
        case .cancelEnded(let reason, let staff): try endCancelling(reason, by: staff)
        default: throw .invalidEvent
        }
    }

    /// A supervisor may do whatever a clerk may.
    func require(_ staff: StaffIdentity, _ role: StaffMember.Role) throws(CounterRefusal) {
        guard staff.municipality == application.municipality else { throw .notAllowed }
        if staff.roles.contains(.supervisor) || staff.roles.contains(role) { return }
        throw staff.roles.contains(.counterClerk) ? .supervisorNeeded : .notAllowed
    }

    private mutating func settleFee(_ quote: FeeQuote? = nil, by staff: StaffIdentity) throws(CounterRefusal) {
        try require(staff, .counterClerk)
        try require(.ready)
        guard application.blocks.isEmpty else { throw .blocked }
        guard var fee = application.fee, fee.state == .due else { throw .wrongState }
        if let quote { (fee.amount, fee.exemption) = (quote.total, quote.exemption) }
        fee.state = fee.amount == 0 ? .exempt : .paid
        fee.takenBy = staff.id
        fee.takenAt = fee.state == .paid ? time : nil
        application.fee = fee
    }

    /// The rule of the hand-over: both codes are this application's, every paper has come out, nothing is blocked, the
    /// fee is settled; once.
    private mutating func handOver(
        _ receipt: ReceptionNumber,
        _ copy: ControlNumber,
        by staff: StaffIdentity
    ) throws(CounterRefusal) {
        try require(staff, .counterClerk)
        try require(.ready)
        guard application.blocks.isEmpty else { throw .blocked }
        guard receipt == application.receptionNumber, copy == application.issue?.controlNumber else {
            throw .crossedPapers
        }
        guard application.papers.allSatisfy({ $0.stage == .completed }) else { throw .wrongState }
        guard application.fee?.isSettled == true else { throw .feeDue }
        application.state = .handedOver
        application.handedOverBy = staff.id
        application.milestones.finishedAt = time
        succeed()
    }

    /// Prints one paper anew, under a token of its own. The former job has ended; its sheets are spoilt.
    private mutating func reprint(
        _ kind: PaperKind,
        _ token: String,
        _ sheets: Int?,
        by staff: StaffIdentity
    ) throws(CounterRefusal) {
        try require(staff, .supervisor)
        try require(.printing, .ready)
        guard application.blocks.isEmpty else { throw .blocked }
        let index = try index(kind)
        let paper = application.papers[index]
        guard paper.stage == .completed || paper.stage == .lost else { throw .wrongState }
        guard isNew(token), paper.reprints < 100,
            sheets.map({ (0...10_000).contains($0) }) ?? true
        else { throw .invalidEvent }
        if paper.stage == .completed {
            move(index, used: -paper.usedSheets, spoilt: sheets ?? paper.usedSheets)
        } else {
            move(index, used: 0, spoilt: (sheets ?? paper.sheetsOfAttempt) - paper.sheetsOfAttempt)
        }
        begin(index, token: token)
    }

    /// Once for one reduction: afterwards it states what was taken. Not for a 領収書 of nothing.
    private mutating func renewReceipt(_ token: String, by staff: StaffIdentity) throws(CounterRefusal) {
        try require(staff, .counterClerk)
        try require(.ready)
        guard application.blocks.isEmpty else { throw .blocked }
        guard application.isReceiptRenewable, let fee = application.fee else { throw .wrongState }
        let index = try index(.feeReceipt)
        let paper = application.papers[index]
        guard isNew(token) else { throw .invalidEvent }
        move(index, used: -paper.usedSheets, spoilt: paper.usedSheets)
        application.papers[index].statedAmount = fee.amount
        (application.papers[index].digest, application.papers[index].pages) = (nil, nil)
        begin(index, token: token)
    }

    /// Never a token of a former printing either: by its token a job is found, and its release is this printing's.
    private func isNew(_ token: String) -> Bool {
        !token.isEmpty && !application.papers.contains { $0.token == token || $0.formerTokens.contains(token) }
    }

    /// Another printing of a paper whose former one has ended.
    private mutating func begin(_ index: Int, token: String) {
        let former = application.papers[index].token
        application.papers[index].formerTokens.append(former)
        application.papers[index].token = token
        // What could not be drawn is drawn again.
        application.papers[index].stage = application.papers[index].digest == nil ? .planned : .rendered
        (application.papers[index].job, application.papers[index].printer) = (nil, nil)
        application.papers[index].sheetsOfAttempt = 0
        application.papers[index].reprints += 1
        application.state = .printing
        succeed()
    }
}
