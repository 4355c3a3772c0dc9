internal import Dispatch
internal import Synchronization
internal import TerminalSession

/// Calls of PC/SC in order, on a thread that may wait in them, each with a deadline for its caller.
///
/// A call that does not return in time is left behind: nothing can interrupt it. The queue is then of no more use, and
/// what belongs to it is given up.
final class CallQueue: Sendable {
    private let queue: DispatchQueue

    init(_ label: String) { queue = DispatchQueue(label: label) }

    private final class Once<Value: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<Value, Never>?>

        init(_ continuation: CheckedContinuation<Value, Never>) { self.continuation = Mutex(continuation) }

        func resume(_ value: Value) {
            let waiting = continuation.withLock { held in
                defer { held = nil }
                return held
            }
            waiting?.resume(returning: value)
        }
    }

    /// Runs `body` behind what came before.
    ///
    /// - Throws: ``CardChannelFailure/timedOut`` when it has not returned within the time.
    func call<Value: Sendable>(
        within limit: Duration,
        _ body: @escaping @Sendable () -> Result<Value, CardChannelFailure>
    ) async throws(CardChannelFailure) -> Value {
        let result = await withCheckedContinuation { continuation in
            let once = Once<Result<Value, CardChannelFailure>>(continuation)
            DispatchQueue.global().asyncAfter(deadline: .now() + limit.seconds) { once.resume(.failure(.timedOut)) }
            queue.async { once.resume(body()) }
        }
        return try result.get()
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
