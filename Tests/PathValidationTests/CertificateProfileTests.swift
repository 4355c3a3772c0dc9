import CertificateIssuing
import PKIX
import PathValidation
import Testing

/// What RFC 5280 §4 demands of certificates, as other implementations' suites probe it.
@Suite("The certificate profile of RFC 5280 §4")
struct CertificateProfileTests {
    private func strictly(_ constraints: inout PathConstraints) { constraints.keyIdentifiers = .required }

    private func leaf(_ defects: CertificateDefect..., subject: DistinguishedName = TestPKI.name("Leaf")) throws
        -> PathReport
    {
        let root = try TestPKI.root()
        return root.judge(try root.leaf(subject: subject, defects: defects), strictly)
    }

    private func ca(_ defects: CertificateDefect...) throws -> PathReport {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", defects: defects)
        return root.judge(try ca.leaf(), through: [ca], strictly)
    }

    // MARK: §4.2.1.1, §4.2.1.2

    @Test("Key identifiers that are required must be there: the issuer's in all, the subject's in CAs")
    func keyIdentifiers() throws {
        #expect(try leaf().result == .valid && ca().result == .valid)
        #expect(try leaf(.withoutExtension(.authorityKeyIdentifier)).failed == [.certificateFormat])
        #expect(try ca(.withoutExtension(.authorityKeyIdentifier)).failed == [.certificateFormat])
        #expect(try ca(.withoutExtension(.subjectKeyIdentifier)).failed == [.certificateFormat])
        #expect(try leaf(.withoutExtension(.subjectKeyIdentifier)).result == .valid)
        let root = try TestPKI.root()
        let plain = try root.leaf(defects: [.withoutExtension(.authorityKeyIdentifier)])
        #expect(root.judge(plain).result == .valid, "not required, they only help to find the path")
    }

    @Test("An authorityKeyIdentifier without the key identifier is none, but for a self-signed certificate")
    func issuerAndSerialAlone() throws {
        let value = DERWriter.encode(.sequence) { writer in
            writer.append(.contextConstructed(1)) { $0.generalName(.directoryName(TestPKI.name("Root"))) }
            writer.append(.context(2), [1])
        }
        let item = Extension(id: .authorityKeyIdentifier, critical: false, value: value)
        #expect(try leaf(.withExtension(item)).failed == [.certificateFormat])
        let root = try TestPKI.root()
        #expect(root.judge(root.certificate, strictly).result == .valid)
        let bridge = try root.ca("Root", seed: "new", defects: [.withoutExtension(.authorityKeyIdentifier)])
        let below = root.judge(try bridge.leaf(), through: [bridge], strictly)
        #expect(below.failed == [.certificateFormat], "self-issued is not self-signed")
    }

    @Test(
        "Key identifiers and freshestCRL are never critical",
        arguments: [OID.authorityKeyIdentifier, .subjectKeyIdentifier, .authorityInfoAccess])
    func criticalWhatMustNotBe(id: OID) throws {
        let root = try TestPKI.root()
        let value: [UInt8] =
            switch id {
            case .authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: root.keyIdentifier[...]).der
            case .subjectKeyIdentifier: [0x04, 0x01, 0x01]
            default:
                AccessDescription.der([
                    AccessDescription(accessMethod: .ocspAccessMethod, accessLocation: .dNSName("a.jp"))
                ])
            }
        let item = Extension(id: id, critical: true, value: value)
        #expect(root.judge(try root.leaf(defects: [.withExtension(item)])).failed == [.certificateFormat])
    }

    // MARK: §4.1.2

    @Test("An empty subject needs a critical alternative name, and no CA has one")
    func emptySubject() throws {
        let names = Extension.subjectAltName([.dNSName("a.jp")])
        let critical = Extension(id: .subjectAltName, critical: true, value: names.value)
        let nobody = DistinguishedName([])
        #expect(try leaf(.withExtension(critical), subject: nobody).result == .valid)
        #expect(try leaf(.withExtension(names), subject: nobody).failed == [.certificateFormat])
        #expect(try leaf(subject: nobody).failed == [.certificateFormat])
    }

    @Test("Serial numbers: zero is refused, negative ones are coped with, twenty octets are the most")
    func serialNumbers() throws {
        #expect(try leaf(.serialNumber(SerialNumber(0))).failed == [.certificateFormat])
        for octets: [UInt8] in [[0x80], [0xFF, 0x7F], [0x7F] + [UInt8](repeating: 0xFF, count: 19)] {
            let serial = try serialNumber(octets)
            #expect(try leaf(.serialNumber(serial)).result == .valid)
        }
        let longest = try #require(SerialNumber(magnitude: [UInt8](repeating: 0xFF, count: 20)))
        #expect(try leaf(.serialNumber(longest)).result == .valid)
        #expect(throws: DERError.self) { try serialNumber([0x7F] + [UInt8](repeating: 0xFF, count: 20)) }
    }

    private func serialNumber(_ contents: [UInt8]) throws -> SerialNumber {
        let der = DERWriter.encode(.integer) { $0.append(contents) }
        return try SerialNumber(DERReader.single(.integer, der[...], in: "serialNumber"))
    }

    // MARK: §4.2.1.3, §4.2.1.9 to §4.2.1.14

    @Test("What only a CA may carry is refused in a leaf")
    func leafWithAuthority() throws {
        #expect(try leaf(.keyUsage([.digitalSignature, .keyCertSign])).failed == [.certificateFormat])
        let constraint = Extension.nameConstraints(permitted: [.directoryName(DistinguishedName([]))])
        #expect(try leaf(.withExtension(constraint)).failed == [.certificateFormat])
    }

    @Test(
        "A constraint that is not critical could be passed over by others: refused, but policyConstraints is coped with"
    )
    func uncriticalConstraints() throws {
        let names = Extension.nameConstraints(excluded: [.dNSName("a.jp")])
        #expect(
            try ca(.withExtension(Extension(id: names.id, critical: false, value: names.value))).failed
                == [.certificateFormat])
        let any = Extension.inhibitAnyPolicy(1)
        #expect(
            try ca(.withExtension(Extension(id: any.id, critical: false, value: any.value))).failed
                == [.certificateFormat])
        let policies = Extension.policyConstraints(mapping: 0)
        #expect(
            try ca(.withExtension(Extension(id: policies.id, critical: false, value: policies.value))).result == .valid)
        let basic = Extension(id: .basicConstraints, critical: false, value: BasicConstraints(isCA: true).der)
        #expect(try ca(.withExtension(basic)).result == .valid)
    }

    @Test("A CA that names purposes issues for these alone (§4.2.1.12)")
    func purposesOfAuthorities() throws {
        func judge(_ purposes: [OID]?) throws -> PathReport {
            let root = try TestPKI.root()
            let ca = try root.ca("CA", purposes.map { [.extendedKeyUsage($0)] } ?? [])
            let leaf = try ca.leaf([.extendedKeyUsage([.serverAuth])])
            return root.judge(leaf, through: [ca]) { $0.requiredExtendedKeyUsage = .serverAuth }
        }
        #expect(try judge(nil).result == .valid && judge([.serverAuth, .clientAuth]).result == .valid)
        #expect(try judge([.anyExtendedKeyUsage]).result == .valid)
        #expect(try judge([.clientAuth]).failed == [.extendedKeyUsage])
    }
}
