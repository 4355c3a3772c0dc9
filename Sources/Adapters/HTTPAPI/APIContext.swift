package import HTTPSupport
package import Hummingbird
internal import Logging
package import Organizations

/// A request's context once it is known who asks.
package struct APIContext: PeerRequestContext {
    package var coreContext: CoreRequestContextStorage
    package let requestID: String
    package let peer: Peer
    package let annotations = RequestAnnotations()
    /// Set by ``ClientAuthentication``; nil before it.
    package var requester: Requester?
    /// SHA-256 of the presented key's SubjectPublicKeyInfo; set together with ``requester``.
    var keyDigest: [UInt8]?

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
