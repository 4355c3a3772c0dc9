import JPKIProfile
import Organizations
import PKIX
import PathValidation
import SignatureAlgorithms
import SignatureValidation
import Testing
import Verification

@Suite("A question about the past is answered by the lists of then")
struct PastQuestionTests {
    private let fixture: PastFixture
    private let store = MemoryStore()

    init() throws { fixture = try PastFixture() }

    private func check(
        _ target: StatusCheckRequest.Target,
        at time: ValidationTime?,
        _ lists: [HeldList],
        policy: RevocationPolicy = RevocationPolicy()
    ) async throws -> VerificationOutcome {
        let procedure = Procedure(id: "default", acceptedKinds: [.cardDigitalSignature], revocation: policy)
        let settings = VerificationSettings(
            environment: .sandbox, trust: fixture.trust, procedures: ["default": procedure],
            defaultProcedureID: "default", challengeSeconds: 120, digest: "d")
        let kept = KeptLists(kept: lists)
        let service = VerificationService(
            ports: .init(
                clock: FixedClock(), randomness: SystemOctets(), store: store, responder: UnexpectedResponder(),
                lists: kept, archive: kept, sealer: PlainSealer(), encodeBody: { _ in [] }),
            settings: { settings })
        let requester = Requester(
            environment: .sandbox, municipality: try #require(MunicipalityCode("99201")), actor: "counter", site: nil,
            scopes: [.status], purposes: ["certificate_issuance"])
        let answer = try await service.checkStatus(
            StatusCheckRequest(
                target: target, purpose: "certificate_issuance", policyID: nil, revocation: RevocationPreference(),
                validationTime: time),
            context: RequestContext(requester: requester, requestID: "req_1", idempotency: nil))
        guard case .new(let outcome) = answer else { throw StoreError.unavailable(reason: "a replay") }
        return outcome
    }

    private func status(
        _ certificate: Certificate,
        at time: ValidationTime,
        _ lists: [HeldList],
        policy: RevocationPolicy = RevocationPolicy()
    ) async throws -> RevocationAnswer {
        try await check(.certificate(certificate.der), at: time, lists, policy: policy).report.revocation
    }

    @Test("Revoked since: good by the list of then, which the answer names, and revoked by that of today")
    func revokedSince() async throws {
        let certificate = try fixture.certificate(7)
        let then = try fixture.list(30)
        let since = try fixture.list(0, revoking: [7], at: PastFixture.ago(20))
        let outcome = try await check(.certificate(certificate.der), at: PastFixture.ago(29), [then, since])
        let answer = outcome.report.revocation
        #expect(answer.status.status == .good && answer.rung == .freshCRL && answer.degradation == .none)
        #expect(answer.status.crlNumber == CRLNumber(4_970) && answer.status.thisUpdate == PastFixture.ago(30))
        #expect(answer.list == ListReference(digest: then.digest))
        #expect(outcome.report.result == .valid && outcome.isOfThePast)
        let event = try #require(await store.events.last)
        #expect(event.details["crl_id"] == ListReference(digest: then.digest).id)
        #expect(event.details["validation_time"] == PastFixture.ago(29).description)
        let after = try await status(certificate, at: PastFixture.ago(1), [then, since])
        #expect(after.status.status == .revoked && after.list == ListReference(digest: since.digest))
    }

    @Test("Expired now and gone from the list: what the list of then says, revoked or good")
    func expiredNow() async throws {
        let end = PastFixture.ago(10)
        let lists = [try fixture.list(30, revoking: [7], at: PastFixture.ago(40)), try fixture.list(0)]
        let revoked = try await status(try fixture.certificate(7, until: end), at: PastFixture.ago(29), lists)
        #expect(revoked.status.status == .revoked && revoked.list == ListReference(digest: lists[0].digest))
        let outcome = try await check(
            .certificate(try fixture.certificate(8, until: end).der), at: PastFixture.ago(29), lists)
        #expect(outcome.report.result == .valid)
        // At a time when it had expired already the list of then says nothing of it.
        let late = try await status(
            try fixture.certificate(8, until: end), at: PastFixture.ago(5), [try fixture.list(6)] + lists)
        #expect(late.status.undeterminedReason == .certificateExpired)
    }

    @Test("No list of that day: undetermined, and never the list of today", arguments: [true, false])
    func missing(isExpiredNow: Bool) async throws {
        let certificate = try fixture.certificate(8, until: PastFixture.ago(isExpiredNow ? 10 : -10))
        let none = try await status(certificate, at: PastFixture.ago(40), [try fixture.list(30), try fixture.list(0)])
        #expect(none.status.undeterminedReason == .sourceUnavailable && none.list == nil)
        // The one before it had ended by then.
        let stale = try await status(certificate, at: PastFixture.ago(25), [try fixture.list(30), try fixture.list(0)])
        #expect(stale.status.undeterminedReason == .sourceStale)
        #expect(stale.status.crlNumber == CRLNumber(4_970))
    }

    @Test("A later list can show that it was revoked by then, and nothing else")
    func laterList() async throws {
        let certificate = try fixture.certificate(7)
        let lists = [try fixture.list(30), try fixture.list(29, revoking: [7], at: PastFixture.ago(31))]
        let answer = try await status(certificate, at: PastFixture.ago(30).advanced(bySeconds: 60), lists)
        #expect(answer.status.status == .revoked && answer.list == ListReference(digest: lists[1].digest))
        let gap = [try fixture.list(0, revoking: [7], at: PastFixture.ago(20))]
        let before = try await status(certificate, at: PastFixture.ago(21), gap)
        #expect(before.status.undeterminedReason == .sourceUnavailable)
        let after = try await status(certificate, at: PastFixture.ago(19), gap)
        #expect(after.status.status == .revoked)
    }

    @Test("Two generations of one name: each is judged by its own list of then")
    func generations() async throws {
        let lists = [
            try fixture.list(30, revoking: [7], of: 0), try fixture.list(30, revoking: [8], of: 1),
            try fixture.list(0, of: 0), try fixture.list(0, of: 1),
        ]
        let time = PastFixture.ago(29)
        for (generation, revoked) in [(0, UInt64(7)), (1, 8)] {
            let listed = try await status(try fixture.certificate(revoked, of: generation), at: time, lists)
            #expect(listed.status.status == .revoked && listed.list == ListReference(digest: lists[generation].digest))
            let other = try await status(try fixture.certificate(15 - revoked, of: generation), at: time, lists)
            #expect(other.status.status == .good && other.list == ListReference(digest: lists[generation].digest))
        }
        let alone = try await status(try fixture.certificate(7, of: 1), at: time, [lists[0], lists[2]])
        #expect(alone.status.undeterminedReason == .sourceUnavailable)
    }

    @Test("By serial number alone the list of then answers too")
    func bySerial() async throws {
        let lists = [try fixture.list(30, revoking: [7], at: PastFixture.ago(31)), try fixture.list(0)]
        for (serial, expected) in [(UInt64(7), CertificateStatus.Status.revoked), (8, .good)] {
            let outcome = try await check(
                .serial(issuerID: "g2", SerialNumber(serial)), at: PastFixture.ago(29), lists)
            let answer = outcome.report.revocation
            #expect(answer.status.status == expected && answer.list == ListReference(digest: lists[0].digest))
        }
    }

    @Test("A policy that lets no list stand in for the responder leaves the past undetermined, and says why")
    func forbidden() async throws {
        let strict = RevocationPolicy(preferredMethod: .ocsp, fallback: .forbidden)
        let certificate = try fixture.certificate(8)
        let answer = try await status(certificate, at: PastFixture.ago(29), [try fixture.list(30)], policy: strict)
        #expect(answer.status.undeterminedReason == .policyForbidsFallback)
        let none = try await status(certificate, at: PastFixture.ago(40), [try fixture.list(30)], policy: strict)
        #expect(none.status.undeterminedReason == .sourceUnavailable)
    }
}
