import CardProtocol
import Foundation
import HTTPSupport
import MessageCatalogue
import SandboxAuthority
import Synchronization
import TerminalSession
import Testing
import VirtualCard
import WebPages
import WireFormat

@Suite("書かない窓口 at the page, on virtual cards")
struct FormFlowTests {
    @Test("From the form to the paper by 署名用: one challenge, a ticket for the rest, printed once")
    func signature() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms).go()
        #expect(seen.last == .form(.printed))
        let calls = forms.calls.withLock { $0 }
        #expect(calls.proofs == ["signature", "ticket", "ticket"])
        #expect(calls.outputs == ["preview", "preview", "print"])
        #expect(calls.values.last == ["use": .text("引越し"), "own_entry": .checked])
        let order = seen.compactMap(\.name)
        #expect(
            order.filter { ["choosing", "way", "secret", "filling", "checking", "printed"].contains($0) }
                == ["choosing", "way", "secret", "filling", "checking", "printed"])
    }

    @Test("By the card's text: its four digits, and the files as the card gave them, to the print")
    func cardText() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms, way: .cardText).go()
        #expect(seen.last == .form(.printed))
        #expect(forms.calls.withLock { $0.proofs } == ["card_text", "card_text", "card_text"])
        #expect(seen.contains { if case .secretNeeded(let prompt) = $0 { prompt.kind == .textDigits } else { false } })
    }

    @Test("Typed by staff: asked for again until it has a name and an address")
    func typed() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms, way: .typed).go()
        #expect(seen.last == .form(.printed))
        #expect(forms.calls.withLock { $0.proofs } == ["typed", "typed", "typed"])
        #expect(seen.filter { $0.name == "typing" }.count == 2)
    }

    @Test("What the platform refuses, or what is missing, comes back beside its field")
    func faults() async throws {
        let forms = try PlayedForms(.refusesOnce)
        let seen = try await Visitor(forms).go()
        #expect(seen.last == .form(.printed))
        let faults = seen.compactMap { step -> [String: String]? in
            if case .form(.filling(_, _, _, let faults)) = step { faults } else { nil }
        }
        #expect(faults == [[:], ["/values/use": "too_long"]])
    }

    @Test("Without the person's word nothing is printed; after it a printer that is away is told")
    func printing() async throws {
        let givenUp = try PlayedForms()
        let seen = try await Visitor(givenUp, ends: .givesUp).go()
        #expect(seen.last?.name == "checking")
        #expect(!givenUp.calls.withLock { $0.outputs }.contains("print"))
        let away = try PlayedForms(.printerAway)
        #expect(try await Visitor(away).go().last == .form(.notPrinted))
    }

    @Test("A signature that does not stand ends at its verdict, and no field is asked for")
    func notVerified() async throws {
        let forms = try PlayedForms(.notVerified)
        let seen = try await Visitor(forms).go()
        #expect(seen.last?.name == "finished")
        #expect(!seen.contains { $0.name == "filling" })
    }

    @Test("A page that sends what no form asks for is not understood")
    func foreignAnswers() throws {
        for text in ["", "step=form", "step=form-way&way=fax", "step=form-other", "form=x"] {
            let fields = try #require(FormFields(Array(text.utf8)))
            #expect(FormPageAnswer(fields) == nil, "\(text)")
        }
    }
}

extension KioskStep {
    fileprivate var name: String? {
        switch self {
        case .secretNeeded: "secret"
        case .finished: "finished"
        case .form(.choosing): "choosing"
        case .form(.way): "way"
        case .form(.typing): "typing"
        case .form(.filling): "filling"
        case .form(.checking): "checking"
        case .form(.printed): "printed"
        default: nil
        }
    }
}

/// A resident at the page.
private struct Visitor {
    enum End { case prints, givesUp }

    let forms: PlayedForms
    var way = FormWay.signature
    var ends = End.prints

    init(_ forms: PlayedForms, way: FormWay = .signature, ends: End = .prints) {
        (self.forms, self.way, self.ends) = (forms, way, ends)
    }

    func go() async throws -> [KioskStep] {
        let chip = try CardWorkbench.chip(.regular)
        let slot = FirstEmptySlot(InProcessReader(chip))
        let flow = TerminalFormFlow(
            CardWorkbench.parts(slot, CheckingGateway()), forms: forms, purpose: "certificate_issuance",
            messages: try MessageStore.standard(), line: { KioskLine(.online) })
        var seen: [KioskStep] = []
        for await step in await flow.begin() {
            seen.append(step)
            switch step {
            case .secretNeeded(let prompt):
                let pin: CardPIN = prompt.kind == .password ? .digitalSignature : .textInput
                await flow.submit(try CardWorkbench.secret(chip.profile.pins[pin] ?? ""))
            case .form(let step):
                guard let answer = try answer(step, seen) else { continue }
                if case .print = answer, ends == .givesUp {
                    await flow.end()
                    return seen
                }
                await answered(flow, answer)
            default: break
            }
        }
        await flow.end()
        return seen
    }

    private func answer(_ step: FormStep, _ seen: [KioskStep]) throws -> FormPageAnswer? {
        switch step {
        case .choosing: .form("resident-record")
        case .way: .way(way)
        case .typing:
            .typed(
                TypedPerson(
                    name: seen.filter { $0.name == "typing" }.count == 1 ? "" : "見本 花子", address: "見本市",
                    birthDate: "", document: "driving_licence"))
        case .filling:
            .values(try #require(FormFields(Array("step=form-values&f.use=引越し&g.extent=own_entry".utf8))))
        case .checking: .print
        default: nil
        }
    }

    /// The page shows a step just before the flow waits for the answer.
    private func answered(_ flow: TerminalFormFlow, _ answer: FormPageAnswer) async {
        for _ in 0..<500 {
            if await flow.answer(answer) { return }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }
}

/// The reader is empty when a person begins.
private actor FirstEmptySlot: CardSlot {
    private let slot: any CardSlot
    private var isEmpty = true

    init(_ slot: any CardSlot) { self.slot = slot }

    func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel {
        if isEmpty {
            isEmpty = false
            throw .noCard
        }
        return try await slot.connect(within: limit)
    }
}

/// A platform that fills forms in as a test wants.
private final class PlayedForms: FormGateway {
    enum Course { case usual, refusesOnce, printerAway, notVerified }

    struct Calls {
        var proofs: [String] = []
        var outputs: [String] = []
        var values: [[String: FormInput]] = []
    }

    let course: Course
    let calls = Mutex(Calls())
    private let platform = CheckingGateway()
    private let template: FormTemplateBody

    init(_ course: Course = .usual) throws {
        self.course = course
        template = try FormTemplateBody.sample()
    }

    func templates() async throws(GatewayFailure) -> [FormTemplateBody] { [template] }

    func render(
        _ templateID: String, _ proof: FormProof, _ values: [String: FormInput], _ output: FormOutput
    ) async throws(GatewayFailure) -> FormReply {
        let count = calls.withLock { calls in
            switch proof {
            case .signature: calls.proofs.append("signature")
            case .ticket: calls.proofs.append("ticket")
            case .cardText: calls.proofs.append("card_text")
            case .typed: calls.proofs.append("typed")
            }
            calls.outputs.append(output.rawValue)
            calls.values.append(values)
            return calls.proofs.count
        }
        if course == .printerAway, output == .print { throw .refused(code: "printer_unavailable", messages: [:]) }
        if course == .refusesOnce, count == 2 { return .refused(["/values/use": "too_long"]) }
        var body = FormBody(id: "frm_1", templateID: templateID, output: output.rawValue)
        if case .signature(let proof) = proof {
            var answer = try await platform.verify(proof)
            if course == .notVerified {
                answer.result = "invalid"
                body.refusal = "not_verified"
                body.verification = answer
                return .filled(body)
            }
            body.verification = answer
            body.ticket = "AAAA"
        }
        return .filled(body)
    }
}

extension FormTemplateBody {
    static func sample() throws -> FormTemplateBody {
        try JSONDecoder().decode(
            FormTemplateBody.self,
            from: Data(
                """
                {"id": "resident-record", "names": {"ja": "住民票の写しの請求書"}, "outputs": ["preview", "print"],
                 "groups": [{"id": "extent", "labels": {"ja": "だれの"}, "required": true}],
                 "fields": [
                  {"name": "own_entry", "kind": "check", "labels": {"ja": "本人だけ"}, "source": "entered",
                   "required": false, "group": "extent", "longest": 200},
                  {"name": "use", "kind": "text", "labels": {"ja": "使いみち"}, "source": "entered", "required": true,
                   "group": null, "longest": 80},
                  {"name": "name", "kind": "text", "labels": {"ja": "氏名"}, "source": "name", "required": true,
                   "group": null, "longest": 200}]}
                """.utf8))
    }
}
