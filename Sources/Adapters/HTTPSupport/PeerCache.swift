internal import NIOCore
internal import Synchronization

/// What was made of each connection's peer certificate, kept while the connection is open.
///
/// Only what the certificate says is kept. Whether it still opens anything is
/// asked anew for each request.
package final class PeerCache<Identity: Sendable>: Sendable {
    private let identify: @Sendable ([UInt8]) -> Identity?
    private let identities = Mutex<[ObjectIdentifier: (channel: any Channel, identity: Identity)]>([:])

    /// - Parameter identify: makes an identity of a leaf certificate's DER; nil when it cannot.
    package init(identify: @escaping @Sendable ([UInt8]) -> Identity?) { self.identify = identify }

    package func identity(of peer: Peer) async -> Identity? {
        guard case .channel(let channel) = peer else { return await peer.leafCertificate().flatMap(identify) }
        let key = ObjectIdentifier(channel)
        if let known = identities.withLock({ $0[key]?.identity }) { return known }
        guard let identity = await peer.leafCertificate().flatMap(identify) else { return nil }
        // The connection may have closed meanwhile: then its closing runs at once and forgets the identity again.
        identities.withLock { $0[key] = (channel, identity) }
        channel.closeFuture.whenComplete { [weak self] _ in
            _ = self?.identities.withLock { $0.removeValue(forKey: key) }
        }
        return identity
    }

    /// Closes the connections whose identity `isRefused`.
    ///
    /// - Returns: how many.
    package func close(where isRefused: (Identity) async -> Bool) async -> Int {
        var closed = 0
        for connection in identities.withLock({ Array($0.values) }) where await isRefused(connection.identity) {
            connection.channel.close(promise: nil)
            closed += 1
        }
        return closed
    }

    /// How many connections are remembered.
    package var count: Int { identities.withLock { $0.count } }
}
