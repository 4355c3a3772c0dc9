import HTTPSupport
import Hummingbird
import IssuingServerClient
import NIOCore
import SandboxAuthority
import SandboxIssuingServer
import ServiceLifecycle

/// A server with the right certificates that answers whatever it is told to.
struct ScriptedServer {
    enum Script: Sendable {
        case answer(status: Int, type: String, body: [UInt8])
        /// Declares twice the octets and closes the connection.
        case cutOff(type: String, body: [UInt8])
        /// Takes the request and closes the connection.
        case silence
    }

    let port: Int
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    /// - Parameter script: what a path (and whether it is the document's) is answered with.
    static func start(
        _ folder: IssuingServerFolder,
        _ script: @escaping @Sendable (_ id: String, _ rest: String) -> Script
    ) async throws -> ScriptedServer {
        let router = Router(context: PeerContext.self)
        @Sendable func respond(_ request: Request, _ context: PeerContext) async throws -> Response {
            let parts = request.uri.path.split(separator: "/").map(String.init)
            _ = try await request.octets(within: BodyLimits(maximumSize: 1_000_000))
            let id = parts.count > 2 ? parts[2] : ""
            return reply(script(id, parts.count > 3 ? parts[3] : ""), context)
        }
        router.put("**", use: respond)
        router.get("**", use: respond)
        router.post("**", use: respond)
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let service = try listener(
            router, at: .tcp(host: "127.0.0.1", port: 0),
            identity: ServerIdentity(
                certificateChain: folder.path + "/server.pem", privateKey: folder.path + "/server.key",
                clientAuthorities: folder.authority),
            logger: IssuingTown.logger(),
            onRunning: { port in
                if let port { announce.yield(port) }
                announce.finish()
            })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [service], logger: IssuingTown.logger()))
        let running = Task { try await group.run() }
        guard let port = await ports.first(where: { _ in true }) else { throw TownError.notFound("port") }
        return ScriptedServer(port: port, group: group, running: running)
    }

    func stop() async {
        await group.triggerGracefulShutdown()
        try? await running.value
    }

    private static func reply(_ script: Script, _ context: PeerContext) -> Response {
        switch script {
        case .answer(let status, let type, let body):
            return Response(
                status: .init(code: status), headers: [.contentType: type],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
        case .cutOff(let type, let body):
            let peer = context.peer
            return Response(
                status: .ok, headers: [.contentType: type],
                body: ResponseBody(contentLength: body.count * 2) { writer in
                    try await writer.write(ByteBuffer(bytes: body))
                    if case .channel(let channel) = peer { try? await channel.close() }
                    try await writer.finish(nil)
                })
        case .silence:
            if case .channel(let channel) = context.peer { channel.close(promise: nil) }
            return Response(status: .ok)
        }
    }
}
