import CardProtocol
import CounterApplications
import CounterService
import Foundation
import Organizations
import PDFRendering
import PKIX
import SandboxAuthority
import Synchronization
import Testing
import Verification
import VirtualCard

/// A desk for forms with everything outside played, but for the papers.
final class FormBench: Sendable {
    /// 2026-04-01T00:00:00Z, nine o'clock in Japan.
    static let now = ValidationTime(secondsSince1970: 1_775_001_600)
    static let city = "011002"

    let events = Mutex<[AuditEvent]>([])
    let isBroken = Mutex(false)
    let printer: PlayedPrinter?
    /// Where forms are printed: ``printer``, or a real queue.
    private let queue: (any PaperPrinter)?
    private let target: PrintTarget
    let library: FormLibrary

    init(
        printer: PlayedPrinter? = nil, queue: (any PaperPrinter)? = nil,
        target: PrintTarget = PrintTarget(printer: "inside", tray: nil, media: "iso_a4_210x297mm", sides: .one)
    ) throws {
        (self.printer, self.queue, self.target) = (printer, queue ?? printer, target)
        library = FormLibrary(try PaperRendering())
    }

    var desk: FormDesk {
        FormDesk(
            ports: FormPorts(
                verification: NoVerification(), records: Trail(bench: self), renderer: library, printer: queue,
                sealer: NoSealer(), clock: Still(), randomness: Counted())
        ) { [target] in
            let forms = MunicipalForms(templates: ["resident-record"], printers: ["hall": target])
            return FormSettings(
                municipalities: MunicipalityCode(FormBench.city).map { [$0: forms] } ?? [:])
        }
    }

    func context(
        of city: String = city, site: String = "hall", scopes: Set<Scope> = [.counter, .verify]
    ) throws -> RequestContext {
        let code = try #require(MunicipalityCode(city))
        return RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: code, actor: "kiosk-1", site: site, scopes: scopes, purposes: []),
            requestID: "req_1", idempotency: nil)
    }

    /// The files of 券面事項入力補助, read from a virtual card by its PIN.
    func text(of resident: Resident, in sandbox: Sandbox) async throws -> [CardFile: [UInt8]] {
        let chip = try VirtualChip(CardProfile(resident, in: sandbox))
        let pin = Array((chip.profile.pins[.textInput] ?? "").utf8)
        var procedure = CardProcedure(.attributes(by: .textInput))
        var action = procedure.start()
        while true {
            switch action {
            case .finished(let reading): return reading.files
            case .failed(let fault): throw fault
            case .transmit(let command):
                guard case .octets(let octets, _) = chip.answer(to: command.encoding) else { throw CancellationError() }
                action = procedure.receive(try ResponseAPDU(octets: octets))
            case .verify(let command):
                let sent = VerifyCommand.header + [UInt8(pin.count)] + pin
                guard case .octets(let octets, _) = chip.answer(to: sent), command.pin == .textInput else {
                    throw CancellationError()
                }
                action = procedure.receive(try ResponseAPDU(octets: octets))
            }
        }
    }

    private struct Still: TrustedClock {
        func reading() -> ClockReading { ClockReading(now: FormBench.now, trust: .trusted) }
    }

    private final class Counted: Randomness {
        private let next = Mutex<UInt8>(0)

        func octets(_ count: Int) -> [UInt8] {
            next.withLock { next in
                next &+= 1
                return (0..<count).map { UInt8(truncatingIfNeeded: $0) &* 7 &+ next }
            }
        }
    }

    /// What was never sealed does not open.
    private struct NoSealer: TicketSealer {
        struct Closed: Error {}
        func seal(_ octets: [UInt8], context: [UInt8]) throws -> [UInt8] { throw Closed() }
        func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8] { throw Closed() }
    }

    private struct NoVerification: CounterVerification {
        func createChallenge(purpose: String, context: RequestContext) async throws(ServiceError) -> Challenge {
            throw .serviceNotReady
        }

        func verify(
            _ request: VerificationRequest, context: RequestContext
        ) async throws(ServiceError) -> VerificationService.Answer { throw .serviceNotReady }
    }

    private struct Trail: RecordStore {
        let bench: FormBench

        func create(_ challenge: Challenge, audit: AuditEvent) async throws(StoreError) {}
        func challenge(
            _ id: String, of municipality: MunicipalityCode
        ) async throws(StoreError) -> StoredChallenge? { nil }
        func commit(
            _ record: VerificationRecord, consuming challengeID: String?, audit: AuditEvent
        ) async throws(StoreError) {}

        func append(_ event: AuditEvent) async throws(StoreError) {
            if bench.isBroken.withLock({ $0 }) { throw .unavailable(reason: "test") }
            bench.events.withLock { $0.append(event) }
        }
    }
}

/// A queue that does what a test wants, and remembers what it was asked.
final class PlayedPrinter: PaperPrinter {
    enum Course: Hashable, Sendable {
        case prints, rejects, silentWithoutJob
        /// The hold has no answer; the job that is found is in this state.
        case silentWithJob(PrintJobState)
        /// The release has no answer; what the queue says of the job then, and whether it can be cancelled.
        case unanswered(PrintJobState, ReleaseOutcome = .done)

        /// Certainly nothing is printed.
        static let withoutPaper: [Course] = [
            .rejects, .silentWithoutJob, .silentWithJob(PrintJobState(.held)),
            .silentWithJob(PrintJobState(.cancelled, sheets: 0)), .unanswered(PrintJobState(.held)),
            .unanswered(PrintJobState(.cancelled, sheets: 0)), .unanswered(PrintJobState(.aborted, sheets: 0)),
        ]
        /// The answer alone was lost.
        static let printed: [Course] = [PrintJobState.Phase.pending, .printing, .stopped, .completed].map {
            .unanswered(PrintJobState($0))
        }
        /// Somebody must look.
        static let unknown: [Course] = [
            .unanswered(PrintJobState(.unknown)), .unanswered(PrintJobState(.held), .unknown("no answer")),
            .unanswered(PrintJobState(.cancelled, sheets: 1)), .unanswered(PrintJobState(.aborted)),
            .unanswered(PrintJobState(.gone)),
            // A queue that does not hold.
            .silentWithJob(PrintJobState(.printing)), .silentWithJob(PrintJobState(.cancelled)),
        ]

        var expected: [String] {
            switch self {
            case .prints: ["hold", "release"]
            case .rejects: ["hold"]
            case .silentWithJob: ["hold", "find", "state", "cancel"]
            case .silentWithoutJob: ["hold", "find"]
            case .unanswered(let state, _):
                ["hold", "release", "state"] + (state.phase == .held || state.phase == .unknown ? ["cancel"] : [])
            }
        }
    }

    struct Call: Sendable {
        let word: String
        let token: String
    }

    let course: Course
    let calls = Mutex<[Call]>([])
    private let job = PrintJobReference(printer: "inside", jobID: 7)

    init(_ course: Course = .prints) { self.course = course }

    private func note(_ word: String, _ token: String = "") {
        calls.withLock { $0.append(Call(word: word, token: token)) }
    }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        note("hold", token)
        switch course {
        case .rejects: return .rejected("no")
        case .silentWithJob, .silentWithoutJob: return .unknown("no answer")
        case .prints, .unanswered: return .held(job)
        }
    }

    func heldJobs(at printer: String, prefix: String) async -> HeldJobs {
        note("held")
        return .found([])
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        note("find", token)
        if case .silentWithJob = course { return .found([job]) }
        return .notFound
    }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        note("release")
        if case .unanswered = course { return .unknown("no answer") }
        return .done
    }

    func state(of job: PrintJobReference) async -> PrintJobState {
        note("state")
        switch course {
        case .unanswered(let state, _), .silentWithJob(let state): return state
        case .prints, .rejects, .silentWithoutJob: return PrintJobState(.unknown)
        }
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome {
        note("cancel")
        if case .unanswered(_, let outcome) = course { return outcome }
        return .done
    }
}
