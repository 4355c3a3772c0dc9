import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

@Suite("Status by OCSP: RFC 6960 §3.2, §4.2.2.1")
struct StatusByOCSPTests {
    let fixture: Fixture
    let leaf: Certificate

    init() throws {
        fixture = try Fixture()
        leaf = try fixture.leaf()
    }

    private func status(
        _ singles: OCSPSingleResponse..., change: (inout OCSPResponseWriter) -> Void = { _ in },
        context: (inout OCSPContext) -> Void = { _ in }
    ) throws -> CertificateStatus {
        fixture.ocspVerdict(leaf, try fixture.response(singles, change), context).status
    }

    private let revokedAt = Fixture.now.advanced(bySeconds: -Fixture.day)

    @Test("Good, revoked, on hold and unknown are told apart")
    func plainAnswers() throws {
        #expect(try status(fixture.single(leaf)).status == .good)
        let revoked = try status(fixture.single(leaf, .revoked(at: revokedAt, reason: .superseded)))
        #expect(revoked.status == .revoked && revoked.revocationReason == .superseded)
        #expect(revoked.revokedAt == revokedAt && revoked.method == .ocsp)
        #expect(try status(fixture.single(leaf, .revoked(at: revokedAt, reason: nil))).revocationReason == nil)
        #expect(try status(fixture.single(leaf, .revoked(at: revokedAt, reason: .certificateHold))).status == .onHold)
        #expect(try status(fixture.single(leaf, .unknown)).status == .unknown)
    }

    @Test("An error response says nothing about the certificate", arguments: OCSPResponse.Status.allCases.dropFirst())
    func errorResponses(_ error: OCSPResponse.Status) {
        let report = fixture.ocspVerdict(leaf, OCSPResponseWriter.error(error))
        #expect(report.status.undeterminedReason == .sourceUnavailable)
    }

    @Test("Nothing, cut-off and trailing octets, another response type and a missing answer are no answer")
    func malformedResponses() throws {
        let whole = try fixture.response([fixture.single(leaf)])
        for count in 0..<whole.count {
            #expect(fixture.ocspVerdict(leaf, Array(whole[..<count])).status.undeterminedReason == .responseInvalid)
        }
        #expect(fixture.ocspVerdict(leaf, whole + [0]).status.undeterminedReason == .responseInvalid)
        let successfulWithoutBytes = OCSPResponseWriter.error(.successful)
        #expect(fixture.ocspVerdict(leaf, successfulWithoutBytes).status.undeterminedReason == .responseInvalid)
        let tooLarge = [UInt8](repeating: 0x30, count: DecodingLimit.ocspOctets + 1)
        #expect(fixture.ocspVerdict(leaf, tooLarge).status.undeterminedReason == .limitExceeded)
        #expect(fixture.ocspVerdict(leaf, try fixture.response([])).status.undeterminedReason == .responseInvalid)
    }

    @Test("No change of one octet makes a good answer of a revoked one, or the other way round")
    func mutations() throws {
        for (answer, word) in [
            (CertStatus.good, CertificateStatus.Status.good), (.revoked(at: revokedAt, reason: nil), .revoked),
        ] {
            let whole = try fixture.response([fixture.single(leaf, answer)])
            for index in whole.indices {
                var changed = whole
                changed[index] ^= 0x01
                let found = fixture.ocspVerdict(leaf, changed).status.status
                #expect(found == .undetermined || found == word)
            }
        }
    }

    private typealias CertStatus = OCSPSingleResponse.CertStatus

    @Test("An answer about another serial, another issuer or another generation's key is no answer")
    func otherQuestion() throws {
        let others = try [
            fixture.single(fixture.leaf(serial: SerialNumber(5))),
            OCSPSingleResponse(
                certID: OCSPCertID(
                    serialNumber: Fixture.serial, issuerName: .city("Other"),
                    issuerKey: fixture.authority.key.publicKeyInfo),
                certStatus: .good, thisUpdate: Fixture.now, nextUpdate: nil),
            OCSPSingleResponse(
                certID: OCSPCertID(
                    serialNumber: Fixture.serial, issuerName: Fixture.name,
                    issuerKey: fixture.otherGeneration.key.publicKeyInfo),
                certStatus: .good, thisUpdate: Fixture.now, nextUpdate: nil),
        ]
        for other in others { #expect(try status(other).undeterminedReason == .responseInvalid) }
    }

    @Test("The id may use any hash of the table", arguments: HashAlgorithm.allCases)
    func hashes(_ hash: HashAlgorithm) throws {
        #expect(try status(fixture.single(leaf, hash: hash)).status == .good)
    }

    // MARK: Times

    @Test("thisUpdate may lie five minutes ahead, nextUpdate may not have passed, and the age is bounded")
    func windows() throws {
        #expect(try status(fixture.single(leaf, from: 300)).status == .good)
        #expect(try status(fixture.single(leaf, from: 301)).undeterminedReason == .responseInvalid)
        #expect(try status(fixture.single(leaf, to: 0)).status == .good)
        #expect(try status(fixture.single(leaf, to: -1)).undeterminedReason == .sourceStale)
        #expect(try status(fixture.single(leaf, from: -60, to: -120)).undeterminedReason == .responseInvalid)
        #expect(try status(fixture.single(leaf, from: -300 * Fixture.day, to: nil)).status == .good)
        let stale = try status(fixture.single(leaf)) { $0.maximumAge = 3_599 }
        #expect(stale.undeterminedReason == .sourceStale)
        #expect(try status(fixture.single(leaf)) { $0.maximumAge = 3_600 }.status == .good)
    }

    private func status(_ single: OCSPSingleResponse, _ context: (inout OCSPContext) -> Void) throws
        -> CertificateStatus
    { try status(single, context: context) }

    @Test("producedAt lies within the certificate's validity and at most five minutes ahead")
    func producedAt() throws {
        let early = try status(fixture.single(leaf), change: { $0.producedAt = Fixture.start.advanced(bySeconds: -1) })
        #expect(early.undeterminedReason == .responseInvalid)
        let ahead = try status(fixture.single(leaf), change: { $0.producedAt = Fixture.now.advanced(bySeconds: 301) })
        #expect(ahead.undeterminedReason == .responseInvalid)
        let ended = try fixture.leaf(until: Fixture.now.advanced(bySeconds: -600))
        let late = fixture.ocspVerdict(ended, try fixture.response([fixture.single(ended)]))
        #expect(late.status.undeterminedReason == .certificateExpired)
    }

    @Test("A certificate that ends before it begins gets an answer like any other, not a trap")
    func invertedValidity() throws {
        let authority = fixture.authority
        let tbs = TBSCertificate(
            serialNumber: Fixture.serial, signature: authority.scheme.identifier, issuer: authority.name,
            notBefore: Fixture.start, notAfter: Fixture.start.advanced(bySeconds: -1), subject: .city("Inverted"),
            subjectPublicKeyInfo: Array(fixture.leafKey.publicKeyInfo.encoding), extensions: [])
        let inverted = try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        let verdict = fixture.ocspVerdict(inverted, try fixture.response([fixture.single(inverted)]))
        #expect(verdict.status.status == .undetermined)
    }

    // MARK: Several answers, extensions, nonces

    @Test("All answers about the certificate count, and the worst wins")
    func severalAnswers() throws {
        let good = fixture.single(leaf)
        let unknown = fixture.single(leaf, .unknown)
        let hold = fixture.single(leaf, .revoked(at: revokedAt, reason: .certificateHold))
        let revoked = fixture.single(leaf, .revoked(at: revokedAt, reason: .keyCompromise))
        let stale = fixture.single(leaf, to: -1)
        #expect(try status(good, unknown).status == .unknown)
        #expect(try status(unknown, hold, good).status == .onHold)
        #expect(try status(good, hold, revoked).status == .revoked)
        #expect(try status(good, stale).undeterminedReason == .sourceStale)
        #expect(try status(stale, revoked).status == .revoked)
        let other = fixture.single(try fixture.leaf(serial: SerialNumber(5)), revoked.certStatus)
        #expect(try status(other, good).status == .good)
    }

    @Test("Unknown critical extensions are refused, of the response and of the answer; others are passed over")
    func criticalExtensions() throws {
        let id = try #require(OID("1.2.3.4"))
        let critical = Extension(id: id, critical: true, value: [5, 0])
        let plain = Extension(id: id, critical: false, value: [5, 0])
        #expect(
            try status(fixture.single(leaf, extensions: [critical])).undeterminedReason
                == .unsupportedCriticalExtension)
        #expect(
            try status(fixture.single(leaf), change: { $0.extensions = [critical] }).undeterminedReason
                == .unsupportedCriticalExtension)
        #expect(try status(fixture.single(leaf, extensions: [plain])).status == .good)
        #expect(try status(fixture.single(leaf), change: { $0.extensions = [plain] }).status == .good)
    }

    @Test("A nonce that was sent comes back, or may stay away where policy says so; a wrong one never counts")
    func nonces() throws {
        let sent = [UInt8](repeating: 7, count: 32)
        func verdict(_ rule: OCSPContext.NonceRule, _ nonce: [UInt8]?) throws -> CertificateStatus {
            try status(fixture.single(leaf), change: { $0.nonce = nonce }, context: { $0.nonce = rule })
        }
        #expect(try verdict(.mustEcho(sent), sent).status == .good)
        #expect(try verdict(.mustEcho(sent), nil).undeterminedReason == .responseInvalid)
        #expect(try verdict(.mayEcho(sent), nil).status == .good)
        #expect(try verdict(.notSent, sent).status == .good)
        for rule in [OCSPContext.NonceRule.mustEcho(sent), .mayEcho(sent)] {
            #expect(try verdict(rule, Array(sent.dropLast())).undeterminedReason == .responseInvalid)
            #expect(try verdict(rule, sent + [7]).undeterminedReason == .responseInvalid)
        }
    }

    @Test("Nonces of 1 to 128 octets are read, others are malformed: RFC 9654 §2.1")
    func nonceLengths() throws {
        for count in [1, 8, 32, 128] {
            let nonce = [UInt8](repeating: 3, count: count)
            #expect(try OCSPRequest(der: request(nonce)).nonce?.count == count)
            #expect(try status(fixture.single(leaf), change: { $0.nonce = nonce }).status == .good)
        }
        for count in [0, 129] {
            let nonce = [UInt8](repeating: 3, count: count)
            #expect(
                try status(fixture.single(leaf), change: { $0.nonce = nonce }).undeterminedReason == .responseInvalid)
        }
    }

    private func request(_ nonce: [UInt8]) -> [UInt8] {
        OCSPRequest(certIDs: [OCSPCertID(certificate: leaf, issuer: fixture.issuer)], nonce: nonce).der
    }

    @Test("A request that is cut off, asks nothing or has an unknown critical extension is refused")
    func malformedRequests() throws {
        let whole = request([1])
        for count in 0..<whole.count {
            #expect(throws: DERError.self) { try OCSPRequest(der: whole[..<count]) }
        }
        let nothing = DERWriter.encode(.sequence) { outer in outer.append(.sequence) { $0.append(.sequence, []) } }
        #expect(throws: DERError.self) { try OCSPRequest(der: nothing) }
    }
}
