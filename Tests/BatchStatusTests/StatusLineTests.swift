import BatchStatus
import CertificateIssuing
import Foundation
import JPKIProfile
import PKIX
import SignatureValidation
import Testing
import WireFormat

@Suite("Lines of a status batch")
struct StatusLineTests {
    private func answers(_ text: String, _ settings: BatchSettings = BatchSettings()) async throws -> [String] {
        let fixture = try BatchFixture()
        let service = try fixture.service(settings)
        return try await fixture.running(service) {
            let id = try await BatchFixture.submit(text, to: service).job.id
            let job = try await BatchFixture.finished(id, service)
            #expect(job.state == .succeeded)
            let octets = try await BatchFixture.result(id, service)
            return String(decoding: octets, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    @Test("A poison line costs itself only, whatever it is")
    func poison() async throws {
        let poison = [
            "not json", "{}", "[]", "", "{\"ref\":\"x\"", #"{"ref":"p","certificate":"%%"}"#,
            #"{"ref":"p","issuer_id":"issuer-a","serial_number":"XYZ"}"#,
            #"{"ref":"p","issuer_id":"issuer-a","serial_number":"01","extra":1}"#,
            #"{"ref":"p","issuer_id":"issuer-a","issuer_id":"issuer-a","serial_number":"01"}"#,
            #"{"ref":"p","issuer_id":"nobody","serial_number":"01"}"#,
            #"{"ref":"p","issuer_id":"issuer-a","serial_number":"01","certificate":"AAAA"}"#,
            #"{"ref":"\#(String(repeating: "é", count: 65))","issuer_id":"issuer-a","serial_number":"01"}"#,
            String(repeating: "[", count: 5_000), "\u{0}", #"{"ref":"p","issuer_id":"issuer-a"}"#,
            String(repeating: "x", count: 200_000),
        ]
        var text = ""
        for line in poison { text += BatchFixture.lines([3]) + line + "\n" }
        text += BatchFixture.lines([4])
        let found = try await answers(text)
        #expect(found.count == poison.count * 2 + 1)
        for (number, line) in found.enumerated() {
            #expect(line.hasPrefix(#"{"line":\#(number + 1)"#))
            #expect(line.contains(#""error":{"code":""#) == (number % 2 == 1), "line \(number + 1)")
            #expect((try? JSONValue(Array(line.utf8))) != nil)
        }
        #expect(found.filter { $0.contains("line_too_long") }.count == 1)
        #expect(found.filter { $0.contains("unknown_issuer") }.count == 1)
        #expect(found.last?.contains(#""ref":"r4","status":"good""#) == true)
    }

    @Test("A last line without an end counts, and ends")
    func lastLine() async throws {
        let found = try await answers(String(BatchFixture.lines([3, 4]).dropLast()))
        #expect(found.count == 2)
    }

    @Test("A serial is answered as the single check would, whether a list names it or not")
    func sameAsSingle() async throws {
        let fixture = try BatchFixture()
        let numbers = Array(UInt64(1)...40) + [4_096, .max]
        let found = try await answers(BatchFixture.lines(numbers))
        var policy = RevocationPolicy()
        (policy.preferredMethod, policy.fallback) = (.crl, .forbidden)
        let issuer = try #require(fixture.trust.issuers.first)
        let evidence = ValidationEvidence(
            ocsp: .notAsked, lists: fixture.lists.lists(for: nil, of: issuer, trust: fixture.trust), clock: .trusted,
            challenge: .notUsed)
        for (number, line) in zip(numbers, found) {
            let report = SerialValidator(
                SerialNumber(number), issuer: issuer, trust: fixture.trust,
                constraints: ValidationConstraints(acceptedKinds: [], revocation: policy), at: BatchFixture.start
            ).report(evidence)
            #expect(
                Array((line + "\n").utf8).suffix(StatusItem.answer(report.revocation).count)
                    == StatusItem.answer(report.revocation)[...])
            let word =
                BatchFixture.revoked.contains(number)
                ? "revoked" : BatchFixture.held.contains(number) ? "on_hold" : "good"
            #expect(line.contains(#""status":"\#(word)""#), "\(number)")
        }
    }

    @Test("However a line is written, it means the same")
    func spelling() async throws {
        let forms = [
            #"{"ref":"a","issuer_id":"issuer-a","serial_number":"05"}"#,
            #" { "serial_number" : "5" , "issuer_id":"issuer-a","ref":"a" } "#,
            #"{"\u0072ef":"\u0061","issuer_id":"issuer\u002da","serial_number":"0000000005"}"#,
            #"{"ref":"a","issuer_id":"issuer-a","serial_number":"005","certificate":null}"#,
        ]
        let found = try await answers(forms.joined(separator: "\r\n"))
        for line in found {
            #expect(line.contains(#","ref":"a","status":"revoked","revocation_reason":"keyCompromise""#))
        }
        #expect(found.count == forms.count)
    }

    @Test("A caller's id comes back letter by letter")
    func reference() async throws {
        let found = try await answers(
            #"{"ref":"窓口 1\n\"x\"","issuer_id":"issuer-a","serial_number":"05"}"# + "\n" + #"{"ref":"é\t","x":1}"#)
        let values = try found.map { try JSONValue(Array($0.utf8)) }
        #expect(values.map { $0["ref"]?.text } == ["窓口 1\n\"x\"", "é\t"])
    }

    @Test("A certificate that cannot be decoded is undetermined, and no error")
    func undecodable() async throws {
        let found = try await answers(#"{"ref":"c","certificate":"AAAA"}"#)
        #expect(found.first?.contains(#""status":"undetermined""#) == true)
    }
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
