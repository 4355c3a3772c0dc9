import Synchronization
import TerminalSession

/// The reader is empty when a person begins, as after the one before has taken the card.
actor EmptyFirstSlot: CardSlot {
    private let slot: any CardSlot
    private var isEmpty = true

    init(_ slot: any CardSlot) { self.slot = slot }

    func empty() { isEmpty = true }

    func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel {
        if isEmpty {
            isEmpty = false
            throw .noCard
        }
        return try await slot.connect(within: limit)
    }
}

/// Holds one answer back, whether or not anybody still waits for it.
actor Gate {
    private var (hasArrival, isOpen) = (false, false)
    private var watchers: [CheckedContinuation<Void, Never>] = []
    private var held: [CheckedContinuation<Void, Never>] = []

    func arrival() async {
        if !hasArrival { await withCheckedContinuation { watchers.append($0) } }
    }

    func pass() async {
        hasArrival = true
        watchers.forEach { $0.resume() }
        watchers = []
        if !isOpen { await withCheckedContinuation { held.append($0) } }
    }

    func open() {
        isOpen = true
        held.forEach { $0.resume() }
        held = []
    }
}

/// A centre that does what a test wants.
final class PlayedCounter: CounterGateway {
    enum Course {
        case usual, notServed, voided, cutOnce, unnamed, lostAnswer, lostOrder, arrivesBetween, orderRefused, notReady
        case silent, spoilt
    }

    struct Calls {
        var opened = 0
        var submitted: [CounterChoice] = []
        /// The application of each order.
        var ordered: [String] = []
        var voided: [String] = []
        var refusedVoids = 0
        var asked = 0
    }

    let course: Course
    /// Of the first application.
    let late: LateAnswer?
    let gate = Gate()
    let calls = Mutex(Calls())
    private let platform = CheckingGateway()

    init(_ course: Course = .usual, late: LateAnswer? = nil) { (self.course, self.late) = (course, late) }

    func offers() async throws(GatewayFailure) -> [CounterOffer] {
        [("residence", .open), ("register", CounterOffer.Availability.closed)].map { id, availability in
            CounterOffer(
                id: id, kind: "resident_record", names: ["ja": "住民票の写し"], availability: availability,
                scopes: ["self", "household", "selected"], details: ["relationship"], fiscalYears: [], mostCopies: 10,
                unitFee: 300, exemptions: [.init(id: "pension", names: ["ja": "年金"], unitFee: 0)])
        }
    }

    func open(language: String) async throws(GatewayFailure) -> (CounterSession, SigningChallenge) {
        let number = calls.withLock {
            $0.opened += 1
            return $0.opened
        }
        return (
            CounterSession(id: "app_\(number)", state: "open", version: 0),
            SigningChallenge(origin: .platform(id: "chl_1"), octets: CheckingGateway.challenge)
        )
    }

    func identify(
        _ session: String, _ proof: CardProof, procedureID: String?
    ) async throws(GatewayFailure) -> CounterIdentified {
        let answer = try await platform.verify(proof)
        guard course != .notServed else {
            return CounterIdentified(
                session: CounterSession(
                    id: session, state: "voided", version: 1, receptionNumber: "K7M2-9PQX", code: "needs_counter"),
                verification: answer)
        }
        let names = course == .unnamed ? [] : ["見本　花子", "見本　太郎", "見本　次郎"]
        return CounterIdentified(
            session: CounterSession(id: session, state: "identified", version: 1), verification: answer,
            household: names.enumerated().map { CounterMember(id: "m\($0.offset + 1)", name: $0.element) })
    }

    func submit(_ session: CounterSession, _ choice: CounterChoice) async throws(GatewayFailure) -> CounterSession {
        calls.withLock {
            $0.submitted.append(choice)
            $0.ordered.append(session.id)
        }
        switch course {
        case .lostAnswer, .lostOrder, .arrivesBetween, .silent: throw .unreachable
        case .orderRefused: throw .refused(code: "order_refused", messages: ["staff_ja": "選んだ内容を確かめてください。"])
        default: break
        }
        if late == .submission, session.id == "app_1" { await gate.pass() }
        return CounterSession(id: session.id, state: "applied", version: 2, fee: 600)
    }

    func session(_ id: String, after version: Int) async throws(GatewayFailure) -> CounterSession {
        let count = calls.withLock {
            $0.asked += 1
            return $0.asked
        }
        if late == .progress, id == "app_1" { await gate.pass() }
        let number = id == "app_1" ? "K7M2-9PQX" : "number of \(id)"
        switch course {
        case .cutOnce where count == 2, .lostAnswer where count == 1: throw .unreachable
        case .silent: throw .unreachable
        case .notReady where count == 2 || count == 3: throw .refused(code: "service_not_ready", messages: [:])
        case .lostOrder, .orderRefused,
            .arrivesBetween where count == 1:
            return CounterSession(id: id, state: "identified", version: 1)
        case .voided,
            .spoilt where count == 4:
            return CounterSession(
                id: id, state: "voided", version: 3, receptionNumber: number,
                code: course == .spoilt ? "spoilt" : "needs_counter")
        default: break
        }
        let states = ["requested", "issued", "printing", "ready"]
        return CounterSession(
            id: id, state: states[min(count - 1, 3)], version: version + 1,
            receptionNumber: number)
    }

    func void(_ session: String) async throws(GatewayFailure) -> CounterSession {
        if course == .arrivesBetween { throw .refused(code: "session_state_conflict", messages: [:]) }
        let isUnheard = calls.withLock { calls in
            if course == .silent, calls.refusedVoids < 2 {
                calls.refusedVoids += 1
                return true
            }
            calls.voided.append(session)
            return false
        }
        if isUnheard { throw .unreachable }
        return CounterSession(
            id: session, state: "voided", version: 2, receptionNumber: "K7M2-9PQX", code: "resident_cancelled")
    }
}
