import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import Testing

@Suite("Delta lists: RFC 5280 §5.2.4, §6.3.3 (c), (h) to (k)")
struct DeltaListTests {
    let fixture: Fixture
    let leaf: Certificate

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf()
    }

    private func base(_ entries: [RevokedEntry] = [], number: UInt64 = 10, to end: Int64 = 20 * 3_600) throws
        -> CertificateList
    {
        try Fixture.list(by: fixture.authority, entries, number: number, from: -7_200, to: end)
    }

    private func delta(
        _ reason: RevocationReason?, number: UInt64 = 12, base: UInt64 = 10, to end: Int64 = 3_600,
        by signer: IssuingAuthority? = nil, _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in }
    ) throws -> CertificateList {
        let entries = reason.map { [Fixture.entry(Fixture.serial, $0, daysAgo: 0)] } ?? []
        return try Fixture.list(by: signer ?? fixture.authority, entries, number: number, from: -600, to: end) {
            $0.baseCRLNumber = CRLNumber(base)
            change(&$0)
        }
    }

    @Test("A delta alone is no list")
    func deltaAlone() throws {
        #expect(fixture.verdict(leaf, [try delta(.keyCompromise)]).undeterminedReason == .noMatchingCRL)
    }

    @Test("A delta revokes what its base has not")
    func revokesOntoBase() throws {
        let lists = [try delta(.superseded), try base()]
        let revoked = fixture.verdict(leaf, lists)
        #expect(revoked.status == .revoked && revoked.revocationReason == .superseded)
        #expect(revoked.crlNumber == CRLNumber(12))
        #expect(fixture.verdict(leaf, lists) { $0.deltas = .ignored }.status == .good)
    }

    @Test("removeFromCRL ends a hold, but no revocation, and under JPKI's rule not even a hold")
    func removal() throws {
        let hold = try base([Fixture.entry(Fixture.serial, .certificateHold)])
        let removal = try delta(.removeFromCRL)
        #expect(fixture.verdict(leaf, [hold, removal]).status == .good)
        #expect(fixture.verdict(leaf, [hold, removal]) { $0.holdRelease = .never }.status == .onHold)
        #expect(fixture.verdict(leaf, [try base([Fixture.entry()]), removal]).status == .revoked)
    }

    @Test("A stale delta still revokes, and no longer ends a hold")
    func staleDelta() throws {
        let hold = try base([Fixture.entry(Fixture.serial, .certificateHold)])
        #expect(fixture.verdict(leaf, [hold, try delta(.removeFromCRL, to: -1)]).status == .onHold)
        #expect(fixture.verdict(leaf, [try base(), try delta(.keyCompromise, to: -1)]).status == .revoked)
        #expect(fixture.verdict(leaf, [try base(), try delta(nil, to: -1)]).status == .good)
    }

    @Test("A current delta makes its expired base current again")
    func deltaOntoExpiredBase() throws {
        let expired = try base(to: -60)
        #expect(fixture.verdict(leaf, [expired]).undeterminedReason == .sourceStale)
        #expect(fixture.verdict(leaf, [expired, try delta(nil)]).status == .good)
    }

    @Test("A delta for a later base, an older number, another scope or by another key is passed over")
    func foreignDeltas() throws {
        let deltas = try [
            delta(.keyCompromise, base: 11), delta(.keyCompromise, number: 10), delta(.keyCompromise, number: 9),
            delta(.keyCompromise, by: fixture.otherGeneration),
            delta(.keyCompromise) {
                $0.issuingDistributionPoint = IssuingDistributionPoint(contents: .onlyUserCertificates)
            },
            delta(.keyCompromise) { $0.authorityKeyIdentifier = nil },
            delta(.keyCompromise) {
                $0.otherExtensions = [Extension(id: .commonName, critical: true, value: [5, 0])]
            },
        ]
        for (position, delta) in deltas.enumerated() {
            #expect(fixture.verdict(leaf, [try base(), delta]).status == .good, "\(position)")
        }
    }

    @Test("Of several deltas the newest current one counts")
    func newestDelta() throws {
        let hold = try base([Fixture.entry(Fixture.serial, .certificateHold)])
        let lists = [hold, try delta(.keyCompromise, number: 13), try delta(.removeFromCRL, number: 12)]
        #expect(fixture.verdict(leaf, lists).status == .revoked)
        #expect(fixture.verdict(leaf, lists.reversed()).status == .revoked)
    }
}
