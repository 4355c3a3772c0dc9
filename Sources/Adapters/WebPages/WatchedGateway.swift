internal import Synchronization
package import TerminalSession
package import WireFormat

/// A platform whose answers tell how the line stands.
package final class WatchedGateway: PlatformGateway {
    private struct Known {
        var state = KioskLine.State.online
        var since = ContinuousClock.now
    }

    private let gateway: any PlatformGateway
    private let known = Mutex(Known())
    /// After so long without a call nothing is known any more, and nothing is said.
    private let memory: Duration

    package init(_ gateway: any PlatformGateway, memory: Duration = .seconds(300)) {
        (self.gateway, self.memory) = (gateway, memory)
    }

    package var state: KioskLine.State {
        known.withLock { .now - $0.since > memory ? .online : $0.state }
    }

    package func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        try await watched { () async throws(GatewayFailure) in try await gateway.challenge(purpose: purpose) }
    }

    package func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        try await watched { () async throws(GatewayFailure) in try await gateway.verify(proof) }
    }

    package func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await watched { () async throws(GatewayFailure) in
            try await gateway.status(of: certificate, purpose: purpose)
        }
    }

    private func watched<Answer: Sendable>(
        _ call: () async throws(GatewayFailure) -> Answer
    ) async throws(GatewayFailure) -> Answer {
        do throws(GatewayFailure) {
            let answer = try await call()
            saw(.online)
            return answer
        } catch {
            saw(error == .unreachable ? .offline : .online)
            throw error
        }
    }

    private func saw(_ state: KioskLine.State) { known.withLock { $0 = Known(state: state) } }
}
