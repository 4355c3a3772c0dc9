import CardProtocol
import Foundation
import PKIX
import Synchronization
import TerminalSession
import WireFormat

/// Between the flow and the outside: measures what card and platform take, and keeps a signature for who asked for it.
final class Stopwatch: CardSlot, PlatformGateway {
    private let slot: any CardSlot
    private let gateway: any PlatformGateway
    private let signatureFile: String?
    private let start = Mutex<ContinuousClock.Instant?>(nil)
    private let end = Mutex<ContinuousClock.Instant?>(nil)
    private let card = Mutex(Duration.zero)
    private let platform = Mutex(Duration.zero)

    init(_ slot: any CardSlot, _ gateway: any PlatformGateway, keeps file: String?) {
        (self.slot, self.gateway, signatureFile) = (slot, gateway, file)
    }

    /// From the card's arrival to the platform's verdict, in milliseconds, with the parts of it.
    var json: [String: Any] {
        guard let start = start.withLock({ $0 }), let end = end.withLock({ $0 }) else { return [:] }
        let total = (end - start).milliseconds
        let (card, platform) = (card.withLock { $0 }.milliseconds, platform.withLock { $0 }.milliseconds)
        return ["total_ms": total, "card_ms": card, "platform_ms": platform, "overhead_ms": total - card]
    }

    func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel {
        let channel = try await slot.connect(within: limit)
        start.withLock { $0 = .now }
        return MeasuredChannel(channel: channel, stopwatch: self)
    }

    fileprivate func addCard(_ time: Duration) { card.withLock { $0 += time } }

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        let begun = ContinuousClock.now
        let challenge = try await gateway.challenge(purpose: purpose)
        platform.withLock { $0 += .now - begun }
        return challenge
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        let begun = ContinuousClock.now
        if let signatureFile {
            _ = FileManager.default.createFile(
                atPath: signatureFile, contents: Data(proof.signature), attributes: [.posixPermissions: 0o600])
        }
        let answer = try await gateway.verify(proof)
        platform.withLock { $0 += .now - begun }
        end.withLock { $0 = .now }
        return answer
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await gateway.status(of: certificate, purpose: purpose)
    }
}

private struct MeasuredChannel: CardChannel {
    let channel: any CardChannel
    let stopwatch: Stopwatch

    var hasKeypad: Bool { channel.hasKeypad }

    func transmit(_ octets: [UInt8]) async throws(CardChannelFailure) -> [UInt8] {
        let begun = ContinuousClock.now
        let answer = try await channel.transmit(octets)
        stopwatch.addCard(.now - begun)
        return answer
    }

    func present(_ pin: CardPIN, _ source: PINSource) async throws(CardChannelFailure) -> [UInt8] {
        let begun = ContinuousClock.now
        let answer = try await channel.present(pin, source)
        stopwatch.addCard(.now - begun)
        return answer
    }

    func untilRemoved() async { await channel.untilRemoved() }

    func close() async { await channel.close() }
}

/// For commands that ask no platform.
struct NoPlatform: PlatformGateway {
    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge { throw .unreachable }
    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody { throw .unreachable }
    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        throw .unreachable
    }
}

extension Duration {
    fileprivate var milliseconds: Double {
        Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15
    }
}
