import CardProtocol
import Foundation
import PKIX
import ProtectedMemory
import SandboxAuthority
import SignatureAlgorithms
import Synchronization
import TerminalSession
import Verification
import VirtualCard
import WireFormat

/// One sandbox for all tests here, a card of any of its residents, and a flow on it.
enum CardWorkbench {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    static let sandbox = Result { try Sandbox(settings: SandboxSettings { now }, baseURL: "http://127.0.0.1:1") }

    static func chip(_ archetype: Archetype, as form: CardProfile.Form? = nil) throws -> VirtualChip {
        let sandbox = try sandbox.get()
        return try VirtualChip(CardProfile(try sandbox.resident(archetype), in: sandbox, as: form))
    }

    static func secret(_ text: String) throws -> ProtectedOctets {
        let secret = try ProtectedOctets(capacity: 64)
        for octet in text.utf8 { secret.append(octet) }
        return secret
    }

    static func parts(
        _ slot: any CardSlot, _ gateway: any PlatformGateway, queue: (any SealedQueue)? = nil,
        tap: (any TapAuthentication)? = nil, now: ValidationTime = now
    ) -> TerminalParts {
        TerminalParts(slot: slot, gateway: gateway, clock: FixedClock(now: now), queue: queue, tap: tap)
    }
}

struct FixedClock: TrustedClock {
    let now: ValidationTime
    func reading() -> ClockReading { ClockReading(now: now, trust: .trusted) }
}

/// A platform that checks what a platform checks first: that the signature is the certificate's, over its own challenge.
final class CheckingGateway: PlatformGateway {
    enum Reach: Sendable {
        case reachable
        case unreachable
        /// The line is cut between challenge and verification.
        case cutAfterChallenge
        case refusing
    }

    static let challenge = [UInt8](repeating: 0x5C, count: 32)
    let reach: Reach
    let proofs = Mutex<[CardProof]>([])

    init(_ reach: Reach = .reachable) { self.reach = reach }

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        switch reach {
        case .unreachable: throw .unreachable
        case .refusing: throw .refused(code: "purpose_not_allowed", messages: ["staff_ja": "目的"])
        default: return SigningChallenge(origin: .platform(id: "chl_1"), octets: CheckingGateway.challenge)
        }
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        guard reach == .reachable else { throw .unreachable }
        proofs.withLock { $0.append(proof) }
        let isRight = proof.isSigned && (proof.challenge == nil || proof.message == .content(CheckingGateway.challenge))
        return answer(
            isRight ? "valid" : "invalid", proof.key == .digitalSignature ? "pin_signature" : "pin_authentication")
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        answer("valid", nil)
    }

    private func answer(_ result: String, _ assurance: String?) -> AnswerBody {
        let level = assurance.map { "\"\($0)\"" } ?? "null"
        let nulls = [
            "undetermined_reason", "revocation_reason", "revoked_at", "method", "source", "rung", "crl_id",
            "crl_sha256",
            "crl_number", "crl_distribution_point", "this_update", "next_update", "age_seconds",
        ].map { "\"\($0)\":null" }.joined(separator: ",")
        let json = """
            {"id":"v","result":"\(result)","indication":"i","sub_indications":[],"checks":[],"certificate":null,
            "certificate_status":{"status":"good","checked_at":"t","degraded":false,\(nulls)},"claims":null,
            "messages":{},"assurance_level":\(level),"purpose":"p","policy_id":"x","municipality_code":"992011",
            "environment":"sandbox","validation_time":"t","created_at":"t","configuration_digest":"d","replayed":false}
            """
        guard let body = try? AnswerBody(json: Array(json.utf8)) else {
            fatalError("the answer of the test is no answer")
        }
        return body
    }
}

extension CardProof {
    /// Whether the certificate's key made the signature.
    var isSigned: Bool {
        guard let certificate = try? Certificate(der: certificate),
            let key = try? PublicKey(certificate.subjectPublicKeyInfo, suite: .current),
            let digest = try? message.digest(for: algorithm)
        else { return false }
        return (try? key.verifies(signature[...], digest: digest[...], scheme: algorithm.scheme)) == true
    }
}

/// A queue that keeps what it is given.
final class KeepingQueue: SealedQueue {
    let proofs = Mutex<[CardProof]>([])
    let failure: QueueFailure?

    init(_ failure: QueueFailure? = nil) { self.failure = failure }

    func challenge(purpose: String) async throws(QueueFailure) -> SigningChallenge {
        if let failure { throw failure }
        return SigningChallenge(origin: .device, octets: [UInt8](repeating: 0xD0, count: 32))
    }

    func append(_ proof: CardProof) async throws(QueueFailure) -> QueuedCheck {
        if let failure { throw failure }
        let count = proofs.withLock { held in
            held.append(proof)
            return held.count
        }
        return QueuedCheck(id: "rec_\(count)", sequence: UInt64(count))
    }
}

/// What a person at the counter does.
struct Person {
    var pins: [String]
    var supervisor = false
    /// Called when the first PIN is asked for.
    var atPrompt: @Sendable () async -> Void = {}

    struct Experience {
        let end: FlowState
        let prompts: [PINPrompt]
        let secrets: [ProtectedOctets]
    }

    func go(_ parts: TerminalParts, _ way: IdentificationWay) async throws -> Experience {
        let flow = IdentificationFlow(parts)
        let states = await flow.states()
        await flow.start(IdentificationRequest(way, purpose: "certificate_issuance", patience: .seconds(1)))
        var (prompts, secrets, left): ([PINPrompt], [ProtectedOctets], [String]) = ([], [], pins)
        for await state in states {
            if case .pinNeeded(let prompt) = state {
                prompts.append(prompt)
                if prompts.count == 1 { await atPrompt() }
                if prompt.reason == .lastTry {
                    guard supervisor else { return Experience(end: state, prompts: prompts, secrets: secrets) }
                    await flow.allowLastTry()
                } else if prompt.place == .terminal {
                    guard !left.isEmpty else { continue }
                    let secret = try CardWorkbench.secret(left.removeFirst())
                    secrets.append(secret)
                    await flow.submit(secret)
                }
            }
            if state.isFinal, state != .idle { return Experience(end: state, prompts: prompts, secrets: secrets) }
        }
        return Experience(end: .idle, prompts: prompts, secrets: secrets)
    }
}

extension FlowState {
    var result: IdentificationResult? { if case .finished(let result) = self { result } else { nil } }
    var failure: FlowFailure? { if case .failed(let failure) = self { failure } else { nil } }
}
