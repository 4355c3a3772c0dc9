import CertificateIssuing
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

@Suite("Path building")
struct PathBuildingTests {
    @Test("Of anchors with one name, the key decides; another generation's key is no path")
    func generations() throws {
        let old = try TestPKI.root("Root", seed: "generation 1")
        let new = try TestPKI.root("Root", seed: "generation 2")
        let leaf = try new.leaf()
        let both = PathBuilder(
            anchors: [TrustAnchor(old.certificate), TrustAnchor(new.certificate)], pool: [],
            constraints: PathConstraints()
        ).validate(leaf, at: TestPKI.time)
        #expect(both.result == .valid && both.anchor?.certificate == new.certificate)
        let wrong = old.judge(leaf)
        #expect(wrong.result == .invalid && wrong.subIndications == [.noCertificateChainFound])
    }

    @Test("A leaf whose AKI names the anchor but whose signature is another key's fails by signature")
    func forgedKeyIdentifier() throws {
        let root = try TestPKI.root()
        let other = try TestPKI.root("Root", seed: "other")
        let leaf = try other.leaf(defects: [.authorityKeyIdentifier(root.key.keyIdentifier)])
        #expect(root.judge(leaf).failed == [.certificateSignature])
    }

    @Test("Without key identifiers the signature finds the issuer")
    func withoutKeyIdentifiers() throws {
        let root = try TestPKI.root()
        let decoy = try root.ca("CA", seed: "decoy")
        let real = try root.ca("CA", seed: "real")
        let leaf = try real.leaf(defects: [.withoutExtension(.authorityKeyIdentifier)])
        #expect(root.judge(leaf, through: [decoy, real]).path == [leaf, real.certificate])
    }

    @Test("A key rollover is bridged by the new key's certificate under the old one")
    func keyRollover() throws {
        let old = try TestPKI.root("Root", seed: "old")
        let new = try TestPKI.root("Root", seed: "new")
        let bridge = IssuingAuthority(
            certificate: try old.ca("Root", seed: "new").certificate, key: new.key)
        let leaf = try new.leaf()
        #expect(old.judge(leaf, through: [bridge]).path == [leaf, bridge.certificate])
    }

    @Test("Of two cross-certificates the one that leads to a valid path is found, in any order of the pool")
    func crossCertificates() throws {
        let root = try TestPKI.root()
        let expired = try root.ca("CA", defects: [.expired(at: TestPKI.time)])
        let other = try TestPKI.root("Unknown root").ca("CA")
        let good = try root.ca("CA", [.policies(TestPKI.policyA)])
        let leaf = try good.leaf()
        for pool in [[expired, other, good], [good, other, expired], [other, good, expired]] {
            let report = root.judge(leaf, through: pool)
            #expect(report.result == .valid && report.path == [leaf, good.certificate])
        }
    }

    @Test("A path that fails a rule gives way to another that holds")
    func secondPath() throws {
        let root = try TestPKI.root()
        let narrow = try root.ca("CA", [.nameConstraints(excluded: [.directoryName(TestPKI.name("Leaf"))])])
        let wide = try root.ca("CA")
        let leaf = try wide.leaf()
        #expect(root.judge(leaf, through: [narrow, wide]).result == .valid)
        #expect(root.judge(leaf, through: [narrow]).failed == [.nameConstraints])
    }

    @Test("Certificates that certify each other are no path")
    func loop() throws {
        let root = try TestPKI.root()
        let a = try TestPKI.root("Somewhere").ca("A")
        let b = try a.ca("B")
        let aByB = IssuingAuthority(certificate: try b.ca("A").certificate, key: a.key)
        let report = root.judge(try a.leaf(), through: [b, aByB])
        #expect(report.result == .invalid && report.subIndications == [.noCertificateChainFound])
    }

    @Test("A mesh of 12 CAs that all certify each other ends within the budget, undetermined or invalid")
    func mesh() throws {
        let root = try TestPKI.root()
        let authorities = try (0..<12).map { try TestPKI.root("CA \($0)") }
        var pool: [IssuingAuthority] = []
        for issuer in authorities {
            for (index, subject) in authorities.enumerated() where subject.name != issuer.name {
                pool.append(try issuer.ca("CA \(index)"))
            }
        }
        let report = root.judge(try authorities[0].leaf(), through: pool)
        #expect(report.result != .valid)
        let reached = try root.ca("CA 5")
        #expect(root.judge(try authorities[0].leaf(), through: pool + [reached]).result == .valid)
    }

    @Test("Junk of the issuer's name in the pool hides nothing")
    func junk() throws {
        let root = try TestPKI.root()
        let real = try root.ca("CA", seed: "real")
        let junk = try (0..<40).map { try TestPKI.root("CA", seed: "junk \($0)") }
        let leaf = try real.leaf(defects: [.withoutExtension(.authorityKeyIdentifier)])
        #expect(root.judge(leaf, through: junk + [real]).result == .valid)
    }

    @Test("A chain longer than the limit is not followed")
    func tooLong() throws {
        let root = try TestPKI.root()
        var authorities: [IssuingAuthority] = []
        for depth in 0..<101 { authorities.append(try (authorities.last ?? root).ca("CA \(depth)")) }
        let last = try #require(authorities.last)
        let report = root.judge(try last.leaf(), through: authorities)
        #expect(report.result == .undetermined && report.checks.contains { $0.code == .workBudget })
        let before = authorities[98]
        #expect(root.judge(try before.leaf(), through: authorities).result == .valid)
    }

    @Test("An anchor's own self-signed certificate is valid, another self-signed one has no path")
    func selfSignedTarget() throws {
        let root = try IssuingAuthority(
            root: TestPKI.name("Root"), key: TestPKI.key("Root"), notBefore: TestPKI.start, notAfter: TestPKI.end)
        #expect(root.judge(root.certificate).result == .valid)
        let other = try TestPKI.root("Other")
        let report = root.judge(other.certificate, through: [other])
        #expect(report.result == .invalid && report.subIndications == [.noCertificateChainFound])
    }

    @Test("Without any anchor there is no path, and the checks say so")
    func noAnchor() throws {
        let leaf = try TestPKI.root().leaf()
        let report = PathBuilder(anchors: [], pool: [], constraints: PathConstraints()).validate(leaf, at: TestPKI.time)
        #expect(report.result == .invalid && report.failed == [.trustAnchor])
    }

    @Test("A path that the caller refuses gives way to one that it takes")
    func acceptance() throws {
        let root = try TestPKI.root()
        let first = try root.ca("CA", pathLength: 0)
        let second = try root.ca("CA", pathLength: 1)
        let leaf = try first.leaf()
        let builder = PathBuilder(
            anchors: [TrustAnchor(root.certificate)], pool: [first.certificate, second.certificate],
            constraints: PathConstraints())
        let taken = builder.validate(leaf, at: TestPKI.time) { path in
            path.certificates.last == second.certificate ? .accepted([]) : .refused(.invalid, [.revokedCANoPOE], [])
        }
        #expect(taken.result == .valid && taken.path == [leaf, second.certificate])
        let refused = builder.validate(leaf, at: TestPKI.time) { _ in .refused(.undetermined, [.tryLater], []) }
        #expect(refused.result == .undetermined && refused.subIndications == [.tryLater] && refused.policies.isEmpty)
    }

    @Test("Every sub-indication has a result under both profiles, and none is valid")
    func publishedTable() {
        for profile in ValidationProfile.allCases {
            for indication in SubIndication.allCases { #expect(indication.result(under: profile) != .valid) }
        }
        #expect(SubIndication.tryLater.result(under: .jpki) == .undetermined)
        #expect(SubIndication.noCertificateChainFound.result(under: .jpki) == .invalid)
        #expect(SubIndication.chainConstraintsFailure.result(under: .jpki) == .invalid)
    }
}
