package import Hummingbird
internal import Logging
package import NIOCore
internal import NIOSSL

/// The other end of a connection.
package enum Peer: Sendable {
    /// A TLS channel, to be asked for its peer's certificate.
    case channel(any Channel)
    /// A certificate that something else established, as for a test or a local socket.
    case certificate([UInt8])
    /// Nobody has been authenticated.
    case anonymous

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
}

/// The context of servers that need no more than that.
package struct PeerContext: PeerRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let requestID: String
    package let peer: Peer

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        requestID = RequestIdentifier.make()
        peer = .channel(source.channel)
        logger[metadataKey: "request_id"] = .string(requestID)
        logger[metadataKey: "hb.request.id"] = nil
    }
}
