import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import SignatureAlgorithms
import Synchronization
import Verification

extension SeededNumbers: Randomness {}

/// The outside: registers, issuer, printers. Shared by every process.
final class SimulatedOffice: Sendable {
    struct Job {
        let token: String
        let octets: [UInt8]
        let copies: Int
        let target: PrintTarget
        var state = PrintJobState(.held)
        var releases = 0
        /// Whole printings that came out.
        var printings = 0
        var sheets = 0
        /// Seconds, as the queue counts them.
        var age = 0
    }

    struct Outside {
        var answers: [String: IssueAnswer] = [:]
        var cancelled: Set<String> = []
        var issued = 0
        var jobs: [PrintJobReference: Job] = [:]
        var nextJob = 1
        var isIssuerDown: Set<MunicipalityCode> = []
        var isPrinterDown: Set<String> = []
    }

    /// What goes wrong, in parts of 1,000.
    struct Faults: Sendable {
        var lostQuestions = 0
        var lostAnswers = 0
        var pending = 0
        var refusals = 0
        /// Another person's entry, said honestly.
        var swapped = 0
        /// Another person's page under this request's words.
        var foreignPage = 0
        /// Another person's entry under this request's words, number and digest.
        var undeclared = 0
        /// The right entry, with a character that nobody can read out.
        var unreadable = 0
        var printerUnknown = 0
        var printerRejects = 0
        var jams = 0
        static let none = Faults()
    }

    let outside = Mutex(Outside())
    let numbers: SeededNumbers
    let faults: Faults

    init(numbers: SeededNumbers, faults: Faults = .none) { (self.numbers, self.faults) = (numbers, faults) }

    /// Printers work: what is pending comes out, or jams.
    func printersWork() {
        outside.withLock { outside in
            for (reference, job) in outside.jobs where job.state.phase == .pending {
                guard !outside.isPrinterDown.contains(reference.printer) else { continue }
                let pages = SimulatedPDF.parts(job.octets)?.pages ?? 1
                let whole = job.target.sheets(pages: pages) * job.copies
                if numbers.happens(faults.jams) {
                    let sheets = numbers.below(whole)
                    outside.jobs[reference]?.sheets += sheets
                    outside.jobs[reference]?.state = PrintJobState(.aborted, sheets: sheets, reasons: ["media-jam"])
                } else {
                    outside.jobs[reference]?.sheets += whole
                    outside.jobs[reference]?.printings += 1
                    outside.jobs[reference]?.state = PrintJobState(.completed, sheets: whole)
                }
            }
        }
    }

    func printedCopies(_ token: String) -> [[UInt8]] {
        outside.withLock { outside in
            outside.jobs.values.filter { $0.token == token && $0.printings > 0 }
                .flatMap { Array(repeating: $0.octets, count: $0.printings) }
        }
    }
}

/// The issuer as one process sees it.
struct SimulatedIssuer: CertificateIssuer {
    let office: SimulatedOffice
    let life: Life

    func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange {
        guard await life.goesOn() else { return .unknownOutcome(.timedOut) }
        let isDown = office.outside.withLock { $0.isIssuerDown.contains(request.municipality) }
        if isDown { return .unknownOutcome(.timedOut) }
        let (numbers, faults) = (office.numbers, office.faults)
        if numbers.happens(faults.lostQuestions) { return .unknownOutcome(.timedOut) }
        let exchange = office.outside.withLock { outside -> IssueExchange in
            if outside.cancelled.contains(request.requestID) { return .cancelled }
            if let former = outside.answers[request.requestID] { return .answered(former) }
            if numbers.happens(faults.refusals) { return .refused(.noEntry) }
            outside.issued += 1
            let answer = answer(request)
            outside.answers[request.requestID] = answer
            return numbers.happens(faults.pending) ? .pending : .answered(answer)
        }
        guard await life.goesOn() else { return .unknownOutcome(.timedOut) }
        return numbers.happens(faults.lostAnswers) ? .unknownOutcome(.timedOut) : exchange
    }

    private func answer(_ request: IssueRequest) -> IssueAnswer {
        let (numbers, faults) = (office.numbers, office.faults)
        var printed = request.residentID
        var recipient = request.residentID
        var control = request.controlNumber.printed
        if numbers.happens(faults.swapped) { (printed, recipient) = ("R-somebody", "R-somebody") }
        if numbers.happens(faults.foreignPage) {
            (printed, control) = ("R-somebody", ControlNumber(random: numbers.octets(15))?.printed ?? "")
            recipient = request.residentID
        }
        if numbers.happens(faults.undeclared) { printed = "R-somebody" }
        if numbers.happens(faults.unreadable) { printed = "R-unreadable" }
        let pages = 1 + numbers.below(3)
        let pdf = SimulatedPDF.octets(resident: printed, control: control, pages: pages)
        return IssueAnswer(
            requestID: request.requestID, orderDigest: request.orderDigest, controlNumber: request.controlNumber,
            recipientDigest: IssueRequest.recipientDigest(nonce: request.nonce, residentID: recipient), pdf: pdf,
            pdfDigest: HashAlgorithm.sha256.digest(of: pdf), pageCount: pages, issuedAt: Sample.start)
    }

    func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange {
        guard await life.goesOn() else { return .unknownOutcome(.timedOut) }
        if office.outside.withLock({ $0.isIssuerDown.contains(municipality) }) { return .unknownOutcome(.timedOut) }
        if office.numbers.happens(office.faults.lostAnswers) { return .unknownOutcome(.timedOut) }
        return office.outside.withLock { outside in
            if outside.cancelled.contains(requestID) { return .cancelled }
            return outside.answers[requestID].map { .answered($0) } ?? .neverReceived
        }
    }

    func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange {
        guard await life.goesOn() else { return .failed(.timedOut) }
        if office.outside.withLock({ $0.isIssuerDown.contains(municipality) }) { return .failed(.timedOut) }
        if office.numbers.happens(office.faults.lostQuestions) { return .failed(.timedOut) }
        office.outside.withLock { outside in _ = outside.cancelled.insert(requestID) }
        return .cancelled
    }
}

/// The print queues as one process sees them.
struct SimulatedPrinter: PaperPrinter {
    let office: SimulatedOffice
    let life: Life

    private func fails(_ printer: String) -> Bool {
        office.outside.withLock { $0.isPrinterDown.contains(printer) }
            || office.numbers.happens(office.faults.printerUnknown)
    }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        guard await life.goesOn() else { return .unknown("dead") }
        if office.numbers.happens(office.faults.printerRejects) { return .rejected("busy") }
        if office.outside.withLock({ $0.isPrinterDown.contains(target.printer) }) { return .unknown("offline") }
        let job = office.outside.withLock { outside in
            let reference = PrintJobReference(printer: target.printer, jobID: outside.nextJob)
            outside.nextJob += 1
            outside.jobs[reference] = SimulatedOffice.Job(
                token: token, octets: octets, copies: copies, target: target)
            return reference
        }
        guard await life.goesOn() else { return .unknown("dead") }
        // The job is there, and the answer is lost.
        return fails(target.printer) ? .unknown("lost") : .held(job)
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        guard await life.goesOn(), !fails(target.printer) else { return .unknown("lost") }
        let found = office.outside.withLock { outside in
            outside.jobs.filter { $0.value.token == token && $0.key.printer == target.printer }.map(\.key)
        }
        return found.isEmpty ? .notFound : .found(found.sorted { $0.jobID < $1.jobID })
    }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        guard await life.goesOn() else { return .unknown("dead") }
        if office.outside.withLock({ $0.isPrinterDown.contains(job.printer) }) { return .unknown("offline") }
        let isReleased = office.outside.withLock { outside in
            guard outside.jobs[job]?.state.phase == .held else { return false }
            outside.jobs[job]?.state = PrintJobState(.pending)
            outside.jobs[job]?.releases += 1
            return true
        }
        guard await life.goesOn(), !fails(job.printer) else { return .unknown("lost") }
        return isReleased ? .done : .rejected("not held")
    }

    func state(of job: PrintJobReference) async -> PrintJobState {
        guard await life.goesOn(), !fails(job.printer) else { return PrintJobState(.unknown, reasons: ["offline"]) }
        return office.outside.withLock { $0.jobs[job]?.state } ?? PrintJobState(.gone)
    }

    func heldJobs(at printer: String, prefix: String) async -> HeldJobs {
        guard await life.goesOn(), !fails(printer) else { return .unknown("lost") }
        let found = office.outside.withLock { outside in
            outside.jobs.filter {
                $0.key.printer == printer && $0.value.state.phase == .held && $0.value.token.hasPrefix(prefix)
            }
        }
        return .found(found.map { HeldJob(reference: $0.key, token: $0.value.token, age: $0.value.age) })
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome {
        guard await life.goesOn() else { return .unknown("dead") }
        if office.outside.withLock({ $0.isPrinterDown.contains(job.printer) }) { return .unknown("offline") }
        return office.outside.withLock { outside in
            guard let found = outside.jobs[job], !found.state.phase.isFinal else { return .rejected("ended") }
            outside.jobs[job]?.state = PrintJobState(.cancelled, sheets: found.sheets)
            return .done
        }
    }
}
