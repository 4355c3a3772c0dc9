import CertificateIssuing
import HTTPSupport
import HTTPTypes
import PKIX
import SignatureAlgorithms
import Testing
import Verification
import WireFormat

@Suite("A malformed body is refused with the place of each fault")
struct RequestBodyTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let field: String
        let value: String
        let expected: String

        init(_ field: String, _ value: String, _ expected: String) {
            (self.field, self.value, self.expected) = (field, value, expected)
        }

        var testDescription: String { "\(field): \(value) → \(expected)" }
    }

    static let faults: [Fault] = [
        Fault("certificate", "", "/certificate missing"), Fault("certificate", "null", "/certificate missing"),
        Fault("certificate", "12", "/certificate wrong_type"),
        Fault("certificate", "\"\"", "/certificate out_of_range"),
        Fault("certificate", "\"M-_A\"", "/certificate malformed_base64"),
        Fault("certificate", "\"MA=\"", "/certificate malformed_base64"),
        Fault("signature", "", "/signature missing"), Fault("signature", "[]", "/signature wrong_type"),
        Fault("signature_algorithm", "", "/signature_algorithm missing"),
        Fault("hash_algorithm", "\"md5\"", "/hash_algorithm not_allowed"),
        Fault("hash_algorithm", "\"sha384\"", "/hash_algorithm conflict"),
        Fault("digest", "", "/digest missing"), Fault("digest", "\"AAAA\"", "/digest out_of_range"),
        Fault("content", "\"AAAA\"", "/digest conflict"), Fault("purpose", "", "/purpose missing"),
        Fault("purpose", "\"\"", "/purpose too_long"),
        Fault("purpose", "\"\(String(repeating: "p", count: 65))\"", "/purpose too_long"),
        Fault("purpose", "true", "/purpose wrong_type"),
        Fault("validation_time", "\"yesterday\"", "/validation_time malformed_time"),
        Fault("validation_time", "\"2026-04-01T00:00:00\"", "/validation_time malformed_time"),
        Fault("validation_time", "\"2036-04-01T00:00:00Z\"", "/validation_time out_of_range"),
        Fault("claims", "[\"name\",\"my_number\"]", "/claims not_allowed"),
        Fault("claims", "\"name\"", "/claims wrong_type"),
        Fault("claims", "[1]", "/claims/0 wrong_type"), Fault("report_level", "\"all\"", "/report_level not_allowed"),
        Fault("locale", "\"ja\"", "/locale wrong_type"), Fault("revocation", "[]", "/revocation wrong_type"),
        Fault("revocation", "{\"preferred_method\":\"dns\"}", "/revocation/preferred_method not_allowed"),
        Fault("revocation", "{\"max_age_seconds\":-1}", "/revocation/max_age_seconds out_of_range"),
        Fault("revocation", "{\"max_age_seconds\":1.5}", "/revocation/max_age_seconds wrong_type"),
        Fault("revocation", "{\"max_age_seconds\":99999999999999999999}", "/revocation/max_age_seconds wrong_type"),
        Fault("revocation", "{\"allow_fallback\":\"yes\"}", "/revocation/allow_fallback wrong_type"),
        Fault("revocation", "{\"fallback\":true}", "/revocation/fallback unknown_field"),
        Fault("certificate_chain", "[\"%\"]", "/certificate_chain malformed_base64"),
        Fault("municipality_code", "\"131016\"", "/municipality_code unknown_field"),
        Fault("a/b~c", "1", "/a~1b~0c unknown_field"),
        Fault("policy_id", "\"other-citys\"", "/policy_id not_allowed"),
    ]

    @Test("A verification with one fault", arguments: faults)
    func oneFault(fault: Fault) async throws {
        let fixture = try APIFixture()
        let exchange = try await fixture.send(
            .post, "/v1/verifications", body: AnswerFixtures.verificationBody([fault.field: fault.value]))
        #expect(exchange.status == 400)
        #expect(exchange.problem == "invalid_argument")
        #expect(exchange.faults == [fault.expected], "\(exchange.text)")
        #expect(fixture.useCases.journal.verifications.isEmpty)
    }

    @Test("All faults are named at once")
    func allFaults() async throws {
        let exchange = try await APIFixture().send(.post, "/v1/verifications", body: #"{"digest":"%","x":1}"#)
        #expect(
            Set(exchange.faults) == [
                "/certificate missing", "/signature_algorithm missing", "/digest malformed_base64",
                "/signature missing", "/purpose missing", "/x unknown_field",
            ])
    }

    @Test(
        "What is not one JSON object with unique names is refused",
        arguments: [
            "", "{", "[]", "null", "{}{}", "{\"purpose\":\"a\",\"purpose\":\"b\"}", "{'purpose':1}", "{\"a\":01}",
            "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1,}", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\x\"}",
            "\u{FEFF}{}", "{\"a\":NaN}", "{\"a\":1e}", "{\"a\" 1}", "// c\n{}",
            String(repeating: "[", count: 10_000),
            "{\"a\":" + String(repeating: "[", count: 33) + String(repeating: "]", count: 33) + "}",
        ])
    func notJSON(body: String) async throws {
        let exchange = try await APIFixture().send(.post, "/v1/challenges", body: body)
        #expect(exchange.status == 400)
        #expect(exchange.faults == [body == "[]" || body == "null" ? " wrong_type" : " malformed_json"])
    }

    @Test("Octets that are not UTF-8 are refused")
    func notUTF8() async throws {
        let identity = try Clients.identity("city")
        let exchange = try await APIFixture().send(
            .post, "/v1/challenges", peer: .certificate(identity.certificate.der),
            body: Array("{\"purpose\":\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8))
        #expect(exchange.faults == [" malformed_json"])
    }

    @Test("A body that is not called JSON, or comes encoded, is 415")
    func mediaType() async throws {
        let fixture = try APIFixture()
        for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            let exchange = try await fixture.send(
                .post, "/v1/challenges", body: "{\"purpose\":\"certificate_issuance\"}", headers: [.contentType: type])
            #expect(exchange.problem == "unsupported_media_type")
        }
        let encoded = try await fixture.send(
            .post, "/v1/challenges", body: "{}", headers: [.contentEncoding: "gzip"])
        #expect(encoded.problem == "unsupported_media_type")
    }

    @Test("A body over the limit is 413, whether it says so or not")
    func tooLarge() async throws {
        let fixture = try APIFixture()
        let body = "{\"purpose\":\"\(String(repeating: "a", count: 70_000))\"}"
        let silent = try await fixture.send(.post, "/v1/challenges", body: body)
        #expect(silent.problem == "request_too_large")
        let honest = try await fixture.send(
            .post, "/v1/challenges", body: "{}", headers: [.contentLength: "70000"])
        #expect(honest.problem == "request_too_large")
    }

    @Test("An Idempotency-Key that is empty, long, not ASCII or stands twice is refused")
    func idempotencyKeys() async throws {
        let fixture = try APIFixture()
        let name = fieldName("Idempotency-Key")
        var doubled: HTTPFields = [:]
        doubled.append(HTTPField(name: name, value: "a"))
        doubled.append(HTTPField(name: name, value: "b"))
        let long: HTTPFields = [name: String(repeating: "k", count: 256)]
        for headers in [[name: ""], [name: "a b"], long, doubled] as [HTTPFields] {
            let exchange = try await fixture.send(
                .post, "/v1/verifications", body: AnswerFixtures.verificationBody(), headers: headers)
            #expect(exchange.faults == ["Idempotency-Key not_allowed"])
        }
    }

    @Test("A status check needs exactly one way to say which certificate")
    func targets() throws {
        func faults(_ body: String) -> [String] {
            do throws(RequestRefusal) {
                _ = try StatusCheckRequestBody(json: Array(body.utf8))
                return []
            } catch {
                return error.faults.map { "\($0.pointer) \($0.code.rawValue)" }
            }
        }
        let purpose = "\"purpose\":\"certificate_issuance\""
        #expect(faults("{\(purpose)}") == ["/certificate missing"])
        #expect(faults("{\(purpose),\"serial_number\":\"0A\"}") == ["/certificate missing"])
        #expect(faults("{\(purpose),\"issuer_id\":\"a\"}") == ["/serial_number missing"])
        #expect(faults("{\(purpose),\"issuer_id\":\"a\",\"serial_number\":\"XY\"}") == ["/serial_number malformed_hex"])
        #expect(
            faults("{\(purpose),\"issuer_id\":\"a\",\"serial_number\":\"\(String(repeating: "FF", count: 21))\"}")
                == ["/serial_number malformed_hex"])
        #expect(
            faults("{\(purpose),\"certificate\":\"MAA=\",\"issuer_id\":\"a\",\"serial_number\":\"0A\"}") == [
                "/certificate conflict"
            ])
        #expect(faults("{\(purpose),\"certificate\":\"MAA=\",\"serial_number\":\"0A\"}") == ["/serial_number conflict"])
        #expect(
            faults(
                "{\(purpose),\"cert_id\":{\"issuer_name_hash\":\"AAAA\",\"issuer_key_hash\":\"AAAA\",\"serial_number\":\"0A\"}}"
            )
                == ["/cert_id/issuer_name_hash out_of_range", "/cert_id/issuer_key_hash out_of_range"])
    }

    @Test("A serial number's leading 00 octet says nothing")
    func leadingZero() throws {
        func serial(_ text: String) throws -> SerialNumber? {
            let body = "{\"purpose\":\"p\",\"issuer_id\":\"a\",\"serial_number\":\"\(text)\"}"
            guard case .serial(_, let serial) = try StatusCheckRequestBody(json: Array(body.utf8)).request.target else {
                return nil
            }
            return serial
        }
        #expect(try serial("00FF01") == serial("ff01"))
        #expect(try serial("00FF01")?.hex == "FF01")
    }

    @Test("Names of algorithms map to schemes, and an unknown one is no fault of the request")
    func algorithms() throws {
        func scheme(_ name: String, hash: String = "null") throws -> SignatureScheme? {
            let body = AnswerFixtures.verificationBody([
                "signature_algorithm": "\"\(name)\"", "hash_algorithm": hash, "digest": "", "content": "\"AAAA\"",
            ])
            return try VerificationRequestBody(json: Array(body.utf8)).request.scheme
        }
        #expect(try scheme("sha256WithRSAEncryption") == .rsaPKCS1(.sha256))
        #expect(try scheme("ecdsa-with-SHA384") == .ecdsa(.sha384))
        #expect(try scheme("rsassaPss", hash: "\"sha512\"") == .rsaPSS(.sha512))
        #expect(try scheme("md5WithRSAEncryption") == nil)
    }

    @Test("An object of more members than any body has is refused by name")
    func members() throws {
        func object(_ count: Int) -> [UInt8] {
            Array(("{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }
        #expect(try JSONValue(object(JSONValue.mostMembers))["m1023"] == .number("0"))
        #expect(throws: JSONError.tooManyMembers) { try JSONValue(object(JSONValue.mostMembers + 1)) }
    }

    @Test("A name of an object that is longer than any body has is refused before it is looked up")
    func longNames() throws {
        func object(_ name: String) -> [UInt8] { Array("{\"\(name)\":0}".utf8) }
        let longest = String(repeating: "n", count: JSONValue.longestName)
        #expect(try JSONValue(object(longest))[longest] == .number("0"))
        #expect(throws: JSONError.nameTooLong) { try JSONValue(object(longest + "n")) }
        // Looked up, this one would take minutes.
        let marks = String(repeating: "\u{301}\u{323}", count: 250_000)
        #expect(throws: JSONError.nameTooLong) { try JSONValue(object(marks)) }
    }

    @Test("Escapes and surrogate pairs in strings are read as the characters they mean")
    func escapes() throws {
        let value = try JSONValue(Array(#"{"a":"\u8a3c\ud842\udfb7\"\\\/\b\f\n\r\t"}"#.utf8))
        #expect(value["a"]?.text == "証𠮷\"\\/\u{8}\u{C}\n\r\t")
    }
}
