internal import Crypto
internal import Foundation
internal import PKIX
internal import Synchronization
internal import Verification

/// A P-256 key pair in a token. Its calls block until the token has answered, for at most twenty seconds: they are not
/// for cooperative threads.
package final class TokenKey: Signer {
    /// With the key's id.
    package let uri: TokenURI
    private let mark: PINRefusalMark
    private let module: CryptokiModule
    private let publicKey: P256.Signing.PublicKey
    private let failure = Mutex<TokenError?>(nil)

    /// Finds the key.
    ///
    /// - Parameters:
    ///   - uri: when it has no id, the label alone must lead to one key.
    ///   - mark: where a refused PIN is remembered.
    package convenience init(_ uri: TokenURI, mark: PINRefusalMark) throws(TokenError) {
        let module = CryptokiModule.at(uri.modulePath)
        let point = try module.use(uri, mark) { session throws(TokenError) in
            guard let point = try session.publicPoint(uri) else { throw .keyMissing(uri.keyName) }
            return point
        }
        try self.init(uri, mark, module, point)
    }

    private init(
        _ uri: TokenURI, _ mark: PINRefusalMark, _ module: CryptokiModule, _ point: [UInt8]
    ) throws(TokenError) {
        // An OCTET STRING with the point (PKCS #11 2.40 §2.3.3); some tokens give the point alone.
        let isWrapped = point.count == 67 && point.starts(with: [0x04, 0x41])
        guard let key = try? P256.Signing.PublicKey(x963Representation: isWrapped ? point.dropFirst(2) : point[...])
        else { throw .keyUnsuitable("it is none of P-256") }
        (self.uri, self.mark, self.module, publicKey) = (uri, mark, module, key)
    }

    /// Finds the key, or makes it: twice the same call gives one key.
    ///
    /// - Parameter uri: with an id.
    package static func findOrGenerate(_ uri: TokenURI, mark: PINRefusalMark) throws(TokenError) -> TokenKey {
        guard uri.id != nil else { throw .uri("needs id=") }
        let module = CryptokiModule.at(uri.modulePath)
        let point = try module.use(uri, mark) { session throws(TokenError) -> [UInt8] in
            if let point = try session.publicPoint(uri) { return point }
            try session.generatePair(uri)
            guard let point = try session.publicPoint(uri) else { throw .keyMissing(uri.keyName) }
            return point
        }
        return try TokenKey(uri, mark, module, point)
    }

    /// Removes the pair from the token, for good. One that is not there is not missed.
    ///
    /// - Parameter uri: with an id, so that no other key can be meant.
    package static func destroy(_ uri: TokenURI, mark: PINRefusalMark) throws(TokenError) {
        guard uri.id != nil else { throw .uri("needs id=") }
        try CryptokiModule.at(uri.modulePath).use(uri, mark) { session throws(TokenError) in
            try session.destroyPair(uri)
        }
    }

    /// Why the last signature was not made; nil when it was. A handshake that fails says nothing of its reason.
    package var lastFailure: TokenError? { failure.withLock { $0 } }

    package func forgetFailure() { failure.withLock { $0 = nil } }

    // MARK: Signer

    /// As a key file's: the first eight octets of the public key's SHA-256, in hex.
    package var keyID: String {
        Array(SHA256.hash(data: subjectPublicKeyInfo).prefix(8)).hexString.lowercased()
    }

    package var subjectPublicKeyInfo: [UInt8] { Array(publicKey.derRepresentation) }

    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        do throws(TokenError) {
            let signature = try signature(over: message)
            failure.withLock { $0 = nil }
            return signature
        } catch {
            failure.withLock { $0 = error }
            throw error
        }
    }

    private func signature(over message: [UInt8]) throws(TokenError) -> [UInt8] {
        let digest = SHA256.hash(data: message)
        let uri = uri
        let octets = Array(digest)
        let raw = try module.use(uri, mark) { session throws(TokenError) in try session.sign(octets, uri) }
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw),
            publicKey.isValidSignature(signature, for: digest)
        else { throw .signatureWrong }
        return Array(signature.derRepresentation)
    }
}
