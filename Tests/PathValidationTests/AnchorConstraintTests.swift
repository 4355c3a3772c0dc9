import CertificateIssuing
import PKIX
import PathValidation
import Testing

/// RFC 5280 §6.2, RFC 5937: constraints in the certificate that an anchor was taken from limit what lies below it.
@Suite("Constraints of the anchor")
struct AnchorConstraintTests {
    private func root(_ extensions: [Extension]) throws -> IssuingAuthority {
        try IssuingAuthority(
            root: TestPKI.name("Root"), key: TestPKI.key("Root"), notBefore: TestPKI.start, notAfter: TestPKI.end,
            extensions: extensions)
    }

    @Test("Its name constraints hold for every path, permitted and excluded")
    func nameConstraints() throws {
        let permitted = try root([.nameConstraints(permitted: [.dNSName("example.jp")])])
        let inside = Extension.subjectAltName([.dNSName("a.example.jp")])
        let outside = Extension.subjectAltName([.dNSName("a.example.com")])
        #expect(permitted.judge(try permitted.leaf([inside])).result == .valid)
        #expect(permitted.judge(try permitted.leaf([outside])).failed == [.nameConstraints])
        let excluded = try root([.nameConstraints(excluded: [.dNSName("example.com")])])
        let ca = try excluded.ca("CA")
        #expect(excluded.judge(try ca.leaf([inside]), through: [ca]).result == .valid)
        #expect(excluded.judge(try ca.leaf([outside]), through: [ca]).failed == [.nameConstraints])
    }

    @Test("A malformed name constraint of the anchor fails every path")
    func malformed() throws {
        let root = try root([.nameConstraints(excluded: [.dNSName(".example.jp")])])
        #expect(root.judge(try root.leaf()).failed == [.nameConstraints])
    }

    @Test("Its path length counts the CAs below it")
    func pathLength() throws {
        let plain = try TestPKI.root()
        let certificate = try plain.ca("Root", seed: "Root", pathLength: 0)
        let root = IssuingAuthority(certificate: certificate.certificate, key: plain.key)
        #expect(root.judge(try root.leaf()).result == .valid)
        let ca = try root.ca("CA")
        #expect(root.judge(try ca.leaf(), through: [ca]).failed == [.pathLength])
    }

    @Test("An explicit policy that it requires is required of every path")
    func policyConstraints() throws {
        let root = try root([.policyConstraints(explicit: 0)])
        #expect(root.judge(try root.leaf()).failed == [.certificatePolicy])
        #expect(root.judge(try root.leaf([.policies(TestPKI.policyA)])).result == .valid)
    }

    @Test("Its anyPolicy and its mappings are inhibited where it says so")
    func inhibited() throws {
        let root = try root([.policyConstraints(explicit: 0, mapping: 0), .inhibitAnyPolicy(0)])
        #expect(root.judge(try root.leaf([.policies(.anyPolicy)])).result == .invalid)
        let ca = try root.ca("CA", [.policies(TestPKI.policyA), .mappings([(TestPKI.policyA, TestPKI.policyB)])])
        #expect(root.judge(try ca.leaf([.policies(TestPKI.policyB)]), through: [ca]).result == .invalid)
    }

    @Test("A critical extension of it that nobody knows could be a constraint: refused")
    func unknownCritical() throws {
        let unknown = Extension(id: OID(constant: 1, 3, 6, 1, 4, 1, 99_999, 1), critical: true, value: [0x05, 0x00])
        let root = try root([unknown])
        #expect(root.judge(try root.leaf()).failed == [.criticalExtensions])
    }

    @Test("An anchor given as name and key has no constraints")
    func nameAndKey() throws {
        let root = try root([.nameConstraints(excluded: [.directoryName(TestPKI.name("Leaf"))])])
        let leaf = try root.leaf()
        #expect(root.judge(leaf).result == .invalid)
        let anchor = TrustAnchor(name: root.name, subjectPublicKeyInfo: root.key.publicKeyInfo)
        let builder = PathBuilder(anchors: [anchor], pool: [], constraints: PathConstraints())
        #expect(builder.validate(leaf, at: TestPKI.time).result == .valid)
    }
}
