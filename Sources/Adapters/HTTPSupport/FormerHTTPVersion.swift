internal import NIOCore
internal import NIOHTTP1

/// Lets a connection end with the response to a request of HTTP/1.0, as clients of that version wait for it
/// (RFC 9112 §9.3). The server behind it sees no versions; a `Connection: close` it heeds.
final class FormerHTTPVersion: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.version.major == 1, head.version.minor == 0 else {
            return context.fireChannelRead(data)
        }
        head.headers.replaceOrAdd(name: "connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

/// Puts ``FormerHTTPVersion`` where versions are still known, and leaves.
final class FormerHTTPVersionSetup: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Never

    func handlerAdded(context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        // Without the decoder this is no HTTP/1 connection, and there is nothing to do.
        guard let decoder = try? operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? operations.addHandler(FormerHTTPVersion(), position: .after(decoder))
    }
}
