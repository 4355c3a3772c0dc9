internal import HTTPSupport
internal import Hummingbird
package import Logging
internal import ServiceLifecycle
internal import Synchronization

/// The page at the counter, served on 127.0.0.1 alone until it is told to stop; then it is emptied, and ends once nothing
/// of anybody is held: at once when nobody is there, within ``KioskTimes/ending`` and a second otherwise.
package struct KioskServer: Service {
    private let flow: any KioskFlow
    private let pages: PageSet
    private let port: Int
    private let times: KioskTimes
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - onRunning: is given the port once the page can be opened.
    package init(
        flow: any KioskFlow, pages: PageSet, port: Int, times: KioskTimes = KioskTimes(), logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void
    ) {
        (self.flow, self.pages, self.port, self.times) = (flow, pages, port, times)
        (self.logger, self.onRunning) = (logger, onRunning)
    }

    /// A counter's browser opens a handful.
    private static let limits = ListenerLimits(idleTimeoutSeconds: 60, maximumConnections: 64, maximumHeaderSize: 8_192)

    package func run() async throws {
        let authority = Authority()
        let desk = KioskDesk(flow: flow, times: times)
        let router = kioskRouter(desk, pages: pages, authority: { authority.text })
        let announce = onRunning
        let server = try listener(
            router, at: .tcp(host: "127.0.0.1", port: port), identity: nil, limits: KioskServer.limits, logger: logger
        ) { port in
            guard let port else { return }
            authority.set("127.0.0.1:\(port)")
            await announce(port)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                await cancelWhenGracefulShutdown { await desk.serve() }
                // For answers that are on their way; a browser that reads slowly does not keep the program.
                try? await Task.sleep(for: .seconds(1))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// The one name under which the page is served.
private final class Authority: Sendable {
    private let value = Mutex("")

    var text: String { value.withLock { $0 } }

    func set(_ text: String) { value.withLock { $0 = text } }
}
