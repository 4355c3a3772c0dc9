import HTTPSupport
import Hummingbird
package import Logging
import ServiceLifecycle
import Synchronization

/// Where the routes find the sandbox. Empty until the port is known, which stands in every certificate.
final class SandboxHolder: Sendable {
    private let held = Mutex<Sandbox?>(nil)

    func sandbox() throws -> Sandbox {
        guard let sandbox = held.withLock({ $0 }) else { throw SandboxError.notStarted }
        return sandbox
    }

    func hold(_ sandbox: Sandbox) { held.withLock { $0 = sandbox } }
}

/// A sandbox that answers over HTTP: responders, lists and the control API on one port.
package struct SandboxServer: Sendable {
    /// The sandbox itself, for tests and demonstrations in the same process.
    package let sandbox: Sandbox
    package let host: String
    package let port: Int
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// Starts and returns once every answer is ready.
    ///
    /// - Parameters:
    ///   - host: the address to listen on; the control API needs no authentication, so the loopback one.
    ///   - port: 0 takes a free one.
    /// - Throws: what the socket's binding throws, or what issuing does.
    package static func start(
        _ settings: SandboxSettings,
        host: String = "127.0.0.1",
        port: Int = 0,
        logger: Logger
    ) async throws -> SandboxServer {
        let holder = SandboxHolder()
        let router = Router(context: SandboxContext.self)
        RevocationRoutes(holder: holder).add(to: router)
        ControlRoutes(holder: holder).add(to: router)
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "akashi-sandbox"),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { announce.yield(port) }
                announce.finish()
            },
            logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [ListeningServer(application, at: .tcp(host: host, port: port))], logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        guard let bound = await ports.first(where: { _ in true }) else {
            try await running.value
            throw SandboxError.notStarted
        }
        do {
            let sandbox = try Sandbox(settings: settings, baseURL: "http://\(host):\(bound)")
            holder.hold(sandbox)
            return SandboxServer(sandbox: sandbox, host: host, port: bound, group: group, running: running)
        } catch {
            await group.triggerGracefulShutdown()
            try? await running.value
            throw error
        }
    }

    package var baseURL: String { sandbox.baseURL }

    /// What a platform's configuration needs.
    package var description: SandboxDescription { sandbox.description }

    /// Answers what has begun, closes the socket and returns.
    package func stop() async {
        await group.triggerGracefulShutdown()
        try? await running.value
    }
}

extension SandboxServer: Service {
    /// Keeps the server up until graceful shutdown or cancellation: for `akashi sandbox serve`.
    package func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}
