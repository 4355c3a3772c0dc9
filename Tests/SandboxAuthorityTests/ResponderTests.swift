import JPKIProfile
import OCSP
import PKIX
import PathValidation
import SandboxAuthority
import SignatureAlgorithms
import Testing

@Suite("The sandbox's OCSP responders")
struct ResponderTests {
    private let clock = HandSetClock()

    private func status(_ sandbox: Sandbox, _ item: ResidentCertificate) throws -> OCSPSingleResponse.CertStatus {
        let response = try sandbox.ocsp(item)
        #expect(response.responses.count == 1)
        return try #require(response.responses.first).certStatus
    }

    @Test("A request that is none, and one about another medium's issuer, get an error and no signature")
    func errors() throws {
        let sandbox = try clock.sandbox()
        let garbage = try #require(try sandbox.answer(ocspRequest: [1, 2, 3], medium: .card).octets)
        #expect(try OCSPResponse(der: garbage).status == .malformedRequest)
        let card = try sandbox.ocspRequest(try sandbox.certificate(.regular, .cardUserAuthentication))
        let refused = try #require(try sandbox.answer(ocspRequest: card, medium: .smartphone).octets)
        #expect(try OCSPResponse(der: refused).status == .unauthorized)
        #expect(try OCSPResponse(der: refused).basic == nil)
    }

    @Test("A serial number that was never issued is unknown, and so is one under the other generation's key")
    func unknown() throws {
        let sandbox = try clock.sandbox()
        #expect(try status(sandbox, try sandbox.certificate(.neverIssued, .cardUserAuthentication)) == .unknown)
        let item = try sandbox.certificate(.regular, .cardUserAuthentication)
        let other = try sandbox.statusIssuer(AuthorityID(.cardUserAuthentication, .first))
        let id = OCSPCertID(certificate: item.certificate, issuer: other)
        let octets = try #require(
            try sandbox.answer(ocspRequest: OCSPRequest(certIDs: [id]).der, medium: .card).octets)
        #expect(try OCSPResponse(der: octets).basic?.responses.first?.certStatus == .unknown)
    }

    @Test("Revoked, held and good certificates are told apart, with time and reason")
    func statuses() throws {
        let sandbox = try clock.sandbox()
        for resident in sandbox.residents() where resident.archetype != .neverIssued {
            for item in resident.certificates {
                let expected: OCSPSingleResponse.CertStatus =
                    item.revocation.map { .revoked(at: $0.at, reason: $0.reason) } ?? .good
                #expect(try status(sandbox, item) == expected)
            }
        }
        try sandbox.revoke("regular", kind: .cardUserAuthentication, reason: .keyCompromise)
        let revoked = try status(sandbox, try sandbox.certificate(.regular, .cardUserAuthentication))
        #expect(revoked == .revoked(at: clock.now, reason: .keyCompromise))
    }

    @Test("The nonce comes back, the times are fresh, and SHA-256 ids are understood")
    func answer() throws {
        let sandbox = try clock.sandbox()
        let item = try sandbox.certificate(.regular, .cardDigitalSignature)
        let response = try sandbox.ocsp(item, nonce: Array(1...32))
        #expect(response.nonce.map { Array($0) } == Array(1...32))
        #expect(response.producedAt == clock.now)
        #expect(response.responses.first?.thisUpdate == clock.now)
        #expect(response.responses.first?.nextUpdate == clock.now.advanced(bySeconds: 900))
        #expect(try sandbox.ocsp(item).nonce == nil)
        let request = try sandbox.ocspRequest(item, hash: .sha256)
        let octets = try #require(try sandbox.answer(ocspRequest: request, medium: .card).octets)
        #expect(try OCSPResponse(der: octets).basic?.responses.first?.certStatus == .good)
    }

    @Test("A delegated responder's certificate is its authority's own, for OCSP signing, nocheck")
    func delegated() throws {
        let sandbox = try clock.sandbox()
        for generation in [Archetype.regular, .previousGeneration] {
            let item = try sandbox.certificate(generation, .cardUserAuthentication)
            let response = try sandbox.ocsp(item)
            let responder = try #require(response.certificates.first)
            #expect(responder.extensions.extendedKeyUsage == [.ocspSigning])
            #expect(responder.extensions.hasOCSPNoCheck)
            let issuer = try sandbox.statusIssuer(item.authority)
            #expect(try verifies(responder.tbsEncoding, responder.signature, responder.signatureAlgorithm, issuer.key))
            #expect(try isSigned(response, by: responder.subjectPublicKeyInfo))
        }
    }

    @Test("Cards and telephones have responders of their own, and the authority's key signs when it is told to")
    func separate() throws {
        let sandbox = try clock.sandbox()
        let card = try sandbox.ocsp(try sandbox.certificate(.iPhone, .cardUserAuthentication))
        let telephone = try sandbox.ocsp(try sandbox.certificate(.iPhone, .smartphoneUserAuthentication))
        #expect(card.certificates.first?.subjectPublicKeyInfo != telephone.certificates.first?.subjectPublicKeyInfo)
        sandbox.setSigner(.authorityKey, of: .card)
        let item = try sandbox.certificate(.regular, .cardUserAuthentication)
        let response = try sandbox.ocsp(item)
        #expect(response.certificates.isEmpty)
        #expect(try isSigned(response, by: try sandbox.statusIssuer(item.authority).key))
    }

    @Test("Every fault shows in the answer and goes away when it is cleared")
    func faults() throws {
        let sandbox = try clock.sandbox()
        let item = try sandbox.certificate(.regular, .cardUserAuthentication)
        let target = FaultTarget.responder(.card)
        func served() throws -> ServedAnswer {
            try sandbox.answer(ocspRequest: try sandbox.ocspRequest(item), medium: .card)
        }

        try sandbox.set(.down, on: target)
        #expect(try served().octets == nil)
        try sandbox.set(.slow(milliseconds: 700), on: target)
        guard case .late(_, milliseconds: 700) = try served() else { throw Unexpected() }
        try sandbox.set(.malformed, on: target)
        #expect(throws: DERError.self) { try OCSPResponse(der: served().octets ?? []) }
        try sandbox.set(.tryLater, on: target)
        #expect(try OCSPResponse(der: served().octets ?? []).status == .tryLater)
        try sandbox.set(.stale, on: target)
        let nextUpdate = try #require(try sandbox.ocsp(item).responses.first?.nextUpdate)
        #expect(nextUpdate < clock.now)
        try sandbox.set(.wrongKey, on: target)
        let stranger = try sandbox.ocsp(item)
        let named = try #require(stranger.certificates.first).subjectPublicKeyInfo
        #expect((try? isSigned(stranger, by: named)) != true)
        try sandbox.set(.unauthorised, on: target)
        let unauthorised = try sandbox.ocsp(item)
        #expect(unauthorised.certificates.first?.extensions.extendedKeyUsage == nil)
        let powerless = try #require(unauthorised.certificates.first)
        #expect(try isSigned(unauthorised, by: powerless.subjectPublicKeyInfo))

        // The telephones' responder never noticed.
        #expect(sandbox.faults.fault(on: .responder(.smartphone)) == nil)
        sandbox.faults.clear(target)
        let response = try sandbox.ocsp(item)
        #expect(response.responses.first?.certStatus == .good)
        let responder = try #require(response.certificates.first)
        #expect(try isSigned(response, by: responder.subjectPublicKeyInfo))
    }

    private struct Unexpected: Error {}

    private func isSigned(_ response: BasicOCSPResponse, by key: SubjectPublicKeyInfo) throws -> Bool {
        try verifies(response.tbsEncoding, response.signature, response.signatureAlgorithm, key)
    }
}
