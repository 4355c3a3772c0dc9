internal import Dispatch
internal import NIOCore
internal import NIOSSL
internal import Verification

/// The client's key of TLS handshakes, behind a ``Signer`` that may take its time. Only TLS's scheme for P-256 with
/// SHA-256 is offered (RFC 8446 §4.2.3).
final class SignerPrivateKey: NIOSSLCustomPrivateKey, Hashable {
    private let signer: any Signer
    /// Signatures are made here: the event loop must not wait for a token.
    private let queue = DispatchQueue(label: "client key")

    init(_ signer: any Signer) { self.signer = signer }

    var signatureAlgorithms: [SignatureAlgorithm] { [.ecdsaSecp256R1Sha256] }

    func sign(channel: any Channel, algorithm: SignatureAlgorithm, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        let promise = channel.eventLoop.makePromise(of: ByteBuffer.self)
        let message = Array(data.readableBytesView)
        queue.async { [signer] in
            promise.completeWith(Result { ByteBuffer(bytes: try signer.sign(message)) })
        }
        return promise.futureResult
    }

    func decrypt(channel: any Channel, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        // For RSA alone, which this key is not.
        channel.eventLoop.makeFailedFuture(PlatformError.credentials)
    }

    static func == (left: SignerPrivateKey, right: SignerPrivateKey) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
