import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Who may sign a list: RFC 5280 §6.3.3 (f), (g)")
struct ListSignerTests {
    let fixture: Fixture
    let leaf: Certificate

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf()
    }

    private func signer(
        _ name: DistinguishedName, _ usage: KeyUsage = .cRLSign, until end: ValidationTime = Fixture.end
    )
        throws -> IssuingAuthority
    {
        try fixture.delegate(name, .pooledRSA(4), until: end, extensions: [.keyUsage(usage)])
    }

    private func verdict(_ lists: [CertificateList], _ pool: [Certificate], of leaf: Certificate? = nil)
        -> CertificateStatus
    {
        fixture.verdict(leaf ?? self.leaf, lists) { $0.pool = pool }
    }

    @Test("An issuer whose keyUsage has no cRLSign signs no lists")
    func issuerWithoutUsage() throws {
        let root = try Fixture.root(.city("Parent"), .pooledRSA(5))
        let request = CertificateRequest(
            serialNumber: SerialNumber(3), subject: Fixture.name, publicKeyInfo: fixture.authority.key.publicKeyInfo,
            notBefore: Fixture.start, notAfter: Fixture.end,
            extensions: [.keyUsage(.keyCertSign), .basicConstraints(BasicConstraints(isCA: true))])
        let issuer = StatusIssuer(try root.issue(request))
        let list = try Fixture.list(by: fixture.authority, [Fixture.entry()])
        let report = status(
            of: leaf, issuer: issuer, lists: [.unverified(list)], context: CRLContext(time: Fixture.now))
        #expect(report.status.undeterminedReason == .signatureInvalid)
    }

    @Test("A key of its own for lists, under the issuer's name, needs a certificate of the issuer with cRLSign")
    func separateKey() throws {
        let separate = try signer(Fixture.name)
        let list = try Fixture.list(by: separate, [Fixture.entry()])
        #expect(verdict([list], [separate.certificate]).status == .revoked)
        #expect(verdict([try Fixture.list(by: separate)], [separate.certificate]).status == .good)
        #expect(verdict([list], []).undeterminedReason == .noMatchingCRL)
        let unfit = try signer(Fixture.name, .digitalSignature)
        #expect(verdict([try Fixture.list(by: unfit)], [unfit.certificate]).status == .undetermined)
        let expired = try signer(Fixture.name, until: Fixture.now.advanced(bySeconds: -1))
        #expect(verdict([try Fixture.list(by: expired)], [expired.certificate]).status == .undetermined)
    }

    @Test("A signer that the issuer's list revokes signs no lists")
    func revokedSigner() throws {
        let separate = try signer(Fixture.name)
        let point = DistributionPointName.fullName([.uniformResourceIdentifier("http://crl.example/users.crl")])
        let user = try fixture.leaf(points: [DistributionPoint(name: point)])
        let users = try Fixture.list(by: separate) {
            $0.issuingDistributionPoint = IssuingDistributionPoint(name: point)
        }
        let issuers = { (entries: [RevokedEntry]) in
            try Fixture.list(by: self.fixture.authority, entries) {
                $0.issuingDistributionPoint = IssuingDistributionPoint(
                    name: .fullName([.directoryName(Fixture.name)]))
            }
        }
        #expect(verdict([users, try issuers([])], [separate.certificate], of: user).status == .good)
        let revoked = try issuers([Fixture.entry(SerialNumber(77))])
        #expect(verdict([users, revoked], [separate.certificate], of: user).status == .undetermined)
        // Nothing says that the signer is not revoked.
        #expect(verdict([users], [separate.certificate], of: user).status == .undetermined)
    }

    @Test("A signer with the right name whom another authority certified is not trusted")
    func signerOfAnotherAuthority() throws {
        let stranger = try Fixture.root(.city("Stranger"), .pooledRSA(5))
        let request = CertificateRequest(
            serialNumber: SerialNumber(9), subject: Fixture.name,
            publicKeyInfo: try SigningKey.pooledRSA(4).publicKeyInfo,
            notBefore: Fixture.start, notAfter: Fixture.end, extensions: [.keyUsage(.cRLSign)])
        let forged = IssuingAuthority(certificate: try stranger.issue(request), key: try .pooledRSA(4))
        let list = try Fixture.list(by: forged, [Fixture.entry()])
        #expect(verdict([list], [forged.certificate, stranger.certificate]).undeterminedReason == .noMatchingCRL)
    }

    @Test("An indirect list by a CRL issuer that the point names, entries under the certificate's issuer")
    func indirectList() throws {
        let name = DistinguishedName.city("Lists")
        let issuer = try signer(name)
        let point = DistributionPoint(name: nil, cRLIssuer: [.directoryName(name)])
        let leaf = try fixture.leaf(points: [point])
        let list = { (entries: [RevokedEntry]) in
            try Fixture.list(by: issuer, entries) {
                $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect)
            }
        }
        // The CRL issuer's own status, by the certificate issuer's list.
        let own = try Fixture.list(by: fixture.authority)
        let pool = [issuer.certificate]
        #expect(verdict([try list([]), own], pool, of: leaf).status == .good)
        let listed = try list([Fixture.entry(issuer: Fixture.name)])
        #expect(verdict([listed, own], pool, of: leaf).status == .revoked)
        // The same serial, but of a certificate that the CRL issuer itself issued.
        #expect(verdict([try list([Fixture.entry()]), own], pool, of: leaf).status == .good)
        // The point names another CRL issuer.
        let elsewhere = try fixture.leaf(points: [
            DistributionPoint(name: nil, cRLIssuer: [.directoryName(.city("Elsewhere"))])
        ])
        #expect(verdict([listed, own], pool, of: elsewhere).undeterminedReason == .noMatchingCRL)
    }

    @Test("A list that is not marked indirect does not serve a point with a CRL issuer")
    func directListAtForeignPoint() throws {
        let name = DistinguishedName.city("Lists")
        let issuer = try signer(name)
        let leaf = try fixture.leaf(points: [DistributionPoint(name: nil, cRLIssuer: [.directoryName(name)])])
        let list = try Fixture.list(by: issuer)
        let own = try Fixture.list(by: fixture.authority)
        #expect(verdict([list, own], [issuer.certificate], of: leaf).undeterminedReason == .noMatchingCRL)
    }

    @Test("After a key change the old key's list counts while the new key's certificate is self-issued by it")
    func newWithOld() throws {
        let old = try Fixture.root(.city("Rolled"), .pooledRSA(5))
        let new = try old.subordinate(
            name: .city("Rolled"), key: .pooledRSA(6), serialNumber: SerialNumber(2), notBefore: Fixture.start,
            notAfter: Fixture.end)
        let request = CertificateRequest(
            serialNumber: Fixture.serial, subject: .city("Leaf"), publicKeyInfo: fixture.leafKey.publicKeyInfo,
            notBefore: Fixture.start, notAfter: Fixture.end)
        let leaf = try new.issue(request)
        let list = try Fixture.list(by: old, [Fixture.entry()])
        var context = CRLContext(time: Fixture.now)
        context.pool = [old.certificate]
        let issuer = StatusIssuer(new.certificate)
        #expect(
            status(of: leaf, issuer: issuer, lists: [.unverified(list)], context: context).status.status == .revoked)
        context.pool = []
        #expect(
            status(of: leaf, issuer: issuer, lists: [.unverified(list)], context: context).status.status
                == .undetermined)
    }

    @Test("Signers that hang on one another end in no answer, and in bounded work")
    func circularSigners() throws {
        let names = (0..<8).map { DistinguishedName.city("Ring \($0)") }
        let ring = try names.indices.map { index in
            try fixture.delegate(
                names[index], .p256(seed: "ring \(index)"), serial: UInt64(100 + index),
                extensions: [
                    .keyUsage(.cRLSign),
                    .cRLDistributionPoints([
                        DistributionPoint(name: nil, cRLIssuer: [.directoryName(names[(index + 1) % names.count])])
                    ]),
                ])
        }
        let lists = try ring.map { signer in
            try Fixture.list(by: signer) { $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect) }
        }
        let leaf = try fixture.leaf(points: [DistributionPoint(name: nil, cRLIssuer: [.directoryName(names[0])])])
        #expect(verdict(lists, ring.map(\.certificate), of: leaf).status == .undetermined)
    }
}
