import JPKIProfile
import Organizations
import PKIX
import PathValidation
import SignatureAlgorithms
import SignatureValidation
import Testing
import Verification

@Suite("The verification service refuses before it gathers, and answers only what is recorded")
struct VerificationServiceTests {
    private let store = MemoryStore()
    private let mihon = MunicipalityCode("99201")
    private let reiji = MunicipalityCode("99301")

    private func service(at now: ValidationTime = FixedClock().now) -> VerificationService {
        let procedure = Procedure(
            id: "default", acceptedKinds: Set(CertificateKind.allCases), revocation: RevocationPolicy())
        let settings = VerificationSettings(
            environment: .sandbox, trust: TrustSettings(issuers: [], kinds: [:]), procedures: ["default": procedure],
            defaultProcedureID: "default", challengeSeconds: 120, digest: "d")
        return VerificationService(
            ports: .init(
                clock: FixedClock(now: now), randomness: SystemOctets(), store: store, responder: UnexpectedResponder(),
                lists: NoLists(), archive: NoLists(), sealer: PlainSealer(), encodeBody: { Array($0.id.utf8) }),
            settings: { settings })
    }

    private func context(
        _ municipality: MunicipalityCode?,
        actor: String = "counter",
        scopes: Set<Scope> = [.verify, .status],
        key: IdempotencyKey? = nil
    ) throws -> RequestContext {
        let requester = Requester(
            environment: .sandbox, municipality: try #require(municipality), actor: actor, site: nil, scopes: scopes,
            purposes: ["login", "certificate_issuance"])
        return RequestContext(requester: requester, requestID: "req_1", idempotency: key)
    }

    private func request(_ challengeID: String? = nil, purpose: String = "login", policy: String? = nil)
        -> VerificationRequest
    {
        VerificationRequest(
            certificate: [1], message: .content([1]), scheme: .rsaPKCS1(.sha256), signature: [1],
            challengeID: challengeID, purpose: purpose, policyID: policy, revocation: RevocationPreference(),
            validationTime: nil, claims: [.name])
    }

    @Test("a client without the scope, with another purpose or an unknown procedure is refused, and that is audited")
    func refusals() async throws {
        let (mihon, scopeless) = (try context(mihon), try context(mihon, scopes: [.status]))
        await #expect(throws: ServiceError.scopeMissing) { try await service().verify(request(), context: scopeless) }
        await #expect(throws: ServiceError.purposeNotAllowed) {
            try await service().verify(request(purpose: "gossip"), context: mihon)
        }
        await #expect(throws: ServiceError.unknownPolicy) {
            try await service().verify(request(policy: "none"), context: mihon)
        }
        let events = await store.events
        #expect(events.map(\.kind) == [.requestRefused, .requestRefused, .requestRefused])
        #expect(events.map(\.result) == ["scope_missing", "purpose_not_allowed", "unknown_policy"])
        #expect(await store.records.isEmpty)
    }

    @Test("a challenge of another client or another 団体 looks like none; of another purpose it is not allowed")
    func foreignChallenge() async throws {
        let own = try context(mihon)
        let challenge = try await service().createChallenge(purpose: "login", context: own)
        for foreign in [try context(mihon, actor: "other"), try context(reiji)] {
            await #expect(throws: ServiceError.challengeNotFound) {
                try await service().verify(request(challenge.id), context: foreign)
            }
        }
        await #expect(throws: ServiceError.purposeNotAllowed) {
            try await service().verify(request(challenge.id, purpose: "certificate_issuance"), context: own)
        }
    }

    @Test("a challenge ends at its time, and is used once")
    func challengeLife() async throws {
        let own = try context(mihon)
        let challenge = try await service().createChallenge(purpose: "login", context: own)
        #expect(challenge.nonce.count == 32)
        let late = service(at: FixedClock().now.advanced(bySeconds: 120))
        await #expect(throws: ServiceError.challengeExpired) {
            try await late.verify(request(challenge.id), context: own)
        }
        _ = try await service().verify(request(challenge.id), context: own)
        await #expect(throws: ServiceError.challengeAlreadyUsed) {
            try await service().verify(request(challenge.id), context: own)
        }
    }

    @Test("an undecodable certificate is a completed check, recorded, with no claims")
    func verdict() async throws {
        let answer = try await service().verify(request(), context: context(mihon))
        guard case .new(let outcome) = answer else {
            Issue.record("a new answer was expected")
            return
        }
        #expect(outcome.report.result == .invalid && outcome.claims == nil)
        let events = await store.events
        #expect(events.count == 1 && events.first?.kind == .verification && events.first?.result == "invalid")
    }

    @Test("when the record cannot be kept there is no answer")
    func noAnswerWithoutRecord() async throws {
        await store.breakDown()
        let own = try context(mihon)
        await #expect(throws: ServiceError.serviceNotReady) { try await service().verify(request(), context: own) }
    }

    @Test("the same key and body give the record again; another body is refused")
    func idempotency() async throws {
        let first = try context(mihon, key: IdempotencyKey(key: "k", requestDigest: [1]))
        _ = try await service().verify(request(), context: first)
        guard case .replayed = try await service().verify(request(), context: first) else {
            Issue.record("the record was expected")
            return
        }
        #expect(await store.records.count == 1)
        let other = try context(mihon, key: IdempotencyKey(key: "k", requestDigest: [2]))
        await #expect(throws: ServiceError.idempotencyKeyReused) {
            try await service().verify(request(), context: other)
        }
    }

    @Test("another 団体's record looks like none, and reading one is audited")
    func isolation() async throws {
        let own = try context(mihon)
        guard case .new(let outcome) = try await service().verify(request(), context: own) else { return }
        let foreign = try context(reiji)
        await #expect(throws: ServiceError.notFound) {
            try await service().record(outcome.id, kind: .verification, context: foreign)
        }
        _ = try await service().record(outcome.id, kind: .verification, context: own)
        #expect(await store.events.last?.kind == .verificationRead)
    }

    @Test("ids are unguessable and differ")
    func identifiers() {
        let source = IdentifierSource(SystemOctets())
        let ids = Set((0..<1_000).map { _ in source.next(.verification) })
        #expect(ids.count == 1_000 && ids.allSatisfy { $0.hasPrefix("ver_") && $0.utf8.count == 30 })
    }
}
