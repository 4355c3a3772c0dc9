import Foundation
import PKIX
import Testing

/// BoringSSL's CRL and OCSP suites through `akashi batch`.
@Suite("Status suites through akashi batch")
struct BatchStatusSuiteTests {
    @Test("66 lists: good, revoked, or not found out")
    func lists() throws {
        guard let suite = BoringSSLSuite("crl_unittest") else { return }
        for item in suite.cases {
            let blocks = try suite.blocks(item)
            var request = try self.request(blocks, suite)
            request["crls"] = [try #require(blocks["CRL"]?.base64)]
            request["additional_certificates"] = blocks["CA CERTIFICATE 2"].map { [$0.base64] } ?? []
            #expect(try word(request) == item.expected, "\(item.file)")
        }
        #expect(suite.cases.count == 66)
    }

    @Test("36 OCSP responses: good, revoked, or not found out")
    func responses() throws {
        guard let suite = BoringSSLSuite("ocsp_unittest") else { return }
        for item in suite.cases {
            let blocks = try suite.blocks(item)
            var request = try self.request(blocks, suite)
            request["ocsp_responses"] = [try #require(blocks["OCSP RESPONSE"]?.base64)]
            #expect(try word(request) == item.expected_status, "\(item.file)")
        }
        #expect(suite.cases.count == 36)
    }

    private func request(_ blocks: [PEM.Block], _ suite: BoringSSLSuite) throws -> [String: Any] {
        [
            "op": "certificate_status", "id": 1, "algorithms": "insecure_legacy",
            "certificate": try #require(blocks["CERTIFICATE"]?.base64),
            "issuer": try #require(blocks["CA CERTIFICATE"]?.base64),
            "validation_time": suite.time.description, "max_age_seconds": suite.maximumAge,
        ]
    }

    /// The suite's word for a status.
    private func word(_ request: [String: Any]) throws -> String {
        switch try PublicSuites.answer(request)["status"] as? String {
        case "good": "GOOD"
        case "revoked", "on_hold": "REVOKED"
        default: "UNKNOWN"
        }
    }
}

extension [UInt8] {
    fileprivate var base64: String { PKIX.base64(self) }
}
