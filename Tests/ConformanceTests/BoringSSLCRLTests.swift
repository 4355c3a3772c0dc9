import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("The public CRL suite")
struct BoringSSLCRLTests {
    @Test("All 66 cases have the published verdict, and none is wrongly good")
    func everyCase() throws {
        guard let suite = BoringSSLSuite("crl_unittest") else { return }
        #expect(suite.cases.count == 66)
        for item in suite.cases {
            let blocks = try suite.blocks(item)
            let report = try verdict(blocks, suite)
            #expect(word(report.status.status) == item.expected, "\(item.file): \(report.status) \(report.checks)")
        }
    }

    private func verdict(_ blocks: [PEM.Block], _ suite: BoringSSLSuite) throws -> StatusReport {
        let leaf = try Certificate(der: #require(blocks["CERTIFICATE"]))
        let issuer = try Certificate(der: #require(blocks["CA CERTIFICATE"]))
        var context = CRLContext(time: suite.time)
        context.maximumAge = suite.maximumAge
        context.algorithms = .insecureLegacy
        context.pool = try blocks["CA CERTIFICATE 2"].map { [try Certificate(der: $0)] } ?? []
        // A list that does not decode is no evidence.
        let list = try? CertificateList(der: #require(blocks["CRL"]))
        let lists = list.map { [CandidateList.unverified($0)] } ?? []
        return status(of: leaf, issuer: StatusIssuer(issuer), lists: lists, context: context)
    }

    private func word(_ status: CertificateStatus.Status) -> String {
        switch status {
        case .good: "GOOD"
        case .revoked, .onHold: "REVOKED"
        case .unknown, .undetermined: "UNKNOWN"
        }
    }

    @Test("A case whose list is malformed is refused by the decoder, not by a later step")
    func malformedLists() throws {
        guard let suite = BoringSSLSuite("crl_unittest") else { return }
        let judgedLater = [
            "invalid_mismatched_signature_algorithm.pem", "invalid_issuer_keyusage_no_crlsign.pem",
            "invalid_key_rollover_issuer_keyusage_no_crlsign.pem", "invalid_idp_onlycontainsusercerts_v1_leaf.pem",
        ]
        for item in suite.cases where item.file.hasPrefix("invalid_") && !judgedLater.contains(item.file) {
            let der = try #require(suite.blocks(item)["CRL"])
            #expect(throws: DERError.self, "\(item.file)") { try CertificateList(der: der) }
        }
    }
}
