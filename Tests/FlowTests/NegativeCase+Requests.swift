import CertificateIssuing
import Demonstration
import Foundation
import JPKIProfile
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SignatureAlgorithms
import WireFormat

extension NegativeCase {
    /// Signatures, purposes and challenges.
    static var requests: [NegativeCase] {
        [
            NegativeCase(
                "signature over another document",
                "invalid; SIG_CRYPTO_FAILURE; failed signature_value; status good by ocsp"
            ) { town in
                var call = try town.signedApplication(town.sandbox.resident(.regular))
                call.message = .content(Town.application + [0x20])
                return try await town.ask(call)
            },
            NegativeCase(
                "one bit of the signature turned",
                "invalid; SIG_CRYPTO_FAILURE; failed signature_value; status good by ocsp"
            ) { town in
                var call = try town.signedApplication(town.sandbox.resident(.regular))
                call.signature[call.signature.count - 1] ^= 1
                return try await town.ask(call)
            },
            NegativeCase(
                "document signature with SHA-1",
                "invalid; CRYPTO_CONSTRAINTS_FAILURE; failed signature_value; status good by ocsp"
            ) { town in
                let resident = try town.sandbox.resident(.regular)
                var call = try town.signedApplication(resident)
                call.signature = try town.sandbox.sign(
                    Town.application, as: resident.id, kind: .cardDigitalSignature,
                    pin: resident.signaturePIN ?? "", scheme: .rsaPKCS1(.sha1))
                call.signatureAlgorithm = "sha1WithRSAEncryption"
                return try await town.ask(call)
            },
            NegativeCase(
                "利用者証明用 for application_signature (wrong keyUsage for the purpose)",
                "invalid; SIG_CONSTRAINTS_FAILURE; failed profile; status good by ocsp"
            ) { town in
                let call = try town.call(
                    town.sandbox.resident(.regular), .cardUserAuthentication, over: Town.application,
                    purpose: "application_signature")
                return try await town.ask(call)
            },
            NegativeCase("署名用 for login", "invalid; SIG_CONSTRAINTS_FAILURE; failed profile; status good by ocsp") {
                town in
                try await town.login(town.sandbox.resident(.regular), .cardDigitalSignature)
            },
        ] + challenges
    }

    private static var challenges: [NegativeCase] {
        [
            NegativeCase("challenge replayed", "HTTP 409 challenge_already_used") { town in
                let call = try await answered(town, town.challenge())
                let first = try await town.ask(call)
                guard first.answer?.result == "valid" else { return first }
                return try await town.ask(call)
            },
            NegativeCase("challenge expired", "HTTP 410 challenge_expired") { town in
                let old = town.oldChallenge
                try await Task.sleep(until: old.madeAt + .milliseconds(11_000), clock: .continuous)
                return try await town.ask(answered(town, (old.id, old.nonce)), of: town.hasty)
            },
            NegativeCase("challenge of another client of the same 団体", "HTTP 404 not_found") { town in
                try await town.ask(answered(town, town.challenge(as: .counterSystem)), as: .secondSystem)
            },
            NegativeCase("challenge of another 団体's client", "HTTP 404 not_found") { town in
                try await town.ask(answered(town, town.challenge(as: .neighbourSystem)))
            },
            NegativeCase("challenge for another purpose", "HTTP 403 purpose_not_allowed") { town in
                try await town.ask(answered(town, town.challenge(purpose: "certificate_issuance")))
            },
            NegativeCase("challenge that never was", "HTTP 404 not_found") { town in
                let real = try await town.challenge()
                return try await town.ask(answered(town, ("chl_00000000000000000000000000", real.nonce)))
            },
            NegativeCase(
                "signature over another challenge", "invalid; HASH_FAILURE; failed challenge; status good by ocsp"
            ) { town in
                let (mine, other) = (try await town.challenge(), try await town.challenge())
                return try await town.ask(answered(town, (mine.id, other.nonce)))
            },
        ]
    }

    private static func answered(_ town: Town, _ challenge: (id: String, nonce: [UInt8])) throws -> VerificationCall {
        var call = try town.call(
            town.sandbox.resident(.regular), .cardUserAuthentication, over: challenge.nonce, purpose: "login")
        call.challengeID = challenge.id
        return call
    }

    /// Clients that are nobody, and clients that ask for what is not theirs.
    static var clients: [NegativeCase] {
        [
            unidentified("no client certificate", "no HTTP: connectionFailed", .none),
            unidentified(
                "client certificate of an unknown authority", "no HTTP: connectionFailed", .ofUnknownAuthority),
            unidentified(
                "client certificate that no client is configured with", "HTTP 401 client_not_authenticated",
                .ofKnownAuthority),
            NegativeCase("another 団体's verification, read", "HTTP 404 not_found") { town in
                try await town.send(.get, "/v1/verifications/" + recorded(town), as: .neighbourSystem)
            },
            NegativeCase("another 団体's verification, deleted", "HTTP 404 not_found") { town in
                try await town.send(.delete, "/v1/verifications/" + recorded(town), as: .neighbourSystem)
            },
            NegativeCase("a verification that never was, read", "HTTP 404 not_found") { town in
                try await town.send(.get, "/v1/verifications/vrf_00000000000000000000000000", as: .neighbourSystem)
            },
            NegativeCase("a client without the scope", "HTTP 403 scope_missing") { town in
                try await town.ask(town.signedApplication(town.sandbox.resident(.regular)), as: .operatorConsole)
            },
        ]
    }

    /// A verification of 見本市 that its own client can read.
    private static func recorded(_ town: Town) async throws -> String {
        let made = try await town.ask(town.signedApplication(town.sandbox.resident(.regular)))
        guard let id = made.answer?.id, try await town.send(.get, "/v1/verifications/" + id).status == 200 else {
            throw PlatformProcess.Failure(description: "no verification to ask for")
        }
        return id
    }

    private static func unidentified(
        _ name: String,
        _ expected: String,
        _ certificate: Town.StrangerCertificate
    ) -> NegativeCase {
        NegativeCase(connecting: name, expected) { town in
            let client = try town.stranger(certificate)
            let request = OutgoingRequest(url: town.platform.baseURL + "/v1/issuers")
            let answer = await client.exchange(request, within: .seconds(10), maximumBody: 1_048_576)
            await client.shutdown()
            return switch answer {
            case .success(let response): String(describing: Reply(response, in: town))
            case .failure(let failure): "no HTTP: \(failure.rawValue)"
            }
        }
    }
}
