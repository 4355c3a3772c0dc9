import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Status by list: RFC 5280 §6.3.3")
struct StatusByListTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func list(_ entries: [RevokedEntry] = [], _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in })
        throws -> CertificateList
    {
        try Fixture.list(by: fixture.authority, entries, change)
    }

    @Test("No list, no verdict")
    func noList() throws {
        #expect(fixture.verdict(try fixture.leaf(), []).undeterminedReason == .noMatchingCRL)
    }

    @Test("A current list without the certificate is good, with it revoked or on hold, and the source is named")
    func plainAnswers() throws {
        let leaf = try fixture.leaf()
        let good = fixture.verdict(leaf, [try list()])
        #expect(good.status == .good && good.method == .crl && good.crlNumber == CRLNumber(10))
        #expect(good.thisUpdate == Fixture.now.advanced(bySeconds: -3_600))
        let revoked = fixture.verdict(leaf, [try list([Fixture.entry()])])
        #expect(revoked.status == .revoked && revoked.revocationReason == .keyCompromise)
        #expect(revoked.revokedAt == Fixture.now.advanced(bySeconds: -3 * Fixture.day))
        #expect(
            fixture.verdict(leaf, [try list([Fixture.entry(Fixture.serial, .certificateHold)])]).status == .onHold)
        let noReason = fixture.verdict(leaf, [try list([Fixture.entry(Fixture.serial, nil)])])
        #expect(noReason.status == .revoked && noReason.revocationReason == nil)
    }

    @Test("A verified list answers as the raw one does")
    func verifiedLists() throws {
        let leaf = try fixture.leaf()
        let key = try PublicKey(fixture.authority.key.publicKeyInfo, suite: .current)
        for entries in [[], [Fixture.entry()]] {
            let raw = try list(entries)
            let verified = try VerifiedList.verify(raw, key: key)
            let context = CRLContext(time: Fixture.now)
            let byIndex = status(of: leaf, issuer: fixture.issuer, lists: [.verified(verified)], context: context)
            #expect(byIndex.status == fixture.verdict(leaf, [raw]))
        }
    }

    @Test("A verified list of the other generation is no list of this issuer, though the name is the same")
    func verifiedListOfOtherGeneration() throws {
        let raw = try Fixture.list(by: fixture.otherGeneration, [Fixture.entry()])
        let key = try PublicKey(fixture.otherGeneration.key.publicKeyInfo, suite: .current)
        let lists = [CandidateList.verified(try VerifiedList.verify(raw, key: key))]
        var context = CRLContext(time: Fixture.now)
        let leaf = try fixture.leaf()
        var report = status(of: leaf, issuer: fixture.issuer, lists: lists, context: context)
        #expect(report.status.undeterminedReason == .noMatchingCRL)
        context.acceptedKeys = [fixture.otherGeneration.key.publicKeyInfo]
        report = status(of: leaf, issuer: fixture.issuer, lists: lists, context: context)
        #expect(report.status.status == .revoked)
    }

    @Test("A list of the other generation, of another name, or turned by one bit never answers")
    func foreignLists() throws {
        let leaf = try fixture.leaf()
        let generation = try Fixture.list(by: fixture.otherGeneration, [Fixture.entry()])
        #expect(fixture.verdict(leaf, [generation]).undeterminedReason == .noMatchingCRL)
        #expect(
            fixture.verdict(leaf, [generation]) { $0.pool = [fixture.otherGeneration.certificate] }
                .undeterminedReason == .noMatchingCRL)
        let other = try Fixture.list(by: Fixture.root(.city("Other"), .pooledRSA(3)), [Fixture.entry()])
        #expect(fixture.verdict(leaf, [other]).undeterminedReason == .noMatchingCRL)
        var octets = try list([Fixture.entry()]).der
        octets[octets.count - 1] ^= 1
        let tampered = try CertificateList(der: octets)
        #expect(fixture.verdict(leaf, [tampered]).undeterminedReason == .signatureInvalid)
    }

    @Test("A list whose two algorithm fields differ is refused: §5.1.1.2")
    func algorithmMismatch() throws {
        let authority = fixture.authority
        let octets = try list().octets
        var reader = try DERReader.single(.sequence, octets.copy(0..<octets.count)[...], in: "list").reader
        let tbs = Array(try reader.next().encoding)
        let der = try signedEnvelope(tbs: tbs, algorithm: SignatureScheme.rsaPKCS1(.sha384).identifier) {
            try authority.key.signature(over: $0, scheme: .rsaPKCS1(.sha384))
        }
        let mismatch = try CertificateList(der: der)
        #expect(fixture.verdict(try fixture.leaf(), [mismatch]).undeterminedReason == .signatureInvalid)
        let key = try PublicKey(authority.key.publicKeyInfo, suite: .current)
        #expect(throws: ListRefusal.algorithmMismatch) { try VerifiedList.verify(mismatch, key: key) }
    }

    @Test("A list signed with SHA-1 is refused in the current suite")
    func weakHash() throws {
        let weak = try Fixture.list(by: fixture.authority.signing(with: .rsaPKCS1(.sha1)), [Fixture.entry()])
        #expect(fixture.verdict(try fixture.leaf(), [weak]).undeterminedReason == .signatureInvalid)
        #expect(fixture.verdict(try fixture.leaf(), [weak]) { $0.algorithms = .insecureLegacy }.status == .revoked)
        let key = try PublicKey(fixture.authority.key.publicKeyInfo, suite: .current)
        #expect(throws: ListRefusal.algorithm(.weakHash)) { try VerifiedList.verify(weak, key: key) }
    }

    @Test("Critical extensions that nobody knows, of the list or of any entry, make it unusable: §5.2, §5.3")
    func unknownCriticalExtensions() throws {
        let unknown = Extension(id: try #require(OID("1.2.3.4")), critical: true, value: [0x05, 0x00])
        let marked = try list { $0.otherExtensions = [unknown] }
        #expect(fixture.verdict(try fixture.leaf(), [marked]).undeterminedReason == .unsupportedCriticalExtension)
        let key = try PublicKey(fixture.authority.key.publicKeyInfo, suite: .current)
        #expect(throws: ListRefusal.unsupportedCriticalExtension) { try VerifiedList.verify(marked, key: key) }
        let known = try list { $0.otherExtensions = [Extension(id: unknown.id, critical: false, value: [5, 0])] }
        #expect(fixture.verdict(try fixture.leaf(), [known]).status == .good)
    }

    // MARK: Time

    @Test("Past its nextUpdate a list clears nobody, and whom it lists stays revoked or on hold")
    func expiredList() throws {
        let leaf = try fixture.leaf()
        let expired = { (entries: [RevokedEntry]) in
            try Fixture.list(by: self.fixture.authority, entries, from: -3 * Fixture.day, to: -1)
        }
        #expect(fixture.verdict(leaf, [try expired([])]).undeterminedReason == .sourceStale)
        #expect(fixture.verdict(leaf, [try expired([Fixture.entry()])]).status == .revoked)
        #expect(
            fixture.verdict(leaf, [try expired([Fixture.entry(Fixture.serial, .certificateHold)])]).status == .onHold)
        let atTheLimit = try Fixture.list(by: fixture.authority, from: -3_600, to: 0)
        #expect(fixture.verdict(leaf, [atTheLimit]).status == .good)
    }

    @Test("Older than the maximum age a list clears nobody, and whom it lists stays revoked")
    func maximumAge() throws {
        let leaf = try fixture.leaf()
        let age = { (context: inout CRLContext) in context.maximumAge = 3_600 }
        #expect(fixture.verdict(leaf, [try list()], age).status == .good)
        let old = try Fixture.list(by: fixture.authority, from: -3_601)
        #expect(fixture.verdict(leaf, [old], age).undeterminedReason == .sourceStale)
        let listed = try Fixture.list(by: fixture.authority, [Fixture.entry()], from: -3_601)
        #expect(fixture.verdict(leaf, [listed], age).status == .revoked)
        let unbounded = try Fixture.list(by: fixture.authority, from: -300 * Fixture.day, to: nil)
        #expect(fixture.verdict(leaf, [unbounded]).status == .good)
        #expect(fixture.verdict(leaf, [unbounded], age).undeterminedReason == .sourceStale)
    }

    @Test("thisUpdate may lie five minutes ahead and no second more")
    func listFromTheFuture() throws {
        let leaf = try fixture.leaf()
        #expect(fixture.verdict(leaf, [try Fixture.list(by: fixture.authority, from: 300)]).status == .good)
        let ahead = try Fixture.list(by: fixture.authority, [Fixture.entry()], from: 301)
        #expect(fixture.verdict(leaf, [ahead]).undeterminedReason == .responseInvalid)
    }

    @Test("The newest current list wins in any order, and a newer expired one still revokes")
    func newestWins() throws {
        let leaf = try fixture.leaf()
        let hold = try Fixture.list(
            by: fixture.authority, [Fixture.entry(Fixture.serial, .certificateHold)], number: 8, from: -7_200)
        let released = try Fixture.list(by: fixture.authority, number: 9)
        for lists in [[hold, released], [released, hold]] {
            #expect(fixture.verdict(leaf, lists).crlNumber == CRLNumber(9))
            #expect(fixture.verdict(leaf, lists).status == .good)
        }
        let newerExpired = try Fixture.list(by: fixture.authority, [Fixture.entry()], number: 10, from: -600, to: -1)
        #expect(fixture.verdict(leaf, [released, newerExpired]).status == .revoked)
        let olderExpired = try Fixture.list(
            by: fixture.authority, [Fixture.entry()], number: 7, from: -9_000, to: -8_000)
        #expect(fixture.verdict(leaf, [olderExpired, released]).status == .good)
    }

    @Test("Of lists that are all stale the newest counts: what it no longer lists is not known")
    func newestOfStaleLists() throws {
        let leaf = try fixture.leaf()
        let hold = try Fixture.list(
            by: fixture.authority, [Fixture.entry(Fixture.serial, .certificateHold)], number: 8, from: -9_000,
            to: -8_000)
        let without = try Fixture.list(by: fixture.authority, number: 9, from: -7_000, to: -6_000)
        #expect(fixture.verdict(leaf, [hold, without]).undeterminedReason == .sourceStale)
        let listed = try Fixture.list(by: fixture.authority, [Fixture.entry()], number: 10, from: -5_000, to: -4_000)
        #expect(fixture.verdict(leaf, [listed, without, hold]).status == .revoked)
    }

    @Test("More lists than may be checked: never good, because the one that revokes may not have been seen")
    func tooManyLists() throws {
        let leaf = try fixture.leaf()
        let quick = try fixture.delegate(Fixture.name, .p256(seed: "many"), extensions: [.keyUsage(.cRLSign)])
        let many = try (1...300).map { try Fixture.list(by: quick, number: $0) }
        #expect(
            fixture.verdict(leaf, many) { $0.pool = [quick.certificate] }.undeterminedReason == .limitExceeded)
        let revoking = try list([Fixture.entry()])
        #expect(fixture.verdict(leaf, [revoking] + many) { $0.pool = [quick.certificate] }.status == .revoked)
    }

    @Test("Expired certificates leave the list: not being listed says nothing then, being listed does")
    func expiredCertificate() throws {
        let leaf = try fixture.leaf(until: Fixture.now.advanced(bySeconds: -1))
        #expect(fixture.verdict(leaf, [try list()]).undeterminedReason == .certificateExpired)
        #expect(fixture.verdict(leaf, [try list([Fixture.entry()])]).status == .revoked)
        #expect(fixture.verdict(leaf, []).undeterminedReason == .noMatchingCRL)
    }

    @Test("Where a list number is required, a list without one is refused: §5.2.3")
    func missingNumber() throws {
        let bare = try Fixture.list(by: fixture.authority, number: nil)
        #expect(fixture.verdict(try fixture.leaf(), [bare]).status == .good)
        #expect(
            fixture.verdict(try fixture.leaf(), [bare]) { $0.listNumber = .required }.undeterminedReason
                == .responseInvalid)
    }
}
