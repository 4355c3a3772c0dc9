import CardProtocol
import SandboxAuthority
import Synchronization
import TerminalSession
import Testing
import VirtualCard
import WireFormat

/// Packets vanish on the way to the platform: no refusal comes, only silence.
@Suite("A line on which packets vanish")
struct BoundedGatewayTests {
    @Test("The first check waits for the deadline and is sealed; the next ones ask nobody; a look finds the line again")
    func silence() async throws {
        let (platform, memory, queue) = (SilentPlatform(), HeldMemory(), KeepingQueue())
        var limits = BoundedGateway.Limits()
        (limits.challenge, limits.verdict, limits.pause) = (
            .milliseconds(80), .milliseconds(80), .milliseconds(20)
        )
        let gateway = BoundedGateway(platform, memory: memory, limits: limits) { platform.isSilent ? .cut : .up }
        let chip = try CardWorkbench.chip(.regular)
        let (slot, pin) = (InProcessReader(chip), chip.profile.pins[.userAuthentication] ?? "")
        let parts = CardWorkbench.parts(slot, gateway, queue: queue)
        for number in 1...3 {
            let end = try await Person(pins: [pin]).go(parts, .userAuthentication).end
            guard case .queued = end.result?.outcome else {
                Issue.record("check \(number) ended with \(end)")
                return
            }
            #expect(platform.calls == 1, "only the first check asked")
        }
        #expect(queue.proofs.withLock { $0.count } == 3 && gateway.line == .cut)
        platform.speak()
        while gateway.line == .cut { try await Task.sleep(for: .milliseconds(5)) }
        await #expect(throws: GatewayFailure.refused(code: "spoken", messages: [:])) {
            try await gateway.challenge(purpose: "login")
        }
        #expect(platform.calls == 2 && gateway.line == .up)
    }

    @Test("A refusal is an answer: the line is whole")
    func refusal() async throws {
        let (platform, memory) = (SilentPlatform(), HeldMemory())
        platform.speak()
        let gateway = BoundedGateway(platform, memory: memory) { .cut }
        for _ in 0..<2 {
            await #expect(throws: GatewayFailure.refused(code: "spoken", messages: [:])) {
                try await gateway.challenge(purpose: "login")
            }
        }
        #expect(platform.calls == 2 && gateway.line == .up)
    }
}

private final class HeldMemory: LineMemory {
    private let state = Mutex(LineState.up)
    var isCut: Bool { state.withLock { $0 == .cut } }
    func note(_ state: LineState) { self.state.withLock { $0 = state } }
}

/// Says nothing for an hour; later it refuses.
private final class SilentPlatform: PlatformGateway {
    private let state = Mutex((calls: 0, isSilent: true))
    var calls: Int { state.withLock { $0.calls } }
    var isSilent: Bool { state.withLock { $0.isSilent } }
    func speak() { state.withLock { $0.isSilent = false } }

    private func answer() async throws(GatewayFailure) -> Never {
        let isSilent = state.withLock { state in
            state.calls += 1
            return state.isSilent
        }
        if isSilent { try? await Task.sleep(for: .seconds(3_600)) }
        throw isSilent ? .unreachable : .refused(code: "spoken", messages: [:])
    }

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge { try await answer() }
    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody { try await answer() }
    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await answer()
    }
}
