internal import NIOCore
package import NIOSSL

/// Why a server's own TLS material cannot be used.
package enum ServerIdentityError: Error, Hashable, Sendable {
    case unreadable(path: String)
    /// No certificate among the client authorities: nobody could ever connect.
    case noClientAuthorities
}

/// The TLS side of the API listener: who it is, and whose clients it lets in.
package struct ServerIdentity: Sendable {
    private let configuration: TLSConfiguration

    /// TLS 1.2 and 1.3, and a client certificate under one of the authorities before any byte of HTTP.
    ///
    /// A session ticket names the client certificate that it was made for and is sealed with a key that only this
    /// process has, so a resumed session is the same client again; the directory is asked per request in any case.
    ///
    /// - Parameters: paths of PEM files; `ownAuthorities` are DER, of authorities that the platform runs itself.
    package init(
        certificateChain: String,
        privateKey: String,
        clientAuthorities: String,
        ownAuthorities: [[UInt8]] = []
    ) throws {
        var tls = try ServerIdentity.server(certificateChain, privateKey)
        let authorities =
            try ServerIdentity.read(clientAuthorities) { try NIOSSLCertificate.fromPEMFile($0) }
            + ownAuthorities.map { try NIOSSLCertificate(bytes: $0, format: .der) }
        guard !authorities.isEmpty else { throw ServerIdentityError.noClientAuthorities }
        // SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT; clients have no host name to verify.
        tls.certificateVerification = .noHostnameVerification
        tls.trustRoots = .certificates(authorities)
        tls.sendCANameList = true
        configuration = tls
    }

    /// TLS without client certificates: for devices that do not have one yet.
    package init(withoutClientCertificates certificateChain: String, privateKey: String) throws {
        configuration = try ServerIdentity.server(certificateChain, privateKey)
    }

    private static func server(_ certificateChain: String, _ privateKey: String) throws -> TLSConfiguration {
        let chain = try read(certificateChain) { try NIOSSLCertificate.fromPEMFile($0) }
        let key = try read(privateKey) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        tls.renegotiationSupport = .none
        // Clients that keep a connection in a pool rarely answer its end; the program does not wait for each.
        tls.shutdownTimeout = .seconds(1)
        return tls
    }

    package var tlsConfiguration: TLSConfiguration { configuration }

    private static func read<Value>(_ path: String, _ load: (String) throws -> Value) throws -> Value {
        do {
            return try load(path)
        } catch {
            throw ServerIdentityError.unreadable(path: path)
        }
    }
}
