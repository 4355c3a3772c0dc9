import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Status of a serial number alone, by verified lists")
struct StatusOfSerialTests {
    let fixture: Fixture
    private let point = IssuingDistributionPoint(name: .fullName([.directoryName(.city("Mihon-shi CRLDP"))]))

    init() throws { fixture = try Fixture() }

    private func verified(_ list: CertificateList, by authority: IssuingAuthority? = nil) throws -> VerifiedList {
        let key = try PublicKey((authority ?? fixture.authority).key.publicKeyInfo, suite: .current)
        return try VerifiedList.verify(list, key: key)
    }

    private func list(
        _ entries: [RevokedEntry] = [],
        number: UInt64? = 10,
        from start: Int64 = -3_600,
        to end: Int64 = 20 * 3_600,
        _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in }
    ) throws -> VerifiedList {
        try verified(
            Fixture.list(by: fixture.authority, entries, number: number, from: start, to: end, change))
    }

    private func verdict(
        _ lists: [VerifiedList],
        issuer: StatusIssuer? = nil,
        _ change: (inout CRLContext) -> Void = { _ in }
    ) -> CertificateStatus {
        var context = CRLContext(time: Fixture.now)
        change(&context)
        let report = status(
            of: Fixture.serial, issuer: issuer ?? fixture.issuer, lists: lists, context: context)
        // The order in which lists are held never decides.
        let reversed = status(
            of: Fixture.serial, issuer: issuer ?? fixture.issuer, lists: lists.reversed(), context: context)
        #expect(report.status == reversed.status)
        #expect(report.checks.last?.code == .revocation)
        return report.status
    }

    @Test("No list, no verdict; a whole list answers good, revoked and on hold, and names itself")
    func wholeList() throws {
        #expect(verdict([]).undeterminedReason == .noMatchingCRL)
        let good = verdict([try list()])
        #expect(good.status == .good && good.method == .crl && good.crlNumber == CRLNumber(10))
        let revoked = verdict([try list([Fixture.entry()])])
        #expect(revoked.status == .revoked && revoked.revocationReason == .keyCompromise)
        #expect(revoked.revokedAt == Fixture.now.advanced(bySeconds: -3 * Fixture.day))
        #expect(verdict([try list([Fixture.entry(Fixture.serial, .certificateHold)])]).status == .onHold)
        #expect(verdict([try list([Fixture.entry(SerialNumber(5))])]).status == .good)
    }

    @Test("A partitioned list revokes what it lists; what it does not list might stand on another")
    func partition() throws {
        let silent = try list { $0.issuingDistributionPoint = point }
        #expect(verdict([silent]).undeterminedReason == .noMatchingCRL)
        #expect(verdict([try list([Fixture.entry()]) { $0.issuingDistributionPoint = point }]).status == .revoked)
        #expect(verdict([silent, try list()]).status == .good)
        #expect(
            verdict([try list(), try list([Fixture.entry()]) { $0.issuingDistributionPoint = point }]).status
                == .revoked)
    }

    @Test("A list signed by an issuer whose keyUsage lacks cRLSign says nothing")
    func issuerMayNotSignLists() throws {
        let request = CertificateRequest(
            serialNumber: SerialNumber(9), subject: Fixture.name, publicKeyInfo: fixture.authority.key.publicKeyInfo,
            notBefore: Fixture.start, notAfter: Fixture.end, extensions: [.keyUsage([.keyCertSign])])
        let issuer = StatusIssuer(try fixture.authority.issue(request))
        for entries in [[], [Fixture.entry()]] {
            #expect(verdict([try list(entries)], issuer: issuer).undeterminedReason == .signatureInvalid)
        }
        // Where the certificate is not known, the key alone speaks.
        let bare = StatusIssuer(name: Fixture.name, key: fixture.authority.key.publicKeyInfo)
        #expect(verdict([try list()], issuer: bare).status == .good)
    }

    @Test("Another generation's list under the same name says nothing, unless configuration lets its key speak")
    func otherGeneration() throws {
        let other = try verified(
            Fixture.list(by: fixture.otherGeneration, [Fixture.entry()]), by: fixture.otherGeneration)
        #expect(verdict([other]).undeterminedReason == .noMatchingCRL)
        #expect(verdict([other, try list()]).status == .good)
        let key = fixture.otherGeneration.key.publicKeyInfo
        #expect(verdict([other, try list()]) { $0.acceptedKeys = [key] }.status == .revoked)
    }

    @Test("The newest list of a series is in force, by number before date; a stale one never replaces a current one")
    func newestOfSeries() throws {
        let older = try list([Fixture.entry()], number: 9, from: -7_200)
        #expect(verdict([older, try list()]).status == .good)
        #expect(verdict([try list(number: 9, from: -7_200), try list([Fixture.entry()])]).status == .revoked)
        // The number counts where the dates say otherwise.
        #expect(verdict([try list([Fixture.entry()], number: 9, from: -60), try list(from: -7_200)]).status == .good)
        let stale = try list(number: 11, from: -7_200, to: -1)
        #expect(verdict([stale, older]).status == .revoked)
        #expect(verdict([stale, try list()]).crlNumber == CRLNumber(10))
        // Lists of different scopes stand side by side.
        let part = try list([Fixture.entry()], number: 9) { $0.issuingDistributionPoint = point }
        #expect(verdict([part, try list()]).status == .revoked)
    }

    @Test("A delta revokes what it lists and makes nothing good; one that a complete list replaced is over")
    func deltas() throws {
        func delta(_ entries: [RevokedEntry], _ number: UInt64) throws -> VerifiedList {
            try list(entries, number: number) { $0.baseCRLNumber = CRLNumber(9) }
        }
        #expect(verdict([try delta([], 11)]).undeterminedReason == .noMatchingCRL)
        #expect(verdict([try delta([Fixture.entry()], 11), try list()]).status == .revoked)
        #expect(verdict([try delta([Fixture.entry()], 9), try list()]).status == .good)
        let removal = try delta([Fixture.entry(Fixture.serial, .removeFromCRL)], 11)
        #expect(verdict([removal]).undeterminedReason == .noMatchingCRL)
        #expect(verdict([removal, try list([Fixture.entry(Fixture.serial, .certificateHold)])]).status == .onHold)
    }

    @Test("A stale whole list is no proof of good, a list from the future is none at all; listed stays revoked")
    func times() throws {
        let stale = verdict([try list(from: -7_200, to: -1)])
        #expect(stale.status == .undetermined && stale.undeterminedReason == .sourceStale)
        #expect(verdict([try list([Fixture.entry()], from: -7_200, to: -1)]).status == .revoked)
        #expect(verdict([try list(from: 301)]).undeterminedReason == .responseInvalid)
        #expect(verdict([try list()]) { $0.maximumAge = 3_599 }.undeterminedReason == .sourceStale)
    }
}
