package import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore

/// What a listener bears.
package struct ListenerLimits: Hashable, Sendable {
    /// A connection that stays silent so long is closed, also in the middle of its handshake or its headers. Seconds.
    package var idleTimeoutSeconds: Int
    package var maximumConnections: Int
    /// Octets of all header fields of one request.
    package var maximumHeaderSize: Int

    package init(idleTimeoutSeconds: Int = 60, maximumConnections: Int = 4_096, maximumHeaderSize: Int = 16_384) {
        self.idleTimeoutSeconds = idleTimeoutSeconds
        self.maximumConnections = maximumConnections
        self.maximumHeaderSize = maximumHeaderSize
    }
}

/// Where a listener listens.
package enum ListenerAddress: Hashable, Sendable {
    /// Port 0 takes a free one.
    case tcp(host: String, port: Int)
    case unixSocket(path: String)

    var bindAddress: BindAddress {
        switch self {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unixSocket(let path): .unixDomainSocket(path: path)
        }
    }
}

/// An HTTP server as a service: runs until it is told to stop, and then answers what it has begun.
///
/// - Parameters:
///   - identity: TLS with client certificates; nil serves plain HTTP, for the admin listener and the sandbox.
///   - onRunning: is given the port once the socket listens; nil for a Unix socket.
/// - Returns: what throws ``ListeningRefusal`` when it cannot listen there.
package func listener<Builder: HTTPResponderBuilder>(
    _ router: Builder,
    at address: ListenerAddress,
    identity: ServerIdentity?,
    limits: ListenerLimits = ListenerLimits(),
    logger: Logger,
    onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
) throws -> ListeningServer<Builder.Responder>
where Builder.Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let channel = HTTP1Channel.Configuration(
        additionalChannelHandlers: [FormerHTTPVersionSetup()],
        idleTimeout: .seconds(Int64(limits.idleTimeoutSeconds)),
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.maximumHeaderSize, maxHeaderListSize: limits.maximumHeaderSize,
            maxHeaderFieldCount: 100))
    let plain = HTTPServerBuilder.http1(configuration: channel)
    let server = try identity.map { try HTTPServerBuilder.tls(plain, tlsConfiguration: $0.tlsConfiguration) } ?? plain
    let application = Application(
        router: router,
        server: server,
        configuration: ApplicationConfiguration(
            address: address.bindAddress,
            availableConnectionsDelegate: MaximumAvailableConnections(limits.maximumConnections, logger: logger)),
        onServerRunning: { await onRunning($0.localAddress?.port) },
        logger: logger)
    return ListeningServer(application, at: address)
}
