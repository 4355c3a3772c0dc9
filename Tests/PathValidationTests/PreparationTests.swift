import CertificateIssuing
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

/// RFC 5280 §6.1.4 (k) to (o) and §6.1.5 (f): who may issue, and what must be understood.
@Suite("Preparation for the next certificate")
struct PreparationTests {
    @Test("An issuer without basicConstraints, or with cA FALSE, is no CA (k)", arguments: [true, false])
    func noCA(isLeftOut: Bool) throws {
        let root = try TestPKI.root()
        let defect: CertificateDefect =
            isLeftOut
            ? .withoutExtension(.basicConstraints)
            : .withExtension(.basicConstraints(BasicConstraints(isCA: false)))
        let ca = try root.ca("CA", defects: [defect])
        let report = root.judge(try ca.leaf(), through: [ca])
        #expect(report.result == .invalid && report.failed == [.basicConstraints])
    }

    @Test("A version 1 certificate cannot issue (k)")
    func version1Issuer() throws {
        let root = try TestPKI.root()
        let key = try TestPKI.key("v1")
        let tbs = DERWriter.encode(.sequence) {
            $0.integer(9)
            $0.algorithm(root.scheme.identifier)
            $0.append(root.name.encoding)
            $0.append(.sequence) {
                $0.time(TestPKI.start)
                $0.time(TestPKI.end)
            }
            $0.append(TestPKI.name("V1").encoding)
            $0.append(key.publicKeyInfo.encoding)
        }
        let der = try signedEnvelope(tbs: tbs, algorithm: root.scheme.identifier) { try root.key.signature(over: $0) }
        let ca = IssuingAuthority(certificate: try Certificate(der: der), key: key)
        #expect(ca.certificate.version == 1)
        let report = root.judge(try ca.leaf(), through: [ca])
        #expect(report.result == .invalid && report.failed == [.basicConstraints])
    }

    @Test("pathLenConstraint 0 allows a leaf and no further CA (l), (m)")
    func pathLength() throws {
        let root = try TestPKI.root()
        let outer = try root.ca("Outer", pathLength: 0)
        #expect(root.judge(try outer.leaf(), through: [outer]).result == .valid)
        let inner = try outer.ca("Inner")
        let report = root.judge(try inner.leaf(), through: [outer, inner])
        #expect(report.result == .invalid && report.failed == [.pathLength])
    }

    @Test("A lower CA cannot raise the path length (m)")
    func pathLengthCannotRise() throws {
        let root = try TestPKI.root()
        let first = try root.ca("First", pathLength: 1)
        let second = try first.ca("Second", pathLength: 9)
        let third = try second.ca("Third")
        #expect(root.judge(try second.leaf(), through: [first, second]).result == .valid)
        let report = root.judge(try third.leaf(), through: [first, second, third])
        #expect(report.failed == [.pathLength])
    }

    @Test("A self-issued CA certificate does not count towards the path length (l)")
    func selfIssuedPathLength() throws {
        let root = try TestPKI.root()
        let old = try root.ca("CA", pathLength: 0)
        let new = try old.ca("CA", seed: "new key")
        let report = root.judge(try new.leaf(), through: [old, new])
        #expect(report.result == .valid && report.path.count == 3)
    }

    @Test("A CA whose keyUsage lacks keyCertSign cannot issue (n)")
    func keyCertSign() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", defects: [.keyUsage([.cRLSign, .digitalSignature])])
        let report = root.judge(try ca.leaf(), through: [ca])
        #expect(report.result == .invalid && report.failed == [.keyUsage])
        let silent = try root.ca("Silent", defects: [.keyUsage([])])
        #expect(root.judge(try silent.leaf(), through: [silent]).result == .valid)
    }

    @Test("An unknown critical extension is refused in a CA (§6.1.4 (o)) and in the target (§6.1.5 (f))")
    func unknownCritical() throws {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", defects: [.unknownCriticalExtension])
        #expect(root.judge(try ca.leaf(), through: [ca]).failed == [.criticalExtensions])
        let leaf = try root.leaf(defects: [.unknownCriticalExtension])
        let report = root.judge(leaf)
        #expect(report.result == .invalid && report.failed == [.criticalExtensions])
    }

    @Test("An unknown extension that is not critical is passed over")
    func unknownNonCritical() throws {
        let root = try TestPKI.root()
        let item = Extension(id: OID("1.3.6.1.4.1.99999.2") ?? .anyPolicy, critical: false, value: [5, 0])
        #expect(root.judge(try root.leaf([item])).result == .valid)
    }

    @Test("The required key usage must be there whole; without keyUsage it depends on the profile")
    func requiredKeyUsage() throws {
        let root = try TestPKI.root()
        let leaf = try root.leaf()
        #expect(root.judge(leaf) { $0.requiredKeyUsage = .digitalSignature }.result == .valid)
        let report = root.judge(leaf) { $0.requiredKeyUsage = [.digitalSignature, .nonRepudiation] }
        #expect(report.result == .invalid && report.subIndications == [.chainConstraintsFailure])
        let silent = try root.leaf(defects: [.keyUsage([])])
        #expect(root.judge(silent) { $0.requiredKeyUsage = .digitalSignature }.result == .valid)
        let strict = root.judge(silent) {
            $0.requiredKeyUsage = .digitalSignature
            $0.missingKeyUsage = .fails
        }
        #expect(strict.failed == [.keyUsage])
    }

    @Test("A required purpose must stand in extKeyUsage, when that is there")
    func requiredPurpose() throws {
        let root = try TestPKI.root()
        let server = try root.leaf([.extendedKeyUsage([.serverAuth])])
        #expect(root.judge(server) { $0.requiredExtendedKeyUsage = .clientAuth }.failed == [.extendedKeyUsage])
        #expect(root.judge(server) { $0.requiredExtendedKeyUsage = .serverAuth }.result == .valid)
        let any = try root.leaf([.extendedKeyUsage([.anyExtendedKeyUsage])])
        #expect(root.judge(any) { $0.requiredExtendedKeyUsage = .clientAuth }.result == .valid)
        #expect(root.judge(try root.leaf()) { $0.requiredExtendedKeyUsage = .clientAuth }.result == .valid)
    }

    @Test(
        "A certificate that breaks a rule of §4 on itself is refused",
        arguments: ["zero serial", "critical AKI", "name constraints in a leaf", "keyCertSign in a leaf", "no name"])
    func formRules(defect: String) throws {
        let root = try TestPKI.root()
        let leaf: Certificate =
            switch defect {
            case "zero serial": try root.leaf(defects: [.serialNumber(SerialNumber(0))])
            case "critical AKI":
                try root.leaf(defects: [
                    .withExtension(
                        Extension(
                            id: .authorityKeyIdentifier, critical: true,
                            value: AuthorityKeyIdentifier(keyIdentifier: root.key.keyIdentifier[...]).der))
                ])
            case "name constraints in a leaf":
                try root.leaf([.nameConstraints(permitted: [.dNSName("example.jp")])])
            case "keyCertSign in a leaf": try root.leaf(defects: [.keyUsage([.keyCertSign])])
            default: try root.leaf(subject: DistinguishedName([]))
            }
        let report = root.judge(leaf)
        #expect(report.result == .invalid && report.failed == [.certificateFormat])
    }

    @Test("A negative serial number is read (§4.1.2.2)")
    func negativeSerial() throws {
        let root = try TestPKI.root()
        let serial = try SerialNumber(DERReader.single(.integer, [0x02, 0x01, 0xFF], in: "serial"))
        #expect(root.judge(try root.leaf(defects: [.serialNumber(serial)])).result == .valid)
    }
}
