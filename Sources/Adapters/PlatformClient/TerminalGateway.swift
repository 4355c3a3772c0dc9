internal import CardProtocol
internal import PKIX
package import TerminalSession
package import WireFormat

/// The platform for a terminal: its port, filled by the client of the API.
package struct TerminalGateway: PlatformGateway {
    private let client: PlatformClient
    private let policyID: String?

    /// - Parameter policyID: nil leaves it to the purpose.
    package init(_ client: PlatformClient, policyID: String? = nil) {
        (self.client, self.policyID) = (client, policyID)
    }

    package func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        do throws(PlatformError) {
            let body = try await client.createChallenge(purpose: purpose).decoded(as: ChallengeBody.self)
            guard let octets = decodeBase64(body.nonce), !octets.isEmpty else {
                throw PlatformError.unexpectedResponse(status: 200)
            }
            return SigningChallenge(origin: .platform(id: body.id), octets: octets)
        } catch {
            throw GatewayFailure(error)
        }
    }

    package func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        let message: VerificationCall.Message =
            switch proof.message {
            case .content(let octets): .content(octets)
            case .digest(let octets, _): .digest(octets)
            }
        var call = VerificationCall(
            certificate: proof.certificate, message: message, signature: proof.signature, purpose: proof.purpose,
            signatureAlgorithm: proof.algorithm.wireName)
        if case .platform(let id) = proof.challenge?.origin { call.challengeID = id }
        call.policyID = policyID
        call.reportLevel = "detailed"
        do throws(PlatformError) {
            return try await client.verify(call).decoded(as: AnswerBody.self)
        } catch {
            throw GatewayFailure(error)
        }
    }

    package func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        var call = StatusCheckCall(.certificate(certificate), purpose: purpose)
        call.policyID = policyID
        do throws(PlatformError) {
            return try await client.checkStatus(call).decoded(as: AnswerBody.self)
        } catch {
            throw GatewayFailure(error)
        }
    }
}

extension GatewayFailure {
    init(_ error: PlatformError) {
        switch error {
        case .credentials: self = .credentials
        case .unreachable: self = .unreachable
        // What stands between this device and a platform that is down speaks with these.
        case .unexpectedResponse(let status): self = (502...504).contains(status) ? .unreachable : .notThePlatform
        case .problem(let problem): self = .refused(code: problem.code, messages: problem.messages)
        }
    }
}
