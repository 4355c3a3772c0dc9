import Demonstration
import Foundation
import JPKIProfile
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import Testing
import WireFormat

/// 書かない窓口 at the built server. Whatever is filled in here is searched for afterwards, as everything of this suite is.
extension FlowTests {
    @Test("A form is filled in from a 署名用 signature, and a second one for the same person without the card")
    func formFromSignature() async throws {
        let town = try #require(Town.current)
        for archetype in [Archetype.regular, .variationSelector, .veryLong, .latinName, .unknownBirthDay] {
            let resident = try town.sandbox.resident(archetype)
            let first = try await town.render(
                "resident-move", .signature(resident), ["moving_in": .boolean(true)], output: "preview")
            let form = try #require(first.form, "\(archetype.rawValue): \(first)")
            #expect(form.refusal == nil && form.verification?.result == "valid")
            #expect(form.person?.source == "signature")
            #expect(form.person?.name == resident.person.attributes.name)
            #expect(form.person?.address == resident.person.attributes.address)
            #expect(form.pdf == nil)
            #expect(form.verification?.claims == nil, "the person stands once in the answer")
            #expect(Set(form.missing) == ["moved_on", "new_address"])
            let shown = Dictionary(uniqueKeysWithValues: form.fields.map { ($0.name, $0.text) })
            #expect(shown["filer_name"] == resident.person.attributes.name)
            #expect(shown["filed_on"]?.hasPrefix("令和") == true)
            let ticket = try #require(form.ticket)
            let second = try await town.render(
                "resident-record", .ticket(ticket), ["own_entry": .boolean(true), "copies": .string("2")],
                output: "document")
            let paper = try #require(second.form, "\(archetype.rawValue): \(second)")
            #expect(paper.person?.name == resident.person.attributes.name)
            #expect(decodeBase64(paper.pdf ?? "")?.starts(with: Array("%PDF-1.7".utf8)) == true)
            #expect(paper.verification == nil)
            // Another client of the same municipality cannot use it.
            let stolen = try await town.render(
                "resident-record", .ticket(ticket), [:], output: "preview", as: .secondSystem)
            #expect(stolen.problem == "form_ticket_expired")
        }
    }

    @Test("A signature that does not stand fills in nothing", arguments: FormNegative.all)
    func formNegative(_ negative: FormNegative) async throws {
        let town = try #require(Town.current)
        let reply = try await negative.ask(town)
        #expect(reply.description == negative.expected)
        #expect(reply.form?.person == nil && reply.form?.fields.isEmpty ?? true)
        #expect(town.platform.isRunning)
    }

    @Test("What was typed is marked as typed, by staff where the client vouches for it, and leaves nothing behind")
    func formTyped() async throws {
        let town = try #require(Town.current)
        let resident = try town.sandbox.resident(.regular)
        for (check, words) in [("unchecked", "（未確認）"), ("staff", "職員が本人確認書類を見て")] {
            let reply = try await town.render(
                "resident-record",
                .typed(
                    name: resident.person.attributes.name, address: resident.person.attributes.address, check: check),
                ["whole_household": .boolean(true), "copies": .string("1")], output: "document")
            let form = try #require(reply.form)
            #expect(form.person?.source == "typed" && form.person?.document == "driving_licence")
            #expect(form.person?.documentCheck == check)
            #expect(form.ticket == nil && form.verification == nil)
            #expect(form.fields.contains { $0.source == "basis" && $0.text.contains(words) })
        }
    }
}

/// A request for a form that must not be filled in, and the exact answer.
struct FormNegative: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: String
    let ask: @Sendable (Town) async throws -> FormReplyOfTown

    private init(
        _ name: String, _ expected: String, ask: @escaping @Sendable (Town) async throws -> FormReplyOfTown
    ) {
        (testDescription, self.expected, self.ask) = (name, expected, ask)
    }

    private static func signed(
        _ name: String, _ expected: String, _ person: @escaping @Sendable (Town) throws -> FormPersonOfTown
    ) -> FormNegative {
        FormNegative(name, expected) { town in
            try await town.render("resident-move", try person(town), [:], output: "preview")
        }
    }

    private static func entered(
        _ name: String, _ expected: String, _ values: [String: JSONValue], output: String = "document"
    ) -> FormNegative {
        FormNegative(name, expected) { town in
            let resident = try town.sandbox.resident(.regular)
            return try await town.render(
                "resident-record",
                .typed(name: resident.person.attributes.name, address: resident.person.attributes.address),
                values, output: output)
        }
    }

    static let whole: [String: JSONValue] = ["own_entry": .boolean(true), "copies": .string("1")]

    static var all: [FormNegative] {
        [
            signed("expired certificate", "refused not_verified") { .signature(try $0.sandbox.resident(.expired)) },
            signed("revoked certificate", "refused not_verified") { .signature($0.revoked.ordinary) },
            signed("never issued: nobody knows", "refused not_verified") {
                .signature(try $0.sandbox.resident(.neverIssued))
            },
            signed("another content than the challenge", "refused not_verified") {
                .otherContent(try $0.sandbox.resident(.regular))
            },
            signed("challenge that was used", "HTTP 409 challenge_already_used") {
                .usedChallenge(try $0.sandbox.resident(.regular))
            },
            signed("challenge that never was", "HTTP 404 not_found") {
                .unknownChallenge(try $0.sandbox.resident(.regular))
            },
            signed("purpose that the client has not", "HTTP 403 purpose_not_allowed") {
                .otherPurpose(try $0.sandbox.resident(.regular))
            },
            signed("利用者証明用: no attributes", "refused no_attributes") {
                .authentication(try $0.sandbox.resident(.regular))
            },
            signed("no ticket", "HTTP 410 form_ticket_expired") { _ in .ticket(base64([UInt8](repeating: 7, count: 99)))
            },
            FormNegative("unknown form", "HTTP 400 invalid_argument /template_id not_allowed") { town in
                try await town.render("nothing", .typed(name: "見本", address: "見本市"), [:], output: "preview")
            },
            FormNegative("client without the scope", "HTTP 403 scope_missing") { town in
                try await town.render(
                    "resident-move", .typed(name: "見本", address: "見本市"), [:], output: "preview", as: .operatorConsole)
            },
            entered(
                "incomplete form", "HTTP 400 invalid_argument /values/extent missing, /values/copies missing", [:]),
            entered(
                "unknown field", "HTTP 400 invalid_argument /values/nothing unknown_field",
                whole.merging(["nothing": .string("x")]) { $1 }),
            entered(
                "a value for a field of the card", "HTTP 400 invalid_argument /values/name conflict",
                whole.merging(["name": .string("別人")]) { $1 }),
            entered(
                "two marks of one group", "HTTP 400 invalid_argument /values/extent conflict",
                whole.merging(["whole_household": .boolean(true)]) { $1 }),
            entered(
                "too long for the field", "HTTP 400 invalid_argument /values/phone too_long",
                whole.merging(["phone": .string(String(repeating: "9", count: 21))]) { $1 }),
            entered(
                "control characters", "HTTP 400 invalid_argument /values/use not_allowed",
                whole.merging(["use": .string("a\u{1B}]0;x\u{07}")]) { $1 }),
            entered(
                "a character that turns the order round", "HTTP 400 invalid_argument /values/use not_allowed",
                whole.merging(["use": .string("a\u{202E}b")]) { $1 }),
            entered(
                "a mark where text belongs", "HTTP 400 invalid_argument /values/use wrong_type",
                whole.merging(["use": .boolean(true)]) { $1 }),
            entered(
                "print where the queue does not answer", "HTTP 503 printer_unavailable", whole,
                output: "print"),
        ]
    }
}

/// Whose form it is.
enum FormPersonOfTown: Sendable {
    case signature(Resident)
    case otherContent(Resident)
    case usedChallenge(Resident)
    case unknownChallenge(Resident)
    case otherPurpose(Resident)
    case authentication(Resident)
    case ticket(String)
    case typed(name: String, address: String, check: String = "unchecked")
}

/// What came back.
struct FormReplyOfTown: CustomStringConvertible {
    let status: Int
    let form: FormBody?
    let problem: String?
    let faults: [String]

    var description: String {
        if let refusal = form?.refusal { return "refused \(refusal)" }
        if form != nil { return "filled" }
        return (["HTTP \(status) \(problem ?? "?")"] + [faults.joined(separator: ", ")]).filter { !$0.isEmpty }
            .joined(separator: " ")
    }
}

extension Town {
    func render(
        _ template: String, _ person: FormPersonOfTown, _ values: [String: JSONValue], output: String,
        as identity: SandboxClient = .counterSystem
    ) async throws -> FormReplyOfTown {
        let body: JSONValue = .object([
            "template_id": .string(template), "output": .string(output), "values": .object(values),
            "person": .object(try await members(person)),
        ])
        let response = try await client(identity).send(
            .post, "/v1/forms/render", headers: [("content-type", "application/json")], body: Array(body.text.utf8))
        let json = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        if response.status >= 400 { keep(problem: response.body) }
        let errors = (json?["errors"] as? [[String: Any]] ?? []).map {
            "\($0["pointer"] as? String ?? "?") \($0["code"] as? String ?? "?")"
        }
        return FormReplyOfTown(
            status: response.status,
            form: response.status == 200
                ? try JSONDecoder().decode(FormBody.self, from: Data(response.body)) : nil,
            problem: json?["code"] as? String, faults: errors)
    }

    private func members(_ person: FormPersonOfTown) async throws -> [String: JSONValue] {
        switch person {
        case .ticket(let ticket): return ["source": .string("ticket"), "ticket": .string(ticket)]
        case .typed(let name, let address, let check):
            return [
                "source": .string("typed"), "name": .string(name), "address": .string(address),
                "document": .string("driving_licence"), "document_check": .string(check),
            ]
        case .signature(let resident): return try await proof(resident)
        case .authentication(let resident):
            return try await proof(resident, .cardUserAuthentication, purpose: "login")
        case .otherPurpose(let resident):
            return try await proof(resident).merging(["purpose": .string("tax_filing")]) { $1 }
        case .unknownChallenge(let resident):
            return try await proof(resident).merging(["challenge_id": .string("chl_NOTHING")]) { $1 }
        case .otherContent(let resident):
            let other = try call(
                resident, .cardDigitalSignature, over: Town.application, purpose: "application_signature")
            return try await proof(resident).merging([
                "content": .string(base64(Town.application)), "signature": .string(base64(other.signature)),
            ]) { $1 }
        case .usedChallenge(let resident):
            let members = try await proof(resident)
            let body: JSONValue = .object([
                "template_id": .string("resident-move"), "person": .object(members),
            ])
            _ = try await client(.counterSystem).send(
                .post, "/v1/forms/render", headers: [("content-type", "application/json")],
                body: Array(body.text.utf8))
            return members
        }
    }

    private func proof(
        _ resident: Resident, _ kind: CertificateKind = .cardDigitalSignature,
        purpose: String = "application_signature"
    ) async throws -> [String: JSONValue] {
        let challenge = try await challenge(purpose: purpose)
        let call = try call(resident, kind, over: challenge.nonce, purpose: purpose)
        return [
            "source": .string("signature"), "certificate": .string(base64(call.certificate)),
            "signature_algorithm": .string(call.signatureAlgorithm), "signature": .string(base64(call.signature)),
            "content": .string(base64(challenge.nonce)), "challenge_id": .string(challenge.id),
            "purpose": .string(purpose),
        ]
    }
}

extension JSONValue {
    /// The JSON text.
    fileprivate var text: String {
        switch self {
        case .null: return "null"
        case .boolean(let truth): return String(truth)
        case .number(let text): return text
        case .string(let text):
            let data = (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
            return String(decoding: data, as: UTF8.self)
        case .array(let elements): return "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            return "{" + members.map { "\(JSONValue.string($0.key).text):\($0.value.text)" }.joined(separator: ",")
                + "}"
        }
    }
}
