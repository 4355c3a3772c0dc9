import CertificateIssuing
import PKIX
import PathValidation
import Testing

/// What seldom stands in certificates, and the ends of the work budget.
@Suite("Unusual paths")
struct UnusualPathTests {
    @Test("An issuer without a name is refused, as anchor's child and as CA")
    func emptyIssuer() throws {
        let nobody = DistinguishedName([])
        let root = try IssuingAuthority(
            root: nobody, key: TestPKI.key("nobody"), notBefore: TestPKI.start, notAfter: TestPKI.end)
        #expect(root.judge(try root.leaf()).failed == [.certificateFormat])
        let above = try TestPKI.root()
        let key = try TestPKI.key("nameless")
        let request = TestPKI.request(
            nobody, key: key, [.keyUsage([.keyCertSign]), .basicConstraints(BasicConstraints(isCA: true))])
        let ca = IssuingAuthority(certificate: try above.issue(request), key: key)
        let report = above.judge(try ca.leaf(), through: [ca])
        #expect(report.result == .invalid && report.failed == [.certificateFormat])
    }

    @Test("An anchor that is not yet valid counts when its validity is asked for")
    func futureAnchor() throws {
        let root = try IssuingAuthority(
            root: TestPKI.name("Future"), key: TestPKI.key("future"), notBefore: TestPKI.time.advanced(bySeconds: 1),
            notAfter: TestPKI.end)
        let leaf = try root.leaf()
        #expect(root.judge(leaf).result == .valid)
        #expect(root.judge(leaf) { $0.anchorValidity = .checked }.subIndications == [.notYetValid])
    }

    @Test(
        "Names that are none are refused under a constraint of their form",
        arguments: [
            GeneralName.uniformResourceIdentifier("http://a.jp:port/"), .uniformResourceIdentifier("no colon"),
            .uniformResourceIdentifier(":"), .uniformResourceIdentifier("http:///x"), .rfc822Name("@a.jp"),
            .rfc822Name("x@"), .dNSName(String(repeating: "a.", count: 140) + "jp"), .dNSName("*"),
            .dNSName("a_b.jp\u{7F}"), .iPAddress([1, 2, 3, 4, 5]),
        ])
    func malformedNames(name: GeneralName) throws {
        let bases: [GeneralName] = [
            .uniformResourceIdentifier(""), .rfc822Name(""), .dNSName(""), .iPAddress([0, 0, 0, 0, 0, 0, 0, 0]),
        ]
        for constraint in [Extension.nameConstraints(permitted: bases), .nameConstraints(excluded: bases)] {
            let root = try TestPKI.root()
            let ca = try root.ca("CA", [constraint])
            #expect(root.judge(try ca.leaf([.subjectAltName([name])]), through: [ca]).failed == [.nameConstraints])
        }
    }

    @Test("A base that is none leaves names of its form undecided, and one that is clear decides")
    func malformedBases() throws {
        let root = try TestPKI.root()
        for base in [GeneralName.rfc822Name("x@"), .rfc822Name("."), .uniformResourceIdentifier("a b")] {
            let good: GeneralName =
                if case .rfc822Name = base { .rfc822Name("a.jp") } else { .uniformResourceIdentifier("a.jp") }
            let ca = try root.ca("CA", [.nameConstraints(permitted: [base, good])])
            func judge(_ host: String) throws -> ValidationResult {
                let name: GeneralName =
                    if case .rfc822Name = base { .rfc822Name("x@\(host)") } else {
                        .uniformResourceIdentifier("b://\(host)")
                    }
                return root.judge(try ca.leaf([.subjectAltName([name])]), through: [ca]).result
            }
            #expect(try judge("a.jp") == .valid && judge("b.jp") == .invalid)
        }
    }

    @Test("A mailbox in the subject that is no text cannot meet a constraint")
    func mailboxOfOctets() throws {
        let subject = DistinguishedName(relativeNames: [
            [NameAttribute(type: .emailAddress, valueTag: .octetString, value: [1])]
        ])
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [.nameConstraints(permitted: [.rfc822Name("")])])
        #expect(root.judge(try ca.leaf(subject: subject), through: [ca]).failed == [.nameConstraints])
    }

    @Test("Mappings that would make the policy graph too large end the validation, undetermined")
    func policyBudget() throws {
        let policies = (0..<45).map { OID(constant: 1, 3, 6, 1, UInt64($0)) }
        let pairs = policies.flatMap { issuer in policies.map { (issuer, $0) } }
        let root = try TestPKI.root()
        var authorities: [IssuingAuthority] = []
        for depth in 0..<20 {
            let extensions: [Extension] = [
                .certificatePolicies(policies.map { PolicyInformation($0) }), .mappings(pairs),
            ]
            authorities.append(try (authorities.last ?? root).ca("CA \(depth)", extensions))
        }
        let leaf = try (authorities.last ?? root).leaf([.certificatePolicies(policies.map { PolicyInformation($0) })])
        let report = root.judge(leaf, through: authorities)
        #expect(report.result == .undetermined && report.checks.contains { $0.code == .workBudget })
    }

    @Test("More failures than are listed still fail the path")
    func manyFailures() throws {
        let root = try TestPKI.root()
        var authorities: [IssuingAuthority] = []
        for depth in 0..<90 {
            authorities.append(
                try (authorities.last ?? root).ca(
                    "CA \(depth)",
                    defects: [.expired(at: TestPKI.time), .unknownCriticalExtension, .keyUsage(.cRLSign)]))
        }
        let report = root.judge(try (authorities.last ?? root).leaf(), through: authorities)
        #expect(report.result == .invalid && report.failed == [.validityPeriod, .criticalExtensions, .keyUsage])
        #expect(report.checks.count < 300)
    }

    @Test("Equal issuers and anchors are one in a set")
    func hashing() throws {
        let (root, other) = (try TestPKI.root(), try TestPKI.root("Other"))
        let issuers = Set([root, root, other].map { StatusIssuer($0.certificate) })
        let anchors = Set([root, root, other].map { TrustAnchor($0.certificate) })
        #expect(issuers.count == 2 && anchors.count == 2)
    }
}
