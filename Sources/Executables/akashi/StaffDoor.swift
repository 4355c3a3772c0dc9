import ConfigurationFiles
import HTTPSupport
import KeyFiles
import Logging
import SQLiteStore
import ServiceLifecycle
import StaffPages
import StaffSignIn
import Synchronization
import SystemClock

/// The staff's door of a platform. Its key is made at the first use, never over another.
func staffAuthenticator(
    _ configuration: ConfigurationBox,
    store: SQLiteStore,
    clock: SystemClock
) throws -> StaffAuthenticator {
    let current = configuration.current
    let settings = current.staffPages
    return StaffAuthenticator(
        ports: .init(
            store: store,
            sealer: try FileSecretSealer(path: current.keyFolder + "/staff.key", whenMissing: .create),
            clock: clock, randomness: SystemRandomness()),
        settings: .init(
            idleSeconds: Int64(settings?.idleSeconds ?? 900), longestSeconds: Int64(settings?.sessionSeconds ?? 36_000)
        ),
        directory: { configuration.current.organizations })
}

extension Platform {
    /// The listener for staff; none where the configuration has no `staff_pages`.
    func staffPages(
        _ limits: ListenerLimits,
        onListening: @escaping @Sendable (Listening) async -> Void
    ) throws -> [any Service] {
        guard let staff, let settings = configuration.current.staffPages else { return [] }
        let api = configuration.current.listeners.api
        let names = ServedNames(settings.names)
        let environment = StaffPagesEnvironment(
            authenticator: staff, desk: counter?.desk,
            pages: try StaffPageSet(), authorities: { names.all })
        let server = try listener(
            staffRouter(environment), at: .tcp(host: settings.address, port: settings.port),
            identity: ServerIdentity(withoutClientCertificates: api.certificateChain, privateKey: api.privateKey),
            limits: limits, logger: logger
        ) { port in
            names.listening(at: settings.address, port: port)
            await onListening(.staffPages(port: port))
        }
        return [server]
    }
}

/// The names under which a server answers browsers: those of the configuration, or its own address.
private final class ServedNames: Sendable {
    private let names: Mutex<Set<String>>

    init(_ configured: [String]) { names = Mutex(Set(configured)) }

    var all: Set<String> { names.withLock { $0 } }

    func listening(at address: String, port: Int?) {
        guard let port else { return }
        names.withLock { if $0.isEmpty { $0 = ["\(address):\(port)"] } }
    }
}
