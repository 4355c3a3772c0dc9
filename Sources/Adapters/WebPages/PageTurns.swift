internal import TerminalSession

/// One person after another at a page that asks: whose turn it is, and the answer that is waited for. Part of the state
/// of a flow, which is an actor.
struct PageTurns<Answer: Sendable> {
    /// Counts beginnings and endings: whatever comes for an earlier one is dropped.
    private(set) var round = 0
    private var running: Task<Void, Never>?
    private var waiting: CheckedContinuation<Answer?, Never>?

    /// The next person's turn. The one before must have been ended.
    ///
    /// - Parameter run: the way through the pages in the round that it is given.
    mutating func begin(_ run: (Int) -> Task<Void, Never>) {
        round += 1
        running = run(round)
    }

    /// Nobody's turn: what runs is cancelled, and what waits for an answer gets none.
    mutating func end() {
        round += 1
        running?.cancel()
        running = nil
        waiting?.resume(returning: nil)
        waiting = nil
    }

    mutating func wait(_ continuation: CheckedContinuation<Answer?, Never>) { waiting = continuation }

    /// False when nothing was asked.
    mutating func take(_ answer: Answer) -> Bool {
        guard let waiting else { return false }
        self.waiting = nil
        waiting.resume(returning: answer)
        return true
    }

    func isCurrent(_ round: Int) -> Bool { round == self.round && !Task.isCancelled }
}

/// Why a person's way through the pages does not go on.
enum PageEnd: Error {
    /// Wiped, or begun anew.
    case left
    /// With the platform's own sentence for staff, where it gave one.
    case atTheWindow(code: String, staff: String? = nil)
    case lineDown
    /// The page already shows why.
    case shown

    init(_ failure: GatewayFailure) {
        switch failure {
        case .unreachable: self = .lineDown
        case .refused(let code, let messages): self = .atTheWindow(code: code, staff: messages["staff_ja"])
        case .credentials, .notThePlatform: self = .atTheWindow(code: failure.code)
        }
    }
}
