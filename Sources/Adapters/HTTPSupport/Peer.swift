package import Hummingbird
internal import Logging
package import NIOCore
internal import NIOSSL
internal import Synchronization

/// The other end of a connection.
package enum Peer: Sendable {
    /// A TLS channel, to be asked for its peer's certificate.
    case channel(any Channel)
    /// A certificate that something else established, as for a test or a local socket.
    case certificate([UInt8])
    /// Nobody has been authenticated.
    case anonymous

    /// The IP address of the other end; nil for a Unix socket, and where no channel is known.
    package var address: String? {
        guard case .channel(let channel) = self else { return nil }
        return channel.remoteAddress?.ipAddress
    }

    /// DER of the leaf certificate that the peer proved to hold; nil without one.
    package func leafCertificate() async -> [UInt8]? {
        switch self {
        case .certificate(let der): return der
        case .anonymous: return nil
        case .channel(let channel):
            guard let leaf = try? await channel.nioSSL_peerCertificate().get() else { return nil }
            return try? leaf.toDERBytes()
        }
    }
}

/// A request context that knows its request's id and its connection's peer.
package protocol PeerRequestContext: RequestContext {
    var requestID: String { get }
    var peer: Peer { get }
    /// What inner layers found out about the request, for its log line.
    var annotations: RequestAnnotations { get }
}

/// Codes and ids that a request's log line shall show; shared by all copies of its context.
package final class RequestAnnotations: Sendable {
    private let values = Mutex<Logger.Metadata>([:])

    package init() {}

    package func set(_ key: String, _ value: String) { values.withLock { $0[key] = .string(value) } }

    var all: Logger.Metadata { values.withLock { $0 } }
}

/// The context of servers that need no more than that.
package struct PeerContext: PeerRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let requestID: String
    package let peer: Peer
    package let annotations = RequestAnnotations()

    package init(source: ApplicationRequestContextSource) {
        self.init(source: source, peer: .channel(source.channel))
    }

    /// For a peer that something else than the request's channel established.
    package init(source: some RequestContextSource, peer: Peer) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = RequestIdentifier.make()
        self.peer = peer
        logger[metadataKey: "request_id"] = .string(requestID)
        logger[metadataKey: "hb.request.id"] = nil
    }
}
