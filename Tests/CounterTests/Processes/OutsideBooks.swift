import CounterApplications
import CounterKit
import Organizations
import PKIX
import SignatureAlgorithms
import Synchronization

/// The issuers and the printers outside of the platform's processes, with books of their own: no kill of a process
/// touches them, and nothing in them comes from the platform's store.
final class OutsideBooks: Sendable {
    struct Job: Sendable {
        let printer: String
        let tray: String
        let token: String
        let octets: [UInt8]
        /// Sheets of one whole printing.
        let whole: Int
        var state = PrintJobState(.held)
        var releases = 0
        var printings = 0
        var sheets = 0
    }

    struct Books: Sendable {
        /// Answers by request id: what was issued, or that it was refused, once.
        var answers: [String: [String]] = [:]
        var cancelled: Set<String> = []
        var formerAnswer: [String]?
        var jobs: [Int: Job] = [:]
        var tokens: [String: [Int]] = [:]
        var pending: [Int] = []
        /// Printers and 団体 that are away.
        var away: Set<String> = []
        /// Requests by the millisecond of their arrival.
        var arrivals: [UInt64: Int] = [:]
        /// Certificates that came out whole, by the printed 管理番号: the person on them.
        var certificates: [String: [String]] = [:]
        var faults: [String: Int] = [:]
    }

    private let books = Mutex(Books())
    let numbers: SeededNumbers
    private let isOver = Mutex(false)

    init(_ numbers: SeededNumbers) { self.numbers = numbers }

    var all: Books { books.withLock { $0 } }

    /// Whom the papers that came out with a 管理番号 name.
    func people(on control: String) -> [String] { books.withLock { $0.certificates[control] ?? [] } }

    /// Answers a line of a process; `broken` is a connection that broke.
    func answer(_ question: [String]) async -> [String] {
        switch (question[0], question.count) {
        case ("issue", 7): await issue(question)
        case ("outcome", 3), ("cancel", 3): await ask(question)
        case ("hold", 7): hold(question)
        case ("find", 3), ("release", 3), ("state", 3), ("drop", 3): printer(question)
        default: ["broken"]
        }
    }

    /// True in `parts` of 1,000 cases; counted.
    private func happens(_ fault: String, _ parts: Int) -> Bool {
        guard numbers.happens(parts) else { return false }
        books.withLock { $0.faults[fault, default: 0] += 1 }
        return true
    }

    private func pause(upTo milliseconds: Int) async {
        try? await Task.sleep(for: .milliseconds(numbers.below(milliseconds)))
    }

    // MARK: Issuers

    private func issue(_ question: [String]) async -> [String] {
        let (id, city) = (question[1], question[2])
        let now = OfficeClock.monotonic / 1_000_000
        books.withLock { $0.arrivals[now, default: 0] += 1 }
        if books.withLock({ $0.away.contains(city) }) || happens("question lost", 15) {
            await pause(upTo: 1_500)
            return ["broken"]
        }
        if happens("question broken", 15) { return ["broken"] }
        if happens("question late", 15) { await pause(upTo: 2_000) }
        let isRefusing = happens("refused", 10)
        let kind =
            ["swapped person", "undeclared person", "foreign page", "answer of another request"].first {
                happens($0, 3)
            } ?? ""
        let isPending = happens("pending", 20)
        let answer = books.withLock { books -> [String] in
            if books.cancelled.contains(id) { return ["cancelled"] }
            if let former = books.answers[id] { return former }
            if isRefusing { books.answers[id] = ["refused"] }
            if let refusal = books.answers[id] { return refusal }
            var answer = issued(question, kind)
            if kind == "answer of another request", let former = books.formerAnswer { answer = former }
            books.answers[id] = answer
            books.formerAnswer = answer
            return isPending ? ["pending"] : answer
        }
        if happens("answer broken", 30) { return ["broken"] }
        if happens("answer late", 15) { await pause(upTo: 2_000) }
        return answer
    }

    /// What the issuer prints, and says of it.
    private func issued(_ question: [String], _ kind: String) -> [String] {
        var (printed, recipient, control) = (question[3], question[3], question[5])
        if kind == "swapped person" { (printed, recipient) = ("R-somebody", "R-somebody") }
        if kind == "undeclared person" { printed = "R-somebody" }
        if kind == "foreign page" {
            (printed, control) = ("R-somebody", ControlNumber(random: numbers.octets(15))?.rawValue ?? "")
        }
        let pages = 1 + numbers.below(3)
        let pdf = SimulatedPDF.octets(
            resident: printed, control: ControlNumber(typed: control)?.printed ?? "", pages: pages)
        let digest = IssueRequest.recipientDigest(nonce: OfficeWords.octets(question[6]), residentID: recipient)
        return [
            "answered", question[1], question[4], question[5], OfficeWords.field(digest), OfficeWords.field(pdf),
            OfficeWords.field(HashAlgorithm.sha256.digest(of: pdf)), String(pages),
        ]
    }

    private func ask(_ question: [String]) async -> [String] {
        let (id, city) = (question[1], question[2])
        if books.withLock({ $0.away.contains(city) }) {
            await pause(upTo: 500)
            return ["broken"]
        }
        if happens("\(question[0]) broken", 40) { return ["broken"] }
        return books.withLock { books in
            if question[0] == "cancel" {
                books.cancelled.insert(id)
                return ["cancelled"]
            }
            if books.cancelled.contains(id) { return ["cancelled"] }
            return books.answers[id] ?? ["never"]
        }
    }
}

// MARK: - Printers

extension OutsideBooks {
    private func hold(_ question: [String]) -> [String] {
        let (printer, token) = (question[1], question[4])
        if happens("queue says no", 15) { return ["rejected"] }
        if books.withLock({ $0.away.contains(printer) }) { return ["broken"] }
        let octets = OfficeWords.octets(question[6])
        let pages = SimulatedPDF.parts(octets)?.pages ?? 1
        let sheets = question[3] == PrintTarget.Sides.one.rawValue ? pages : (pages + 1) / 2
        let number = books.withLock { books in
            let number = books.jobs.count + 1
            books.jobs[number] = Job(
                printer: printer, tray: question[2], token: token, octets: octets,
                whole: sheets * (Int(question[5]) ?? 1))
            books.tokens[token, default: []].append(number)
            return number
        }
        // The job is there, and the answer is lost.
        return happens("hold's answer broken", 40) ? ["broken"] : ["held", String(number)]
    }

    private func printer(_ question: [String]) -> [String] {
        let printer = question[1]
        if books.withLock({ $0.away.contains(printer) }) || happens("\(question[0]) broken", 15) { return ["broken"] }
        let answer = books.withLock { books -> [String] in
            if question[0] == "find" {
                let found = books.tokens[question[2], default: []].filter { books.jobs[$0]?.printer == printer }
                return ["found"] + found.map(String.init)
            }
            guard let number = Int(question[2]), let job = books.jobs[number], job.printer == printer else {
                return question[0] == "state" ? OfficeWords.jobState(PrintJobState(.gone)) : ["rejected"]
            }
            switch question[0] {
            case "state": return OfficeWords.jobState(job.state)
            case "release":
                guard job.state.phase == .held else { return ["rejected"] }
                books.jobs[number]?.state = PrintJobState(.pending)
                books.jobs[number]?.releases += 1
                books.pending.append(number)
            default:
                guard !job.state.phase.isFinal else { return ["rejected"] }
                books.jobs[number]?.state = PrintJobState(.cancelled, sheets: job.sheets)
            }
            return ["done"]
        }
        return happens("\(question[0])'s answer broken", 15) ? ["broken"] : answer
    }

    /// Printers print, jam, go away and come back; issuers too. Until ``finish()``.
    func work() async {
        let names = OfficeSetting.cities.map(\.digits).flatMap {
            [$0, OfficeSetting.slipPrinter($0), OfficeSetting.counterPrinter($0)]
        }
        while !isOver.withLock({ $0 }) {
            try? await Task.sleep(for: .milliseconds(4))
            books.withLock { books in
                for name in names {
                    // Away for about a fifth of a second, every twenty or so.
                    if books.away.contains(name) {
                        if numbers.happens(20) { books.away.remove(name) }
                    } else if numbers.below(5_000) == 0 {
                        books.away.insert(name)
                        books.faults["away", default: 0] += 1
                    }
                }
            }
            let pending = books.withLock { books in
                defer { books.pending = [] }
                return books.pending
            }
            for number in pending { print(number, jams: happens("jam", 12)) }
        }
    }

    private func print(_ number: Int, jams: Bool) {
        books.withLock { books in
            guard var job = books.jobs[number], job.state.phase == .pending else { return }
            if books.away.contains(job.printer) || numbers.happens(300) {
                books.pending.append(number)
                return
            }
            if jams {
                job.sheets += numbers.below(job.whole)
                job.state = PrintJobState(.aborted, sheets: job.sheets, reasons: ["media-jam"])
            } else {
                job.sheets += job.whole
                job.printings += 1
                job.state = PrintJobState(.completed, sheets: job.sheets)
                if let parts = SimulatedPDF.parts(job.octets), parts.resident.hasPrefix("R-") {
                    books.certificates[parts.control, default: []].append(parts.resident)
                }
            }
            books.jobs[number] = job
        }
    }

    func finish() { isOver.withLock { $0 = true } }
}
