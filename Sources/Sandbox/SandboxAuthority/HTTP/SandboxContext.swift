import Hummingbird
import NIOCore

/// A request's context with its connection, so that the fault `down` can close it.
struct SandboxContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

extension ServedAnswer {
    /// The response that this is, or a closed connection.
    func response(contentType: String, context: SandboxContext) async throws -> Response {
        switch self {
        case .octets(let octets): return ServedAnswer.response(octets, contentType)
        case .late(let octets, let milliseconds):
            try await Task.sleep(for: .milliseconds(milliseconds))
            return ServedAnswer.response(octets, contentType)
        case .nothing:
            try? await context.channel.close()
            throw HTTPError(.serviceUnavailable)
        case .forbidden: return Response(status: .forbidden)
        case .unavailable: return Response(status: .serviceUnavailable, headers: [.retryAfter: "60"])
        }
    }

    private static func response(_ octets: [UInt8], _ contentType: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets)))
    }
}
