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

    @Test("Typed: no document is chosen beforehand; asked for again until name, address and document are there")
    func typed() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms, way: .typed).go()
        #expect(seen.last == .form(.printed))
        #expect(forms.calls.withLock { $0.proofs } == ["typed", "typed", "typed"])
        let asked = seen.typings
        #expect(asked.map(\.person) == [TypedPerson(), TypedPerson(address: "見本市")])
        #expect(asked.map(\.faults) == [[:], ["/person/name": "missing", "/person/document": "missing"]])
    }

    @Test(
        "What was typed wrongly is corrected: from the look over it back to what was typed, and on with what was entered"
    )
    func corrected() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms, way: .typed, ends: .correctsTheName).go()
        #expect(seen.last == .form(.printed))
        let wrong = TypedPerson(name: "見本 花子", address: "見本市", document: "passport")
        #expect(seen.typings.last?.person == wrong)
        let right = TypedPerson(name: "見本 華子", address: "見本市", document: "passport")
        let calls = forms.calls.withLock { $0 }
        #expect(calls.typed.last == right && calls.outputs.filter { $0 == "print" }.count == 1)
        let filled = seen.compactMap { step -> [String: FormInput]? in
            if case .form(.filling(_, _, let inputs, _)) = step { inputs } else { nil }
        }
        #expect(filled == [[:], ["use": .text("引越し"), "own_entry": .checked]])
    }

    @Test("Who goes back finds again what stood on the page, typed or filled in, until they leave")
    func keptGoingBack() async throws {
        let forms = try PlayedForms()
        let seen = try await Visitor(forms, way: .typed, ends: .goesBackTwice).go()
        #expect(seen.last == .form(.printed))
        let whole = TypedPerson(name: "見本 花子", address: "見本市", document: "passport")
        #expect(seen.typings.map(\.person) == [TypedPerson(), TypedPerson(name: "見本 花子"), whole])
        let filled = seen.compactMap { step -> [String: FormInput]? in
            if case .form(.filling(_, _, let inputs, _)) = step { inputs } else { nil }
        }
        #expect(filled == [[:], ["use": .text("引越し")]])
        #expect(seen.filter { $0.name == "way" }.count == 2)
        // The next person begins with nothing.
        let next = try await Visitor(try PlayedForms(), way: .typed).go()
        #expect(next.typings.first?.person == TypedPerson())
    }

    @Test(
        "What is missing is named, above the form and beside its place, in every language",
        arguments: PageLanguage.allCases)
    func missing(_ language: PageLanguage) throws {
        let pages = try PageSet(service: .forms)
        var screen = KioskScreen(
            .step(.form(.typing(try .sample(), TypedPerson(), faults: ["/person/document": "missing"]))))
        screen.language = language
        let html = pages.screen(screen, warning: 20)
        let sentence = pages.texts["form_fault_missing_document", language]
        #expect(html.contains("id=\"e-document\"") && html.contains(">\(sentence)</span>"))
        #expect(!html.contains(pages.texts["form_fault_missing", language]))
        let label = pages.texts["form_document", language]
        #expect(html.contains("\(pages.texts["form_faults", language]) <strong>\(label)</strong>"))
        screen.shown = .step(
            .form(
                .filling(
                    try .sample(), FormBody(id: "frm_1", templateID: "resident-record", output: "preview"), [:],
                    faults: ["/values/extent": "missing"])))
        #expect(
            pages.screen(screen, warning: 20).contains(">\(pages.texts["form_fault_missing_choice", language])</span>"))
    }

    @Test("A form that is typed tells nobody to put a card down: its steps are for every way")
    func steps() throws {
        let pages = try PageSet(service: .forms)
        let typing = pages.screen(
            KioskScreen(.step(.form(.typing(try .sample(), TypedPerson(), faults: [:])))), warning: 20)
        #expect(typing.contains("氏名と住所") && !typing.contains(pages.texts["step_card", .japanese]))
    }

    @Test("A form with nothing to enter can be corrected as well; one from a card has nothing to correct")
    func correctedWithoutFields() async throws {
        let forms = try PlayedForms(template: .sample(entered: []))
        let seen = try await Visitor(forms, way: .typed, ends: .correctsTheName).go()
        #expect(seen.last == .form(.printed) && seen.typings.count == 3)
        #expect(forms.calls.withLock { $0.typed.last?.name } == "見本 華子")
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
        let away = try PlayedForms(.printFails(.refused(code: "printer_unavailable", messages: [:])))
        #expect(try await Visitor(away).go().last == .form(.notPrinted))
    }

    @Test(
        "A print of which nobody knows is never called not printed: the answer was lost, or the queue gave none",
        arguments: [
            GatewayFailure.unreachable, .notThePlatform, .refused(code: "print_outcome_unknown", messages: [:]),
            .refused(code: "internal_error", messages: [:]),
        ])
    func perhapsPrinted(_ failure: GatewayFailure) async throws {
        let forms = try PlayedForms(.printFails(failure))
        #expect(try await Visitor(forms).go().last == .form(.perhapsPrinted))
        #expect(forms.calls.withLock { $0.outputs.filter { $0 == "print" }.count } == 1)
    }

    @Test("Sent to the window, the clerk reads a sentence: the platform's, or the terminal's own")
    func atTheWindow() async throws {
        let told = try PlayedForms(
            .printFails(.refused(code: "form_ticket_expired", messages: ["staff_ja": "係へ"])))
        #expect(
            try await Visitor(told).go().last == .form(.atTheWindow(code: "form_ticket_expired", staff: "係へ")))
        let silent = try PlayedForms(.printFails(.refused(code: "form_ticket_expired", messages: [:])))
        guard case .form(.atTheWindow(_, let own))? = try await Visitor(silent).go().last else {
            Issue.record("not at the window")
            return
        }
        #expect(own?.contains("もう一度") == true)
        let pages = try PageSet()
        for code in ["not_verified", "no_attributes", "form_refused", "never heard of"] {
            let html = pages.screen(
                KioskScreen(.step(.form(.atTheWindow(code: code, staff: nil)))), warning: 20)
            #expect(html.contains("ご案内ください。") && html.contains(code), "\(code)")
        }
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

extension [KioskStep] {
    fileprivate var typings: [(person: TypedPerson, faults: [String: String])] {
        compactMap { if case .form(.typing(_, let person, let faults)) = $0 { (person, faults) } else { nil } }
    }
}

/// A resident at the page.
private struct Visitor {
    enum End { case prints, givesUp, correctsTheName, goesBackTwice }

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
        case .typing(_, let former, _) where ends == .goesBackTwice:
            switch seen.typings.count {
            case 1: try back("name=見本+花子")
            case 2: .typed(TypedPerson(name: former.name, address: "見本市", document: "passport"))
            default: .typed(former)
            }
        case .filling(_, _, let inputs, _) where ends == .goesBackTwice && inputs.isEmpty: try back("f.use=引越し")
        case .typing(_, let former, _):
            switch seen.typings.count {
            case 1: .typed(TypedPerson(address: "見本市"))
            case 2: .typed(TypedPerson(name: "見本 花子", address: "見本市", document: "passport"))
            default: .typed(TypedPerson(name: "見本 華子", address: former.address, document: former.document))
            }
        case .filling:
            .values(try #require(FormFields(Array("step=form-values&f.use=引越し&g.extent=own_entry".utf8))))
        case .checking: ends == .correctsTheName && seen.typings.count == 2 ? try back() : .print
        default: nil
        }
    }

    private func back(_ fields: String = "") throws -> FormPageAnswer {
        .back(kept: try #require(FormFields(Array(fields.utf8))))
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
    enum Course { case usual, refusesOnce, printFails(GatewayFailure), notVerified }

    struct Calls {
        var proofs: [String] = []
        var outputs: [String] = []
        var values: [[String: FormInput]] = []
        var typed: [TypedPerson] = []
    }

    let course: Course
    let calls = Mutex(Calls())
    private let platform = CheckingGateway()
    private let template: FormTemplateBody

    init(_ course: Course = .usual, template: FormTemplateBody? = nil) throws {
        self.course = course
        self.template = try template ?? FormTemplateBody.sample()
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
            case .typed(let person):
                calls.proofs.append("typed")
                calls.typed.append(person)
            }
            calls.outputs.append(output.rawValue)
            calls.values.append(values)
            return calls.proofs.count
        }
        if case .printFails(let failure) = course, output == .print { throw failure }
        if case .refusesOnce = course, count == 2 { return .refused(["/values/use": "too_long"]) }
        var body = FormBody(id: "frm_1", templateID: templateID, output: output.rawValue)
        if case .signature(let proof) = proof {
            var answer = try await platform.verify(proof)
            if case .notVerified = course {
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
    static let entered = [
        """
        {"name": "own_entry", "kind": "check", "labels": {"ja": "本人だけ"}, "source": "entered",
         "required": false, "group": "extent", "longest": 200}
        """,
        """
        {"name": "use", "kind": "text", "labels": {"ja": "使いみち"}, "source": "entered", "required": true,
         "group": null, "longest": 80}
        """,
    ]

    static func sample(entered: [String] = entered) throws -> FormTemplateBody {
        try JSONDecoder().decode(
            FormTemplateBody.self,
            from: Data(
                """
                {"id": "resident-record", "names": {"ja": "住民票の写しの請求書"}, "outputs": ["preview", "print"],
                 "groups": [{"id": "extent", "labels": {"ja": "だれの"}, "required": true}],
                 "fields": [\(entered.map { $0 + "," }.joined())
                  {"name": "name", "kind": "text", "labels": {"ja": "氏名"}, "source": "name", "required": true,
                   "group": null, "longest": 200}]}
                """.utf8))
    }
}
