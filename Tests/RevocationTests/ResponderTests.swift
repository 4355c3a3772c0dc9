import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Who may answer: RFC 6960 §4.2.2.2")
struct ResponderTests {
    static let responderName = DistinguishedName.city("Responder")
    static let noCheck = Extension(id: .ocspNoCheck, critical: false, value: [5, 0])
    static let signing: [Extension] = [.keyUsage(.digitalSignature), .extendedKeyUsage([.ocspSigning])]

    let fixture: Fixture
    let leaf: Certificate

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf()
    }

    private func responder(
        _ extensions: [Extension] = signing + [noCheck], until end: ValidationTime = Fixture.end
    ) throws -> IssuingAuthority {
        try fixture.delegate(Self.responderName, .pooledRSA(4), until: end, extensions: extensions)
    }

    private func verdict(
        by responder: IssuingAuthority, _ change: (inout OCSPResponseWriter) -> Void = { _ in },
        context: (inout OCSPContext) -> Void = { _ in }
    ) throws -> StatusReport {
        fixture.ocspVerdict(leaf, try fixture.response([fixture.single(leaf)], by: responder, change), context)
    }

    @Test("A delegated responder is accepted by name and by key, with its certificate beside or at hand")
    func delegated() throws {
        let responder = try responder()
        #expect(try verdict(by: responder).status.status == .good)
        let byKey = try verdict(by: responder, { $0.responderID = .byKey(of: responder.key.publicKeyInfo) })
        #expect(byKey.status.status == .good)
        let elsewhere = try verdict(
            by: responder, { $0.certificates = [] }, context: { $0.additionalCertificates = [responder.certificate] })
        #expect(elsewhere.status.status == .good)
        let missing = try verdict(by: responder, { $0.certificates = [] })
        #expect(missing.status.undeterminedReason == .responderUnauthorized)
    }

    @Test("The issuer answers by its own key, named by name or by key, and by no other of its name")
    func issuerItself() throws {
        let byKey = try fixture.response([fixture.single(leaf)]) {
            $0.responderID = .byKey(of: self.fixture.authority.key.publicKeyInfo)
        }
        #expect(fixture.ocspVerdict(leaf, byKey).status.status == .good)
        let generation = try verdict(by: fixture.otherGeneration)
        #expect(generation.status.undeterminedReason == .responderUnauthorized)
        let bare = try verdict(by: fixture.otherGeneration, { $0.certificates = [] })
        #expect(bare.status.undeterminedReason == .signatureInvalid)
        let misnamed = try fixture.response([fixture.single(leaf)]) { $0.responderID = .byName(.city("Nobody")) }
        #expect(fixture.ocspVerdict(leaf, misnamed).status.undeterminedReason == .responderUnauthorized)
    }

    @Test("A responder certified under the issuer's name by another key is refused")
    func otherGenerationsResponder() throws {
        let request = CertificateRequest(
            serialNumber: SerialNumber(77), subject: Self.responderName,
            publicKeyInfo: try SigningKey.pooledRSA(4).publicKeyInfo, notBefore: Fixture.start,
            notAfter: Fixture.end, extensions: Self.signing + [Self.noCheck])
        let certificate = try fixture.otherGeneration.issue(request)
        let forged = IssuingAuthority(certificate: certificate, key: try .pooledRSA(4))
        #expect(try verdict(by: forged).status.undeterminedReason == .responderUnauthorized)
    }

    @Test("A responder without the usage, with the wrong key usage or a critical extension nobody knows is refused")
    func unfitResponders() throws {
        let unknown = Extension(id: try #require(OID("1.2.3.4")), critical: true, value: [5, 0])
        let unfit: [[Extension]] = [
            [.keyUsage(.digitalSignature)],
            [.keyUsage(.digitalSignature), .extendedKeyUsage([.serverAuth])],
            [.keyUsage(.digitalSignature), .extendedKeyUsage([.anyExtendedKeyUsage])],
            [.keyUsage(.keyEncipherment), .extendedKeyUsage([.ocspSigning])],
            Self.signing + [unknown],
        ]
        for (position, extensions) in unfit.enumerated() {
            let report = try verdict(by: responder(extensions + [Self.noCheck]))
            #expect(report.status.undeterminedReason == .responderUnauthorized, "\(position)")
        }
    }

    @Test("A responder whose certificate has expired at the time asked about is refused")
    func expiredResponder() throws {
        let expired = try responder(until: Fixture.now.advanced(bySeconds: -1))
        #expect(try verdict(by: expired).status.undeterminedReason == .responderUnauthorized)
    }

    @Test("A response turned by one bit of its signature is refused")
    func tampered() throws {
        var octets = try fixture.response([fixture.single(leaf)])
        octets[octets.count - 1] ^= 1
        #expect(fixture.ocspVerdict(leaf, octets).status.undeterminedReason == .signatureInvalid)
    }

    @Test("A response signed with SHA-1 is refused in the current suite")
    func weakHash() throws {
        let weak = try fixture.response([fixture.single(leaf)], by: fixture.authority.signing(with: .rsaPKCS1(.sha1)))
        #expect(fixture.ocspVerdict(leaf, weak).status.undeterminedReason == .signatureInvalid)
        #expect(fixture.ocspVerdict(leaf, weak) { $0.algorithms = .insecureLegacy }.status.status == .good)
    }

    // MARK: The responder's own revocation

    private func check(_ report: StatusReport) -> Check.Outcome? {
        report.checks.first { $0.code == .responderRevocation }?.outcome
    }

    private func byLists(_ entries: [RevokedEntry]) throws -> @Sendable (Certificate) -> StatusReport {
        let lists = [CandidateList.unverified(try Fixture.list(by: fixture.authority, entries))]
        let issuer = fixture.issuer
        return { status(of: $0, issuer: issuer, lists: lists, context: CRLContext(time: Fixture.now)) }
    }

    @Test("nocheck ends the question; a responder that points nowhere is accepted, and the report says so")
    func withoutRevocationData() throws {
        let exempt = try verdict(by: responder())
        #expect(exempt.status.status == .good && check(exempt) == .passed)
        let nowhere = try verdict(by: responder(Self.signing))
        #expect(nowhere.status.status == .good && check(nowhere) == .notApplicable)
    }

    @Test("A responder that the issuer's list revokes is refused; one that it clears is accepted")
    func checkedByLists() throws {
        let plain = try responder(Self.signing)
        let revoked = try byLists([Fixture.entry(SerialNumber(77))])
        let refused = try verdict(by: plain, context: { $0.responderStatus = revoked })
        #expect(refused.status.undeterminedReason == .responderUnauthorized && check(refused) == .failed)
        let cleared = try byLists([])
        let accepted = try verdict(by: plain, context: { $0.responderStatus = cleared })
        #expect(accepted.status.status == .good && check(accepted) == .passed)
        #expect(try verdict(by: responder(), context: { $0.responderStatus = revoked }).status.status == .good)
    }

    @Test("A responder that points to a list nobody has is refused, unless policy accepts it")
    func unknownResponderStatus() throws {
        for pointer in [
            Extension.cRLDistributionPoints([.uri("http://crl.example/a")]), .ocspAccess("http://o.example"),
        ] {
            let pointing = try responder(Self.signing + [pointer])
            let refused = try verdict(by: pointing)
            #expect(refused.status.undeterminedReason == .sourceUnavailable && check(refused) == .undetermined)
            let accepted = try verdict(by: pointing, context: { $0.unknownResponderStatus = .accepted })
            #expect(accepted.status.status == .good && check(accepted) == .notApplicable)
        }
    }

    @Test("A response with more candidates for its signer than the limit is not searched through")
    func tooManyCandidates() throws {
        let responder = try responder()
        let report = try verdict(
            by: responder, { $0.certificates = [] },
            context: { $0.additionalCertificates = [Certificate](repeating: responder.certificate, count: 33) })
        #expect(report.status.undeterminedReason == .limitExceeded)
    }
}
