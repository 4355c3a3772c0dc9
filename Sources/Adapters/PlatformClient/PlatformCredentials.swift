internal import NIOSSL

/// With what a client shows who it is, and whom it believes to be the platform.
package struct PlatformCredentials: Sendable {
    /// Text of PEM files. The private key is not written to logs or errors.
    package let certificateChainPEM: String
    package let privateKeyPEM: String
    /// The authorities that may have issued the server's certificate; the system's anchors are not used.
    package let serverAuthoritiesPEM: String

    package init(certificateChainPEM: String, privateKeyPEM: String, serverAuthoritiesPEM: String) {
        self.certificateChainPEM = certificateChainPEM
        self.privateKeyPEM = privateKeyPEM
        self.serverAuthoritiesPEM = serverAuthoritiesPEM
    }

    /// For who has no certificate yet: only the server shows who it is.
    package init(serverAuthoritiesPEM: String) {
        self.init(certificateChainPEM: "", privateKeyPEM: "", serverAuthoritiesPEM: serverAuthoritiesPEM)
    }

    /// TLS 1.2 and later with the client's certificate, the server's name and chain verified.
    func tlsConfiguration() throws(PlatformError) -> TLSConfiguration {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv12
            configuration.certificateVerification = .fullVerification
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(serverAuthoritiesPEM.utf8)))
            guard !certificateChainPEM.isEmpty else { return configuration }
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificateChainPEM.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem))
            return configuration
        } catch {
            // The library's errors may quote what they could not read.
            throw .credentials
        }
    }
}
