import CardProtocol
import CounterApplications
import CounterService
import Foundation
import JPKIProfile
import Organizations
import PDFRendering
import PKIX
import SandboxAuthority
import Synchronization
import Testing
import Verification
import VirtualCard

/// 書かない窓口 with real papers; the card's text from virtual cards.
@Suite struct FormDeskTests {
    static let person = FormPerson(
        .typed, name: "見本 花子", address: "見本市中央一丁目2番3号",
        birthDate: CounterApplications.BirthDate(year: 1990, month: 5, day: 3),
        gender: .female, document: .drivingLicence)
    static let whole: [String: FormEntry] = ["own_entry": .checked, "copies": .text("1")]

    private func request(
        _ evidence: FormRequest.Evidence = .typed(person), _ entries: [String: FormEntry] = whole,
        _ output: FormRequest.Output = .document, template: String = "resident-record"
    ) -> FormRequest {
        FormRequest(templateID: template, evidence: evidence, entries: entries, output: output)
    }

    private func refusal(_ bench: FormBench, _ request: FormRequest) async throws -> FormError? {
        let context = try bench.context()
        do throws(FormError) {
            _ = try await bench.desk.render(request, context)
            return nil
        } catch {
            return error
        }
    }

    @Test("A form has what was typed, the day in 和暦, the marks and how it came about; the audit trail has none of it")
    func typed() async throws {
        let bench = try FormBench()
        let answer = try await bench.desk.render(request(), bench.context())
        let filled = try #require(answer.filled)
        let text = try PopplerInspector().inspect(filled.form.octets).pageTexts[0]
        for wanted in ["見本 花子", "見本市中央一丁目2番3号", "平成2年5月3日", "端末で入力されました（未確認）", "確かめた職員：＿＿", "令和8年4月1日"] {
            #expect(text.contains(wanted), "\(wanted)")
        }
        #expect(filled.values["female"] == .checked && filled.values["male"] == nil)
        #expect(filled.ticket == nil)
        let events = bench.events.withLock { $0 }
        #expect(events.map(\.kind) == [.formRendered])
        let record = "\(events)"
        for value in ["花子", "中央一丁目", "1990"] { #expect(!record.contains(value)) }
        #expect(events[0].details["source"] == "typed" && events[0].subject == answer.id)
        let details = events[0].details
        #expect(details["document"] == "driving_licence" && details["document_check"] == "unchecked")
        #expect(!text.contains("職員が本人確認書類を見て"), "nobody is known to have looked")
    }

    @Test("That staff looked at the document stands on the paper and on the audit trail where a client says so alone")
    func checkedByStaff() async throws {
        let bench = try FormBench()
        var person = FormDeskTests.person
        person.documentCheck = .byStaff
        let filled = try #require(try await bench.desk.render(request(.typed(person)), bench.context()).filled)
        let text = try PopplerInspector().inspect(filled.form.octets).pageTexts[0]
        #expect(text.contains("職員が本人確認書類を見て入力しました") && !text.contains("未確認"))
        #expect(bench.events.withLock { $0.first?.details["document_check"] } == "staff")
    }

    @Test("The card's text is taken when the card's own signature covers it, and refused when one octet differs")
    func cardText() async throws {
        let bench = try FormBench()
        let sandbox = try Sandbox(settings: SandboxSettings { FormBench.now }, baseURL: "http://127.0.0.1:1")
        let resident = try sandbox.resident(.variationSelector)
        let files = try await bench.text(of: resident, in: sandbox)
        let (record, signature, certificate) = (
            try #require(files[.basicFour]), try #require(files[.basicFourSignature]),
            try #require(files[.textCertificate])
        )
        let evidence = FormRequest.Evidence.cardText(record: record, signature: signature, certificate: certificate)
        let filled = try #require(try await bench.desk.render(request(evidence), bench.context()).filled)
        #expect(filled.person.name == resident.person.attributes.name)
        #expect(filled.person.cardProof == .issuerUnchecked)
        #expect(filled.form.shown["basis"]?.contains("電子証明書の確認なし") == true)
        for index in [10, record.count / 2, record.count - 1] {
            var broken = record
            broken[index] ^= 1
            let forged = FormRequest.Evidence.cardText(
                record: broken, signature: signature, certificate: certificate)
            #expect(try await refusal(bench, request(forged)) == .cardTextRefused, "\(index)")
        }
        for hostile in [[], [0xFF], [UInt8](repeating: 0xFF, count: 8_192), Array(record.prefix(20))] {
            let forged = FormRequest.Evidence.cardText(
                record: hostile, signature: signature, certificate: certificate)
            #expect(try await refusal(bench, request(forged)) == .cardTextRefused)
        }
        #expect(bench.events.withLock { $0.last?.result } == "card_text_refused")
    }

    @Test("What does not fit is refused with its field, whoever it is of, and nothing is cut")
    func tooLong() async throws {
        let bench = try FormBench()
        var person = FormDeskTests.person
        person.address = String(repeating: "長", count: 201)
        #expect(
            try await refusal(bench, request(.typed(person))) == .entries([FormFault(.person(.address), .tooLong)]))
        person = FormDeskTests.person
        person.name = "見本\u{202E}花子"
        #expect(
            try await refusal(bench, request(.typed(person))) == .entries([FormFault(.person(.name), .notAllowed)]))
        person.name = nil
        #expect(try await refusal(bench, request(.typed(person))) == .entries([FormFault(.person(.name), .missing)]))
        person = FormDeskTests.person
        // As long as a text may be, and in a field of two lines too long for the smallest size.
        person.name = String(repeating: "長い名前", count: 50)
        #expect(
            try await refusal(bench, request(.typed(person))) == .entries([FormFault(.person(.name), .tooLong)]))
        let entries = FormDeskTests.whole.merging(["phone": .text(String(repeating: "Ｗ", count: 20))]) { $1 }
        #expect(try await refusal(bench, request(.typed(FormDeskTests.person), entries)) == nil)
    }

    @Test("Characters that no font has are named on the paper and in the answer")
    func substituted() async throws {
        let bench = try FormBench()
        var person = FormDeskTests.person
        person.name = "見本\u{E000}子"
        let filled = try #require(try await bench.desk.render(request(.typed(person)), bench.context()).filled)
        #expect(filled.form.substituted == ["U+E000"])
        let text = try PopplerInspector().inspect(filled.form.octets).pageTexts[0]
        #expect(text.contains("代替文字を含みます（U+E000）"))
    }

    @Test("Printed: held, put on the audit trail, released once, and nothing of it in the job's title")
    func printed() async throws {
        let bench = try FormBench(printer: PlayedPrinter())
        _ = try await bench.desk.render(
            request(.typed(FormDeskTests.person), FormDeskTests.whole, .print), bench.context())
        let calls = try #require(bench.printer).calls.withLock { $0 }
        #expect(calls.map(\.word) == ["hold", "release"])
        #expect(calls[0].token.hasPrefix("akf-") && !calls[0].token.contains("花"))
        #expect(bench.events.withLock { $0.map(\.result) } == ["print"])
        // A site without a printer for forms prints nothing.
        #expect(try bench.desk.templates(bench.context(site: "branch")).allSatisfy { !$0.outputs.contains(.print) })
    }

    @Test(
        "Called not printed is what certainly was not: refused, or held and taken back",
        arguments: PlayedPrinter.Course.withoutPaper)
    func notPrinted(_ course: PlayedPrinter.Course) async throws {
        #expect(try await printing(course) == .printerUnavailable)
    }

    @Test("A release whose answer alone was lost has printed", arguments: PlayedPrinter.Course.printed)
    func answerLost(_ course: PlayedPrinter.Course) async throws {
        #expect(try await printing(course) == nil)
    }

    @Test("What nobody knows is called neither printed nor not printed", arguments: PlayedPrinter.Course.unknown)
    func outcomeUnknown(_ course: PlayedPrinter.Course) async throws {
        #expect(try await printing(course) == .printOutcomeUnknown)
    }

    private func printing(_ course: PlayedPrinter.Course) async throws -> FormError? {
        let bench = try FormBench(printer: PlayedPrinter(course))
        let found = try await refusal(bench, request(.typed(FormDeskTests.person), FormDeskTests.whole, .print))
        #expect(try #require(bench.printer).calls.withLock { $0.map(\.word) } == course.expected)
        return found
    }

    @Test("An audit trail that cannot be written takes the paper back, and gives no answer")
    func noRecordNoPaper() async throws {
        let bench = try FormBench(printer: PlayedPrinter())
        bench.isBroken.withLock { $0 = true }
        let wanted = request(.typed(FormDeskTests.person), FormDeskTests.whole, .print)
        #expect(try await refusal(bench, wanted) == .serviceNotReady)
        #expect(try #require(bench.printer).calls.withLock { $0.map(\.word) } == ["hold", "cancel"])
    }

    @Test("Another municipality, a client without the scope and a form that is not offered get nothing")
    func refused() async throws {
        let bench = try FormBench()
        await #expect(throws: FormError.scopeMissing) {
            try await bench.desk.render(request(), bench.context(scopes: [.verify]))
        }
        await #expect(throws: FormError.notServed) {
            try await bench.desk.render(request(), bench.context(of: "131016"))
        }
        await #expect(throws: FormError.unknownTemplate) {
            try await bench.desk.render(request(template: "resident-move"), bench.context())
        }
        await #expect(throws: FormError.ticketExpired) {
            try await bench.desk.render(request(.ticket([1, 2, 3])), bench.context())
        }
    }
}

extension FormAnswer {
    var filled: Filled? {
        guard case .filled(let filled) = outcome else { return nil }
        return filled
    }
}
