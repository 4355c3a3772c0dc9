import CounterApplications
import HTTPTypes
import Organizations
import PKIX
import Testing
import Verification
import WireFormat

@Suite("Bodies of forms, from clients that mean well and others")
struct FormBodyTests {
    private func faults(_ text: String) -> [String] {
        do throws(RequestRefusal) {
            _ = try FormRenderRequestBody(json: Array(text.utf8))
            return []
        } catch {
            return error.faults.map { "\($0.pointer) \($0.code.rawValue)" }
        }
    }

    private func body(_ person: String, _ rest: String = "") -> String {
        #"{"template_id": "resident-move", "person": \#(person)\#(rest)}"#
    }

    private static let typed = #"{"source": "typed", "name": "見本", "address": "見本市"}"#

    @Test("Each way of knowing the person is read, and what was entered with it")
    func sound() throws {
        let whole = body(
            FormBodyTests.typed,
            #", "output": "print", "values": {"a": "x", "b": true, "c": false, "d": "", "e": null}"#)
        let read = try FormRenderRequestBody(json: Array(whole.utf8))
        #expect(read.entries == ["a": .text("x"), "b": .checked])
        #expect(read.output == .print)
        #expect(faults(body(#"{"source": "ticket", "ticket": "AAAA"}"#)) == [])
        let card =
            #"{"source": "card_text", "record": "AAAA", "record_signature": "AAAA", "record_certificate": "AAAA"}"#
        #expect(faults(body(card)) == [])
    }

    @Test("What was typed is unchecked unless the client says that staff looked, and at what")
    func documents() throws {
        func person(_ more: String) throws -> FormPerson? {
            let text = body(#"{"source": "typed", "name": "見本", "address": "見本市"\#(more)}"#)
            guard case .typed(let person) = try FormRenderRequestBody(json: Array(text.utf8)).person else { return nil }
            return person
        }
        let plain = try #require(try person(""))
        #expect(plain.document == nil && plain.documentCheck == .unchecked)
        let named = try #require(try person(#", "document": "passport""#))
        #expect(named.document == .passport && named.documentCheck == .unchecked)
        let seen = try #require(try person(#", "document": "passport", "document_check": "staff""#))
        #expect(seen.document == .passport && seen.documentCheck == .byStaff)
        let refused = #"{"source": "typed", "name": "見本", "address": "見本市", "document_check": "staff"}"#
        #expect(faults(body(refused)) == ["/person/document missing"])
        let unknown = #"{"source": "typed", "name": "見本", "address": "見本市", "document_check": "yes"}"#
        #expect(faults(body(unknown)) == ["/person/document_check not_allowed"])
    }

    @Test("Every fault has its place, and none of them repeats what was sent")
    func faulty() {
        #expect(Set(faults("{}")) == ["/template_id missing", "/person missing"])
        #expect(faults(body("[]")).contains("/person wrong_type"))
        #expect(faults(body("{}")).contains("/person/source missing"))
        #expect(faults(body(#"{"source": "memory"}"#)).contains("/person/source not_allowed"))
        #expect(faults(body(#"{"source": "ticket", "ticket": "%%"}"#)) == ["/person/ticket malformed_base64"])
        #expect(faults(body(#"{"source": "signature"}"#)).contains("/person/challenge_id missing"))
        #expect(faults(body(FormBodyTests.typed, #", "output": "fax""#)) == ["/output not_allowed"])
        #expect(faults(body(FormBodyTests.typed, #", "values": []"#)) == ["/values wrong_type"])
        #expect(faults(body(FormBodyTests.typed, #", "values": {"a": 1}"#)) == ["/values wrong_type"])
        let long = String(repeating: "x", count: 2_049)
        #expect(faults(body(FormBodyTests.typed, #", "values": {"a": "\#(long)"}"#)) == ["/values too_long"])
        let many = (0...200).map { #""f\#($0)": "x""# }.joined(separator: ",")
        #expect(faults(body(FormBodyTests.typed, #", "values": {\#(many)}"#)) == ["/values wrong_type"])
        let date = #"{"source": "typed", "name": "見本", "address": "見本市", "birthdate": "2025-02-29"}"#
        #expect(faults(body(date)) == ["/person/birthdate malformed_time"])
        let twice = #"{"source": "typed", "name": "見本", "name": "別人", "address": "見本市"}"#
        #expect(faults(body(twice)) == [" malformed_json"])
    }

    @Test("A platform without forms has no such routes, and a client without the scope gets none")
    func routes() async throws {
        let without = try APIFixture(scopes: [.counter])
        #expect(try await without.send(.get, "/v1/form_templates").problem == "not_found")
        #expect(
            try await without.send(.post, "/v1/forms/render", body: body(FormBodyTests.typed)).problem == "not_found")
        let unscoped = try APIFixture(scopes: [.verify, .status])
        #expect(try await unscoped.send(.get, "/v1/form_templates").problem == "scope_missing")
        #expect(unscoped.useCases.journal.refusals == [.scopeMissing])
    }
}
