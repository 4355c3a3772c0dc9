internal import Foundation
internal import Synchronization

/// Tells when the machine gets a network: a link that comes up, an address, a route.
///
/// Listens to the kernel (rtnetlink(7)); nothing is polled, and nothing about the network is remembered but which
/// links were up.
package final class NetworkLinkMonitor: Sendable {
    /// Why there is no monitor; the error number of the system.
    package struct Failure: Error, Hashable, Sendable {
        package let call: String
        package let number: Int32
    }

    /// What has come up.
    package enum Event: String, Hashable, Sendable {
        case link
        case address
        case route
        /// More happened at once than the kernel keeps for us: something may have come up.
        case missed
    }

    private let socket: NetlinkSocket
    private let stop: StopSignal

    /// Begins to listen; what happens from now on is told by ``events()``.
    ///
    /// - Throws: ``Failure`` where the kernel has no rtnetlink, or does not give it to this process.
    package init() throws(Failure) { (socket, stop) = (try NetlinkSocket(), try StopSignal()) }

    /// What comes up, until the task that reads is cancelled. For one reader.
    ///
    /// - Parameter unread: events that wait for a slow reader; older ones are dropped.
    package func events(unread: Int = 1) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(unread))
        let (socket, stop) = (socket, stop)
        continuation.onTermination = { _ in stop.send() }
        Thread.detachNewThread {
            var state = LinkState()
            while let messages = socket.wait(until: stop) {
                for event in state.events(in: messages) { continuation.yield(event) }
            }
            continuation.finish()
        }
        return stream
    }
}
