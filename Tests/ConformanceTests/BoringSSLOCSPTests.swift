import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

@Suite("The public OCSP suite")
struct BoringSSLOCSPTests {
    @Test("All 36 cases have the published verdict, and none is wrongly good")
    func everyCase() throws {
        guard let suite = BoringSSLSuite("ocsp_unittest") else { return }
        #expect(suite.cases.count == 36)
        for item in suite.cases {
            let blocks = try suite.blocks(item)
            let report = try verdict(blocks, suite)
            #expect(
                word(report.status.status) == item.expected_status, "\(item.file): \(report.status) \(report.checks)")
        }
    }

    @Test("A refusal has the reason that the suite's processing stage calls for")
    func reasons() throws {
        guard let suite = BoringSSLSuite("ocsp_unittest") else { return }
        for item in suite.cases {
            let reason = try verdict(suite.blocks(item), suite).status.undeterminedReason
            let allowed: [CertificateStatus.UndeterminedReason?] =
                switch item.expected_processing {
                case "PARSE_RESPONSE_ERROR", "PARSE_RESPONSE_DATA_ERROR", "NO_MATCHING_RESPONSE", "BAD_PRODUCED_AT":
                    [.responseInvalid]
                case "ERROR_RESPONSE": [.sourceUnavailable]
                case "INVALID_DATE": [.sourceStale, .responseInvalid]
                case "UNHANDLED_CRITICAL_EXTENSION": [.unsupportedCriticalExtension]
                default: [nil, .signatureInvalid, .responderUnauthorized]
                }
            #expect(allowed.contains(reason), "\(item.file): \(String(describing: reason))")
        }
    }

    @Test("A request for each certificate is the published one, octet for octet")
    func requests() throws {
        guard let suite = BoringSSLSuite("ocsp_unittest") else { return }
        for item in suite.cases {
            let blocks = try suite.blocks(item)
            let leaf = try Certificate(der: #require(blocks["CERTIFICATE"]))
            let issuer = StatusIssuer(try Certificate(der: #require(blocks["CA CERTIFICATE"])))
            let request = OCSPRequest(certIDs: [OCSPCertID(certificate: leaf, issuer: issuer)])
            let published = try #require(blocks["OCSP REQUEST"])
            #expect(request.der == published, "\(item.file)")
            #expect(try OCSPRequest(der: published) == request, "\(item.file)")
        }
    }

    private func verdict(_ blocks: [PEM.Block], _ suite: BoringSSLSuite) throws -> StatusReport {
        let leaf = try Certificate(der: #require(blocks["CERTIFICATE"]))
        let issuer = try Certificate(der: #require(blocks["CA CERTIFICATE"]))
        var context = OCSPContext(time: suite.time)
        context.maximumAge = suite.maximumAge
        context.algorithms = .insecureLegacy
        let response = try #require(blocks["OCSP RESPONSE"])
        return status(of: leaf, issuer: StatusIssuer(issuer), response: response, context: context)
    }

    private func word(_ status: CertificateStatus.Status) -> String {
        switch status {
        case .good: "GOOD"
        case .revoked, .onHold: "REVOKED"
        case .unknown, .undetermined: "UNKNOWN"
        }
    }
}
