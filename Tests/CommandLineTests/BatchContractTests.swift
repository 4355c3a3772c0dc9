import CommandLine
import Foundation
import Testing

/// The batch contract of design §5: what is wrong with a line is answered for that line.
@Suite("Batch contract")
struct BatchContractTests {
    private func answer(_ line: String) throws -> [String: Any] { try answer(Array(line.utf8)) }

    private func answer(_ line: [UInt8]) throws -> [String: Any] {
        let answer = BatchProcessor().answer(line)
        #expect(!answer.contains(0x0A))
        return try #require(try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any])
    }

    private func code(_ line: String) throws -> String? {
        try (answer(line)["error"] as? [String: Any])?["code"] as? String
    }

    @Test(
        "A line that is no JSON object is answered with invalid_json",
        arguments: [
            "", " ", "nonsense", "[]", "null", "{", "{}{}", "{\"id\":1,}", "{\"id\":1 \"op\":2}", "{\"id\":01}",
            "{\"id\":\"\\ud800\"}", "{\"id\":\"\\udc00\\ud800\"}", "{\"id\":\"\\x\"}", "{\"id\":1,\"id\":2}",
            "{\"id\":+1}", "{\"id\":.5}", "{\"id\":1.}", "{\"id\":tru}", "{\"id\":\"\u{1}\"}", "{'id':1}",
        ])
    func invalidJSON(line: String) throws {
        #expect(try code(line) == "invalid_json", "\(line)")
    }

    @Test("Octets that are not UTF-8, and NUL, are no JSON")
    func invalidOctets() throws {
        for octets: [UInt8] in [[0xFF, 0xFE], [0x00], Array("{\"id\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)] {
            let error = try #require(try answer(octets)["error"] as? [String: Any])
            #expect(error["code"] as? String == "invalid_json")
        }
    }

    @Test("Deep nesting and endless numbers meet a limit")
    func jsonLimits() throws {
        let deep = "{\"id\":1,\"op\":" + String(repeating: "[", count: 100_000)
        #expect(try code(deep) == "limit_exceeded")
        #expect(try code("{\"id\":" + String(repeating: "9", count: 100) + "}") == "limit_exceeded")
        let many = "{\"id\":1,\"op\":[" + String(repeating: "1,", count: 70_000) + "1]}"
        #expect(try code(many) == "limit_exceeded")
        let members = { (count: Int) in "{" + (0..<count).map { "\"m\($0)\":0" }.joined(separator: ",") + "}" }
        #expect(try code(members(1_024)) == "missing_field")
        #expect(try code(members(1_025)) == "limit_exceeded")
        // Looked up, a name of marks alone would take minutes.
        let marks = String(repeating: "\u{301}\u{323}", count: 250_000)
        #expect(try code("{\"\(marks)\":1}") == "limit_exceeded")
    }

    @Test("Missing and unknown fields, operations and words have a code each")
    func fields() throws {
        #expect(try code("{\"op\":\"parse\"}") == "missing_field")
        #expect(try code("{\"id\":1}") == "missing_field")
        #expect(try code("{\"id\":1,\"op\":\"fly\"}") == "unknown_operation")
        #expect(try code("{\"id\":1,\"op\":\"verify_cms\",\"cms\":\"\"}") == "unsupported_operation")
        #expect(try code("{\"id\":1,\"op\":\"parse\",\"kind\":\"crl\"}") == "missing_field")
        #expect(try code("{\"id\":1,\"op\":\"parse\",\"kind\":\"letter\",\"der\":\"\"}") == "invalid_field")
        #expect(try code("{\"id\":1,\"op\":\"parse\",\"kind\":\"crl\",\"der\":\"\",\"x\":1}") == "unknown_field")
        #expect(try code("{\"id\":1,\"op\":\"parse\",\"kind\":\"crl\",\"der\":7}") == "invalid_field")
        #expect(try code("{\"id\":[],\"op\":\"parse\"}") == "invalid_field")
        #expect(try code("{\"id\":1.5,\"op\":\"parse\"}") == "invalid_field")
    }

    @Test(
        "Base64 is strict",
        arguments: ["A", "AA", "AAA", "AA=", "AB==", "AAB=", "A===", "====", "AAAA\\n", "AA AA", "AA-_", "AAAA="])
    func base64(text: String) throws {
        #expect(try code("{\"id\":1,\"op\":\"parse\",\"kind\":\"crl\",\"der\":\"\(text)\"}") == "invalid_base64")
    }

    @Test("The id comes back as it was given, also with an error")
    func identifiers() throws {
        #expect(try answer("{\"id\":\"a\\\"\\u00e9\\ud83d\\ude00\",\"op\":\"fly\"}")["id"] as? String == "a\"é😀")
        #expect(try answer("{\"id\":-7,\"op\":\"fly\"}")["id"] as? Int == -7)
        #expect(try answer("{\"op\":\"fly\"}")["id"] is NSNull)
        let long = String(repeating: "x", count: 1_025)
        #expect(try code("{\"id\":\"\(long)\",\"op\":\"fly\"}") == "limit_exceeded")
    }

    @Test("DER that does not decode is a verdict, not an error")
    func undecodable() throws {
        let path = try answer(
            """
            {"op":"validate_path","id":1,"certificate":"MAA=","trust_anchors":["MAA="],"crls":["MAA="],
            "validation_time":"2026-01-01T00:00:00Z"}
            """)
        #expect(path["result"] as? String == "invalid")
        #expect(path["sub_indications"] as? [String] == ["FORMAT_FAILURE"])
        let checks = try #require(path["checks"] as? [[String: Any]])
        #expect(checks.map { $0["code"] as? String } == ["certificate_format", "evidence_format", "evidence_format"])
        let status = try answer(
            """
            {"op":"certificate_status","id":1,"certificate":"MAA=","issuer":"MAA=",
            "validation_time":"2026-01-01T00:00:00Z"}
            """)
        #expect(status["status"] as? String == "undetermined" && status["crl_number"] is NSNull)
        let signature = try answer(
            """
            {"op":"verify_signature","id":1,"public_key":"MAA=","message":"","signature":"",
            "signature_algorithm":{"name":"sha256WithRSAEncryption"}}
            """)
        #expect(signature["valid"] as? Bool == false)
        let parse = try answer("{\"op\":\"parse\",\"id\":1,\"kind\":\"certificate\",\"der\":\"MAA=\"}")
        #expect(parse["ok"] as? Bool == false && parse["error"] is String)
    }

    @Test("An unsupported signature algorithm is an error, of any shape")
    func unsupportedAlgorithm() throws {
        func code(_ algorithm: String) throws -> String? {
            try self.code(
                """
                {"op":"verify_signature","id":1,"public_key":"MAA=","message":"","signature":"",
                "signature_algorithm":\(algorithm)}
                """)
        }
        #expect(try code("{\"name\":\"dsa-with-sha256\"}") == "unsupported_algorithm")
        #expect(
            try code("{\"name\":\"rsassaPss\",\"hash\":\"sha256\",\"mgf_hash\":\"sha1\"}") == "unsupported_algorithm")
        #expect(
            try code("{\"name\":\"rsassaPss\",\"hash\":\"sha256\",\"salt_length\":20}") == "unsupported_algorithm")
        #expect(try code("{\"name\":\"sha256WithRSAEncryption\",\"color\":1}") == "unknown_field")
        #expect(try code("\"sha256WithRSAEncryption\"") == "invalid_field")
    }

    @Test("Times, numbers and words are checked before anything is judged")
    func values() throws {
        func code(_ more: String) throws -> String? {
            try self.code("{\"op\":\"validate_path\",\"id\":1,\"certificate\":\"\",\"trust_anchors\":[],\(more)}")
        }
        let time = "\"validation_time\":\"2026-01-01T00:00:00Z\""
        #expect(try code("\"validation_time\":\"yesterday\"") == "invalid_field")
        #expect(try code("\"profile\":\"jpki\"") == "missing_field")
        #expect(try code("\(time),\"revocation\":\"some\"") == "invalid_field")
        #expect(try code("\(time),\"max_age_seconds\":-1") == "invalid_field")
        #expect(try code("\(time),\"max_age_seconds\":1e3") == "invalid_field")
        #expect(try code("\(time),\"initial_policy_set\":[\"1\"]") == "invalid_field")
        #expect(try code("\(time),\"required_key_usage\":[\"flying\"]") == "invalid_field")
        #expect(try code("\(time),\"require_explicit_policy\":\"no\"") == "invalid_field")
        #expect(try code("\(time),\"algorithms\":\"any\"") == "invalid_field")
        let full = Array(repeating: "\"\"", count: 1_025).joined(separator: ",")
        #expect(try code("\(time),\"intermediates\":[\(full)]") == "limit_exceeded")
        #expect(try code("\(time),\"max_age_seconds\":null,\"crls\":null") == nil)
    }
}
