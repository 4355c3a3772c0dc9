internal import Dispatch
internal import Glibc
internal import RevocationUpdating
internal import Synchronization

/// Ends what a directory's library does on a socket when its time is up or nobody wants it any more.
///
/// The library waits in calls of its own, and some of its waits (a TLS record that comes octet by octet) know
/// no deadline: so the socket beneath it is shut, and the call comes back.
final class SocketWatch: Sendable {
    private struct State {
        var descriptor: Int32?
        /// Why the socket was shut, once it was.
        var reason: CRLFetchFailure?
    }

    let end: ContinuousClock.Instant
    private let state = Mutex(State())

    init(until end: ContinuousClock.Instant) { self.end = end }

    /// Until ``end``; nil when it has passed.
    var remaining: Duration? {
        let left = ContinuousClock.now.duration(to: end)
        return left > .zero ? left : nil
    }

    /// Why the socket was shut; nil when it was not.
    var reason: CRLFetchFailure? { state.withLock { $0.reason } }

    /// Shuts the socket, now or as soon as there is one.
    func stop(_ reason: CRLFetchFailure) {
        state.withLock { state in
            guard state.reason == nil else { return }
            state.reason = reason
            if let descriptor = state.descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Watches over `descriptor` during `body`; afterwards the number may be another socket's.
    func during<Result, Failure: Error>(
        _ descriptor: Int32,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        state.withLock { state in
            state.descriptor = descriptor
            if state.reason != nil { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        defer { state.withLock { $0.descriptor = nil } }
        let timer = DispatchSource.makeTimerSource(queue: .global())
        let (seconds, attoseconds) = (remaining ?? .zero).components
        timer.setEventHandler { [weak self] in self?.stop(.timedOut) }
        timer.schedule(
            deadline: .now() + .seconds(Int(seconds)) + .nanoseconds(Int(attoseconds / 1_000_000_000)))
        timer.activate()
        defer { timer.cancel() }
        return try body()
    }
}
