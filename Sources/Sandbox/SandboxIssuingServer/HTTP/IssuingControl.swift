internal import Foundation
internal import HTTPSupport
internal import Hummingbird
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// `/sandbox/v1/issuing`: faults and registers of the issuing servers of this process, by hand. It needs no
/// authentication and tells who is who: on the loopback interface alone.
package struct IssuingControl: Sendable {
    package let port: Int
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// - Parameter port: 0 takes a free one.
    package static func start(
        _ servers: [IssuingServer],
        port: Int = 0,
        logger: Logger
    ) async throws -> IssuingControl {
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router(servers),
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: "akashi-sandbox"),
            onServerRunning: { channel in
                if let port = channel.localAddress?.port { announce.yield(port) }
                announce.finish()
            }, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [ListeningServer(application, at: .tcp(host: "127.0.0.1", port: port))], logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        guard let bound = await ports.first(where: { _ in true }) else {
            try await running.value
            throw IssuingServerError.notStarted
        }
        return IssuingControl(port: bound, group: group, running: running)
    }

    package func stop() async {
        await group.triggerGracefulShutdown()
        try? await running.value
    }

    // MARK: Routes

    private struct SetFault: Decodable {
        let fault: String
        let milliseconds: Int?
        let times: Int?
    }

    private struct SetStanding: Decodable {
        let resident: String
        let standing: String
    }

    private struct ResidentEntry: Encodable {
        let resident: String
        let residentId: String
        let standing: String
    }

    private static func router(_ servers: [IssuingServer]) -> Router<BasicRequestContext> {
        let router = Router()
        let group = router.group("/sandbox/v1/issuing/:code")
        @Sendable func server(_ context: BasicRequestContext) throws -> IssuingServer {
            let code = try context.parameters.require("code")
            guard let server = servers.first(where: { $0.municipality.code == code }) else {
                throw ControlProblem(
                    .unknownMunicipality, "There is no issuing server of that municipality.",
                    known: servers.map(\.municipality.code))
            }
            return server
        }
        group.get("/residents") { _, context in
            let book = try server(context).registers.book
            let entries = book.everybody.compactMap { person in
                person.sourceID.map {
                    ResidentEntry(resident: $0, residentId: person.residentID, standing: person.standing.rawValue)
                }
            }
            return jsonResponse(["items": entries])
        }
        group.get("/documents") { _, context in
            jsonResponse(["items": try server(context).documents])
        }
        group.post("/standings") { request, context in
            let body: SetStanding = try await decoded(request)
            let registers = try server(context).registers
            guard let standing = Standing(rawValue: body.standing) else {
                throw ControlProblem(
                    .unknownStanding, "There is no such standing.", known: Standing.allCases.map(\.rawValue))
            }
            guard let id = registers.book.residentID(of: body.resident), registers.set(standing, of: id) else {
                throw ControlProblem(.unknownResident, "The register has no such resident; GET …/residents lists them.")
            }
            return jsonResponse(["resident": body.resident, "standing": body.standing])
        }
        group.post("/faults") { request, context in
            let body: SetFault = try await decoded(request)
            guard let fault = IssuingFault(name: body.fault, milliseconds: body.milliseconds) else {
                throw ControlProblem(.unknownFault, "There is no such fault.", known: IssuingFault.names)
            }
            guard body.times.map({ $0 > 0 }) ?? true else {
                throw ControlProblem(.invalidRequest, "times must be at least 1.")
            }
            try server(context).faults.set(fault, times: body.times)
            return jsonResponse(["fault": body.fault], status: .created)
        }
        group.delete("/faults") { _, context in
            try server(context).faults.clear()
            return Response(status: .noContent)
        }
        group.post("/refresh") { _, context in
            await (try server(context)).registers.refresh()
            return Response(status: .noContent)
        }
        return router
    }

    private static func decoded<Body: Decodable>(_ request: Request) async throws -> Body {
        let buffer = try await request.body.collect(upTo: 65_536)
        do {
            return try JSONDecoder().decode(Body.self, from: Data(buffer.readableBytesView))
        } catch DecodingError.keyNotFound(let key, _) {
            throw ControlProblem(.invalidRequest, "\(key.stringValue) is missing.")
        } catch DecodingError.typeMismatch(_, let context) {
            let field = context.codingPath.last?.stringValue ?? "The body"
            throw ControlProblem(.invalidRequest, "\(field) is of another type than it must be.")
        } catch {
            throw ControlProblem(.invalidRequest, "The body is not JSON.")
        }
    }
}

extension IssuingControl: Service {
    /// Keeps the control API up until graceful shutdown or cancellation.
    package func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }
}
