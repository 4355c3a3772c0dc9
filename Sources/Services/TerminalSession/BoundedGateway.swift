internal import Synchronization
package import WireFormat

/// How the line to the platform was found.
package enum LineState: Hashable, Sendable {
    case up
    /// No answer came within the time, or none can come.
    case cut
}

/// What a device remembers of the line between checks.
package protocol LineMemory: Sendable {
    /// Whether the line was found cut so recently that another try would only make somebody wait.
    var isCut: Bool { get }
    func note(_ state: LineState)
}

/// A platform that answers within seconds or counts as out of reach, for the person who stands at the counter.
///
/// When packets vanish, nothing refuses a connection: only a deadline ends the waiting. One check pays for it; the next
/// ones are told at once, until a look that nobody waits for finds the line whole again.
package final class BoundedGateway: PlatformGateway {
    package struct Limits: Hashable, Sendable {
        /// For a challenge, a matter of milliseconds on a line that is whole.
        package var challenge: Duration = .seconds(3)
        /// For a verdict: the platform asks responders meanwhile.
        package var verdict: Duration = .seconds(6)
        /// Between two looks at a line that was cut.
        package var pause: Duration = .seconds(2)

        package init() {}
    }

    private let gateway: any PlatformGateway
    private let memory: any LineMemory
    private let limits: Limits
    private let look: @Sendable () async -> LineState
    private let looking = Mutex<Task<Void, Never>?>(nil)

    /// - Parameter look: finds out how the line is; changes nothing at the platform.
    package init(
        _ gateway: any PlatformGateway, memory: any LineMemory, limits: Limits = Limits(),
        look: @escaping @Sendable () async -> LineState
    ) {
        (self.gateway, self.memory, self.limits, self.look) = (gateway, memory, limits, look)
    }

    deinit { looking.withLock { $0?.cancel() } }

    package var line: LineState { memory.isCut ? .cut : .up }

    package func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        let gateway = gateway
        return try await bounded(limits.challenge) { () async throws(GatewayFailure) in
            try await gateway.challenge(purpose: purpose)
        }
    }

    package func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        let gateway = gateway
        return try await bounded(limits.verdict) { () async throws(GatewayFailure) in try await gateway.verify(proof) }
    }

    package func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        let gateway = gateway
        return try await bounded(limits.verdict) { () async throws(GatewayFailure) in
            try await gateway.status(of: certificate, purpose: purpose)
        }
    }

    private func bounded<Answer: Sendable>(
        _ limit: Duration,
        _ call: @escaping @Sendable () async throws(GatewayFailure) -> Answer
    ) async throws(GatewayFailure) -> Answer {
        guard !memory.isCut else { throw .unreachable }
        let answer: Result<Answer, GatewayFailure> = await Deadline.first(
            within: limit, otherwise: .failure(.unreachable)
        ) {
            do throws(GatewayFailure) { return .success(try await call()) } catch { return .failure(error) }
        }
        if case .failure(.unreachable) = answer {
            // Who was wiped away has learned nothing about the line.
            if !Task.isCancelled { cut() }
        } else {
            memory.note(.up)
        }
        return try answer.get()
    }

    private func cut() {
        memory.note(.cut)
        looking.withLock { task in
            guard task == nil else { return }
            task = Task { [weak self, limits, memory, look] in
                repeat {
                    try? await Task.sleep(for: limits.pause)
                    memory.note(await Deadline.first(within: limits.challenge, otherwise: .cut, look))
                } while !Task.isCancelled && memory.isCut
                self?.looking.withLock { $0 = nil }
            }
        }
    }
}

/// Waits for an answer no longer than it is told; what comes later is dropped.
package enum Deadline {
    /// - Parameters:
    ///   - late: what stands for an answer that did not come within the time, or whose asker was cancelled.
    ///   - body: is cancelled then, and not waited for.
    package static func first<Value: Sendable>(
        within limit: Duration,
        otherwise late: Value,
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        let once = Once<Value>()
        let working = Task { once.resume(await body()) }
        let timer = Task {
            try? await Task.sleep(for: limit)
            once.resume(late)
        }
        defer {
            working.cancel()
            timer.cancel()
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { once.wait($0) }
        } onCancel: {
            once.resume(late)
        }
    }

    /// The first value wins, whether it comes before the waiting or after.
    private final class Once<Value: Sendable>: Sendable {
        private enum State {
            case empty
            case waiting(CheckedContinuation<Value, Never>)
            case early(Value)
            case done
        }

        private let state = Mutex(State.empty)

        func wait(_ continuation: CheckedContinuation<Value, Never>) {
            let early: Value? = state.withLock { state in
                if case .early(let value) = state {
                    state = .done
                    return value
                }
                state = .waiting(continuation)
                return nil
            }
            if let early { continuation.resume(returning: early) }
        }

        func resume(_ value: Value) {
            let waiting: CheckedContinuation<Value, Never>? = state.withLock { state in
                switch state {
                case .empty: state = .early(value)
                case .waiting(let continuation):
                    state = .done
                    return continuation
                case .early, .done: break
                }
                return nil
            }
            waiting?.resume(returning: value)
        }
    }
}
