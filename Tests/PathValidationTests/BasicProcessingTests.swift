import CertificateIssuing
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

/// RFC 5280 §6.1.3 (a): signature, validity, name chaining.
@Suite("Basic certificate processing")
struct BasicProcessingTests {
    @Test("A path of a leaf, a CA and the anchor is valid, and every check is listed")
    func valid() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA")
        let leaf = try ca.leaf()
        let report = root.judge(leaf, through: [ca])
        #expect(report.result == .valid && report.subIndications.isEmpty && report.failed.isEmpty)
        #expect(report.path == [leaf, ca.certificate])
        #expect(report.issuerKey == ca.key.publicKeyInfo)
        let listed = Set(report.checks.map(\.code))
        let expected: Set<CheckCode> = [
            .trustAnchor, .validityPeriod, .certificateFormat, .certificateSignature, .algorithm, .nameChaining,
            .nameConstraints, .certificatePolicy, .policyMapping, .basicConstraints, .pathLength, .keyUsage,
            .criticalExtensions, .extendedKeyUsage,
        ]
        #expect(listed == expected)
    }

    @Test(
        "A signature that is not the issuer's is refused (a)(1)",
        arguments: ["tampered leaf", "tampered signature", "other key"])
    func wrongSignature(defect: String) throws {
        let root = try TestPKI.root()
        let defects: [CertificateDefect] =
            switch defect {
            case "tampered leaf": [.tampered]
            case "tampered signature": [.tamperedSignature]
            default: [.signedBy(try TestPKI.key("somebody else"))]
            }
        let report = root.judge(try root.leaf(defects: defects))
        #expect(report.result == .invalid)
        #expect(report.failed == [.certificateSignature])
    }

    @Test("A CA certificate with a bad signature fails the path of a good leaf")
    func wrongCASignature() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", defects: [.tamperedSignature])
        let report = root.judge(try ca.leaf(), through: [ca])
        #expect(report.result == .invalid && report.failed == [.certificateSignature])
    }

    @Test("notBefore and notAfter are inside the validity period, one second beyond is not (a)(2)")
    func validityBounds() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf()
        #expect(root.judge(leaf, at: TestPKI.start).result == .valid)
        #expect(root.judge(leaf, at: TestPKI.end).result == .valid)
        let early = root.judge(leaf, at: TestPKI.start.advanced(bySeconds: -1))
        #expect(early.result == .invalid && early.subIndications == [.notYetValid])
        let late = root.judge(leaf, at: TestPKI.end.advanced(bySeconds: 1))
        #expect(late.result == .invalid && late.subIndications == [.expired] && late.failed == [.validityPeriod])
    }

    @Test("An expired CA certificate fails the path (a)(2)")
    func expiredCA() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", defects: [.expired(at: TestPKI.time)])
        #expect(root.judge(try ca.leaf(), through: [ca]).subIndications == [.expired])
    }

    @Test("A leaf that names another issuer has no path (a)(4)")
    func nameChaining() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA")
        let namesake = IssuingAuthority(certificate: try root.ca("Other", seed: "CA").certificate, key: ca.key)
        let report = root.judge(try namesake.leaf(), through: [ca])
        #expect(report.result == .invalid && report.subIndications == [.noCertificateChainFound])
    }

    @Test("Names that differ in case and inner space chain (§7.1)")
    func nameComparison() throws {
        let root = try TestPKI.root()
        let spelled = DistinguishedName([
            (.country, "jp"), (.organization, " AKASHI   Test "), (.commonName, "root"),
        ])
        let twin = try IssuingAuthority(
            root: spelled, key: root.key, notBefore: TestPKI.start, notAfter: TestPKI.end)
        #expect(root.judge(try twin.leaf()).result == .valid)
    }

    @Test("The algorithms inside and beside the signed part must be the same (§4.1.1.2)")
    func algorithmMismatch() throws {
        let root = try TestPKI.root()
        let report = root.judge(try root.leaf(defects: [.algorithmMismatch]))
        #expect(report.result == .invalid && report.failed.contains(.algorithm))
    }

    @Test("SHA-1 signatures are refused by the current suite and read by the legacy one")
    func sha1() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf(defects: [.insecureSHA1Signature])
        let report = root.judge(leaf)
        #expect(report.result == .invalid && report.subIndications == [.cryptoConstraintsFailure])
        #expect(root.judge(leaf) { $0.algorithms = .insecureLegacy }.result == .valid)
    }

    @Test("A leaf with an RSA-1024 key is refused by the current suite")
    func weakSubjectKey() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf(defects: [.subjectKey(try .insecureRSA1024())])
        #expect(root.judge(leaf).subIndications == [.cryptoConstraintsFailure])
        #expect(root.judge(leaf) { $0.algorithms = .insecureLegacy }.result == .valid)
    }

    @Test("Several defects are all listed, in whatever order they are found")
    func everyFailureIsListed() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf(defects: [
            .expired(at: TestPKI.time), .unknownCriticalExtension, .keyUsage([.keyEncipherment]),
        ])
        let report = root.judge(leaf) { $0.requiredKeyUsage = .digitalSignature }
        #expect(report.failed == [.validityPeriod, .criticalExtensions, .keyUsage])
        #expect(report.result == .invalid)
    }

    @Test("The anchor's own validity counts only when it is asked for")
    func anchorValidity() throws {
        let root = try IssuingAuthority(
            root: TestPKI.name("Old root"), key: TestPKI.key("old"), notBefore: TestPKI.start,
            notAfter: TestPKI.time.advanced(bySeconds: -1))
        let leaf = try root.leaf()
        #expect(root.judge(leaf).result == .valid)
        let report = root.judge(leaf) { $0.anchorValidity = .checked }
        #expect(report.result == .invalid && report.subIndications == [.expired])
    }
}
