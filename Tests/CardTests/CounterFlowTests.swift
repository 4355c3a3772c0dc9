import CardProtocol
import MessageCatalogue
import SandboxAuthority
import Synchronization
import TerminalSession
import Testing
import VirtualCard
import WebPages
import WireFormat

@Suite("An application at the page, on virtual cards")
struct CounterFlowTests {
    @Test("From the choice to the 受付票: one application, ordered as it was chosen")
    func whole() async throws {
        let counter = PlayedCounter()
        let seen = try await Applicant(counter).go()
        #expect(seen.last == .counter(.receipt(number: "K7M2-9PQX", notice: nil)))
        let calls = counter.calls.withLock { $0 }
        #expect(calls.submitted == [CounterChoice(procedureID: "residence", scope: "household", copies: 2)])
        #expect(calls.opened == 1)
        #expect(calls.voided.isEmpty)
        #expect(seen.contains { if case .counter(.confirming(_, _, names: [], fee: 600)) = $0 { true } else { false } })
        #expect(!seen.contains { $0.name == "members" })
        let order = seen.compactMap(\.name)
        #expect(order.firstIndex(of: "confirming") ?? 0 > order.firstIndex(of: "secret") ?? .max)
    }

    @Test("Nothing is ordered before the order was confirmed, and giving up takes the application back")
    func givenUp() async throws {
        let counter = PlayedCounter()
        _ = try await Applicant(counter, confirms: .givesUp).go()
        let calls = counter.calls.withLock { $0 }
        #expect(calls.submitted.isEmpty)
        #expect(calls.voided == ["app_1"])
    }

    @Test("What does not fit the offer is not taken", arguments: [0, 11])
    func foreignChoice(copies: Int) async throws {
        let counter = PlayedCounter()
        let applicant = Applicant(
            counter, first: [.choice(scope: "self", details: [], fiscalYear: nil, copies: copies)])
        _ = try await applicant.go()
        #expect(counter.calls.withLock { $0.submitted.map(\.copies) } == [2])
    }

    @Test("An exemption is stated as it is offered, no other; the order shows what it costs then")
    func exemption() async throws {
        let counter = PlayedCounter()
        let applicant = Applicant(
            counter,
            first: ["friend", "pension"].map {
                .choice(scope: "self", details: [], fiscalYear: nil, copies: 3, exemption: $0)
            })
        let seen = try await applicant.go()
        #expect(counter.calls.withLock { $0.submitted.map(\.exemption) } == ["pension"])
        #expect(seen.contains { if case .counter(.confirming(_, _, names: [], fee: 0)) = $0 { true } else { false } })
    }

    @Test("A part of the household is selected after the card, by who was offered, and confirmed by name")
    func selected() async throws {
        let counter = PlayedCounter()
        let seen = try await Applicant(counter, scope: "selected", members: [["m4"], ["m3", "m1"]]).go()
        #expect(seen.last?.name == "receipt")
        let order = seen.compactMap(\.name)
        #expect(order.firstIndex(of: "members") ?? 0 > order.firstIndex(of: "secret") ?? .max)
        #expect(
            seen.contains {
                if case .counter(.confirming(_, _, names: ["見本　花子", "見本　次郎"], fee: _)) = $0 { true } else { false }
            })
        #expect(counter.calls.withLock { $0.submitted.map(\.members) } == [["m1", "m3"]])
    }

    @Test("A household of which nobody may be named is the clerk's; nothing is ordered")
    func unnamedHousehold() async throws {
        let counter = PlayedCounter(.unnamed)
        let seen = try await Applicant(counter, scope: "selected").go()
        #expect(seen.last == .window("counter_members_invalid", number: "K7M2-9PQX"))
        let calls = counter.calls.withLock { $0 }
        #expect(calls.submitted.isEmpty && calls.voided == ["app_1"])
    }

    @Test("A closed procedure cannot be chosen")
    func closed() async throws {
        let counter = PlayedCounter()
        let seen = try await Applicant(counter, procedures: ["register", "residence"]).go()
        #expect(seen.last?.name == "receipt")
        #expect(counter.calls.withLock { $0.submitted.map(\.procedureID) } == ["residence"])
    }

    @Test("A holder whom the register does not serve is sent to the window with the number by which staff find why")
    func notFound() async throws {
        let counter = PlayedCounter(.notServed)
        let seen = try await Applicant(counter).go()
        #expect(seen.last == .window("needs_counter", number: "K7M2-9PQX"))
        #expect(counter.calls.withLock { $0.submitted.isEmpty })
    }

    @Test("A wrong PIN opens another application and takes the first back: no challenge serves two")
    func wrongPIN() async throws {
        let counter = PlayedCounter()
        let seen = try await Applicant(counter, wrongPINs: 1).go()
        #expect(seen.last?.name == "receipt")
        let calls = counter.calls.withLock { $0 }
        #expect(calls.opened == 1 || calls.voided == ["app_1"])
    }

    @Test("An application that the centre takes back ends at the window, with nothing shown as printed")
    func voided() async throws {
        let counter = PlayedCounter(.voided)
        let seen = try await Applicant(counter).go()
        #expect(seen.last == .window("needs_counter", number: "K7M2-9PQX"))
        #expect(!seen.contains { $0.name == "receipt" })
    }

    @Test("A line that is cut while the centre works is waited for")
    func lineCut() async throws {
        let counter = PlayedCounter(.cutOnce)
        let seen = try await Applicant(counter).go()
        #expect(seen.last?.name == "receipt")
    }

    @Test("An order that arrived without its answer is followed to its papers, and nobody is told otherwise")
    func lostAnswer() async throws {
        let counter = PlayedCounter(.lostAnswer)
        let seen = try await Applicant(counter).go()
        #expect(seen.last?.name == "receipt")
        #expect(!seen.contains { $0.name == "window" || $0 == .trouble(.lineDown, sentences: [:]) })
        #expect(counter.calls.withLock { $0.submitted.count == 1 && $0.voided.isEmpty })
    }

    @Test("An order that did not arrive is void before the page says so: it cannot arrive later")
    func lostOrder() async throws {
        let counter = PlayedCounter(.lostOrder)
        let seen = try await Applicant(counter).go()
        #expect(seen.last == .window("not_sent", number: "K7M2-9PQX"))
        #expect(counter.calls.withLock { $0.voided } == ["app_1"])
    }

    @Test("An order that arrives between the look and the taking back is followed")
    func orderArrivesBetween() async throws {
        let seen = try await Applicant(PlayedCounter(.arrivesBetween)).go()
        #expect(seen.last?.name == "receipt")
        #expect(!seen.contains { $0.name == "window" })
    }

    @Test("An order that the centre refuses is void, with the platform's own sentence for staff")
    func orderRefused() async throws {
        let counter = PlayedCounter(.orderRefused)
        let seen = try await Applicant(counter).go()
        #expect(seen.last == .window("order_refused", staff: "選んだ内容を確かめてください。", number: "K7M2-9PQX"))
        #expect(counter.calls.withLock { $0.voided } == ["app_1"])
    }

    @Test("A centre that refuses for a while while it works is asked on: papers may be coming out")
    func notReady() async throws {
        let seen = try await Applicant(PlayedCounter(.notReady)).go()
        #expect(seen.last?.name == "receipt")
        #expect(!seen.contains { $0.name == "window" })
    }

    @Test("A centre that never answers an order leaves it open what was made, and is told of the end until it hears")
    func silent() async throws {
        let counter = PlayedCounter(.silent)
        let page = try Page(counter, patience: .milliseconds(20))
        let seen = try await Applicant(counter).go(at: page)
        #expect(seen.last == .counter(.late(.unsure, number: nil)))
        #expect(!seen.contains { $0.name == "window" })
        await page.flow.end()
        for _ in 0..<500 where counter.calls.withLock({ $0.voided.isEmpty }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(counter.calls.withLock { $0.voided == ["app_1"] && $0.refusedVoids == 2 })
    }

    @Test("Staff who take an application back after its printing do not make the page say that nothing was printed")
    func spoilt() async throws {
        let seen = try await Applicant(PlayedCounter(.spoilt)).go()
        guard case .counter(.atTheWindow(let end))? = seen.last else {
            Issue.record("\(String(describing: seen.last))")
            return
        }
        #expect(end.papers == .maybe)
    }

    @Test("An answer that comes late for the person before is nothing to the next one", arguments: LateAnswer.allCases)
    func lateAnswer(_ late: LateAnswer) async throws {
        let counter = PlayedCounter(late: late)
        let page = try Page(counter)
        let before = Task { try await Applicant(counter).go(at: page) }
        await counter.gate.arrival()
        await page.slot.empty()
        var next = Applicant(counter)
        next.beforeConfirming = {
            await counter.gate.open()
            // The late answer has every chance to do harm before this person goes on.
            _ = try? await before.value
        }
        let seen = try await next.go(at: page)
        await page.flow.end()
        #expect(seen.last == .counter(.receipt(number: "number of app_2", notice: nil)))
        #expect(try await before.value.allSatisfy { $0.name != "receipt" })
        let calls = counter.calls.withLock { $0 }
        #expect(calls.ordered == ["app_1", "app_2"])
        #expect(calls.voided == ["app_1"])
    }
}

/// Which answer the centre gives too late.
enum LateAnswer: CaseIterable { case submission, progress }

extension KioskStep {
    fileprivate static func window(_ code: String, staff: String? = nil, number: String?) -> KioskStep {
        .counter(.atTheWindow(CounterEnd(code: code, staff: staff, number: number)))
    }

    fileprivate var name: String? {
        switch self {
        case .secretNeeded: "secret"
        case .counter(.choosing): "choosing"
        case .counter(.options): "options"
        case .counter(.members): "members"
        case .counter(.confirming): "confirming"
        case .counter(.receipt): "receipt"
        case .counter(.atTheWindow): "window"
        default: nil
        }
    }
}

/// A resident at the page.
private struct Applicant {
    enum Confirmation { case confirms, givesUp }

    let counter: PlayedCounter
    var confirms = Confirmation.confirms
    var procedures = ["residence"]
    /// Answers before the right one, at the options.
    var first: [CounterAnswer] = []
    var wrongPINs = 0
    var scope = "household"
    /// Selections of the household, one after another until one is taken.
    var members: [[String]] = []
    var beforeConfirming: () async -> Void = {}

    init(
        _ counter: PlayedCounter, confirms: Confirmation = .confirms, procedures: [String] = ["residence"],
        first: [CounterAnswer] = [], wrongPINs: Int = 0, scope: String = "household", members: [[String]] = []
    ) {
        (self.counter, self.confirms, self.procedures) = (counter, confirms, procedures)
        (self.first, self.wrongPINs, self.scope, self.members) = (first, wrongPINs, scope, members)
    }

    /// At a page of their own, left behind in order.
    func go() async throws -> [KioskStep] {
        let page = try Page(counter)
        let seen = try await go(at: page)
        await page.flow.end()
        return seen
    }

    func go(at page: Page) async throws -> [KioskStep] {
        let (flow, pin) = (page.flow, page.pin)
        var (seen, wrongLeft): ([KioskStep], Int) = ([], wrongPINs)
        for await step in await flow.begin() {
            seen.append(step)
            switch step {
            case .counter(.choosing):
                for id in procedures { await answered(flow, .procedure(id)) }
            case .counter(.options):
                for answer in first { await answered(flow, answer) }
                await answered(flow, .choice(scope: scope, details: [], fiscalYear: nil, copies: 2))
            case .secretNeeded:
                let wrong = pin == "0000" ? "1111" : "0000"
                await flow.submit(try CardWorkbench.secret(wrongLeft > 0 ? wrong : pin))
                wrongLeft -= 1
            case .counter(.members):
                for ids in members { await answered(flow, .members(ids)) }
            case .counter(.confirming):
                if confirms == .givesUp {
                    await flow.end()
                    return seen
                }
                await beforeConfirming()
                await answered(flow, .confirmed)
            default: break
            }
        }
        return seen
    }

    /// The page shows a step just before the flow waits for the answer.
    private func answered(_ flow: TerminalCounterFlow, _ answer: CounterAnswer) async {
        for _ in 0..<500 {
            if await flow.answer(answer) { return }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// The page of one terminal, with a card at hand.
private struct Page {
    let slot: EmptyFirstSlot
    let flow: TerminalCounterFlow
    let pin: String

    init(_ counter: PlayedCounter, patience: Duration = .milliseconds(200)) throws {
        let chip = try CardWorkbench.chip(.regular)
        pin = chip.profile.pins[.userAuthentication] ?? ""
        slot = EmptyFirstSlot(InProcessReader(chip))
        flow = TerminalCounterFlow(
            CardWorkbench.parts(slot, CheckingGateway()), counter: counter,
            IdentificationRequest(.userAuthentication, purpose: "certificate_issuance", patience: .seconds(1)),
            messages: try MessageStore.standard(), patience: patience, line: { KioskLine(.online) })
    }
}
