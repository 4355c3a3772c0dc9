/// The two printers of a counter in the sandbox: their queues and the folders of what they print.
package enum SandboxPrinter: String, CaseIterable, Sendable {
    /// Beside the resident: 受付票.
    case slips
    /// Inside the counter: 証明書, 申請書 and 領収書.
    case counter
}

/// What a printer does, as its file `mode` says. It is looked at every 50 ms, in the middle of a job too.
package enum PrinterMode: Hashable, Sendable {
    case printing
    /// Says nothing is connected, and goes on when the mode is another.
    case offline
    /// Out of paper before the next sheet.
    case empty
    /// Jammed behind a sheet that has come out; with a number, behind that sheet of a paper that has more.
    case jam(behind: Int? = nil)
    /// The next job stops the queue and stays in it; `cupsenable` starts the queue again.
    case stop
    /// So many seconds for each sheet.
    case slow(seconds: Int)

    /// As it stands in the file.
    package var text: String {
        switch self {
        case .printing: "ok"
        case .offline: "offline"
        case .empty: "empty"
        case .jam(let sheet): "jam" + (sheet.map { " \($0)" } ?? "")
        case .stop: "stop"
        case .slow(let seconds): "slow \(seconds)"
        }
    }
}
