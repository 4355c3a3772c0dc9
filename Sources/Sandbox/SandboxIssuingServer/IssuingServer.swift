internal import HTTPSupport
package import Logging
package import PKIX
package import PaperLayout
internal import ServiceLifecycle
internal import WireFormat

/// One municipality's 証明発行サーバ with registers of test residents, over HTTPS with client certificates.
package struct IssuingServer: Sendable {
    package let municipality: RegisterMunicipality
    package let port: Int
    package let faults: IssuingFaultBoard
    package let registers: RegisterHolder
    private let office: IssuingOffice
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    package var baseURL: String { "https://127.0.0.1:\(port)" }

    /// What has been issued and not cancelled since, in no order.
    var documents: [IssuedDocumentBody] { office.ledger.documents }

    /// Starts and returns once it answers.
    ///
    /// - Parameters:
    ///   - folder: the server's certificate and key, and which clients it lets in.
    ///   - host: the address to listen on.
    ///   - port: 0 takes a free one.
    ///   - mostAtWork: requests that are worked on at a time; further ones are refused as `rate_limited`.
    package static func start(
        _ municipality: RegisterMunicipality,
        folder: IssuingServerFolder,
        source: @escaping ResidentSource,
        clock: @escaping @Sendable () -> ValidationTime,
        fonts: FontFiles = .debian,
        seed: String = "akashi",
        host: String = "127.0.0.1",
        port: Int = 0,
        mostAtWork: Int = 20_000,
        logger: Logger
    ) async throws -> IssuingServer {
        let registers = try await RegisterHolder(
            municipality: municipality, seed: seed, clock: clock, source: source)
        let faults = IssuingFaultBoard()
        let drawing = PaperDrawing(municipality, fonts: try FontSet(fonts))
        let office = IssuingOffice(
            registers: registers, ledger: RequestLedger(limits: .init(atWork: mostAtWork)), faults: faults,
            drawing: drawing, clock: clock)
        let routes = ProtocolRoutes(
            office: office, municipality: municipality, clientKeys: try folder.clientKeys())
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let service = try listener(
            routes.router, at: .tcp(host: host, port: port), identity: try folder.serverIdentity(),
            limits: ListenerLimits(maximumConnections: 2_048), logger: logger,
            onRunning: { port in
                if let port { announce.yield(port) }
                announce.finish()
            })
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        guard let bound = await ports.first(where: { _ in true }) else {
            try await running.value
            throw IssuingServerError.notStarted
        }
        return IssuingServer(
            municipality: municipality, port: bound, faults: faults, registers: registers, office: office,
            group: group, running: running)
    }

    /// Answers what has begun, closes the socket and returns.
    package func stop() async {
        faults.clear()
        await group.triggerGracefulShutdown()
        try? await running.value
    }
}

extension IssuingServer: Service {
    /// Keeps the server up until graceful shutdown or cancellation.
    package func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}

package enum IssuingServerError: Error, Hashable, Sendable {
    case notStarted
    /// A file of the folder cannot be read or written.
    case folder(path: String)
    /// The sandbox does not answer with residents.
    case noResidents
}
