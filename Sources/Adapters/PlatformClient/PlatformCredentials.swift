internal import NIOSSL
package import Verification

/// With what a client shows who it is, and whom it believes to be the platform.
package struct PlatformCredentials: Sendable {
    /// Text of PEM files. The private key is not written to logs or errors.
    package let certificateChainPEM: String
    package let privateKeyPEM: String
    /// Signs in the private key's place: a key in a token, say. P-256.
    package let signer: (any Signer)?
    /// The authorities that may have issued the server's certificate; the system's anchors are not used.
    package let serverAuthoritiesPEM: String

    package init(certificateChainPEM: String, privateKeyPEM: String, serverAuthoritiesPEM: String) {
        self.certificateChainPEM = certificateChainPEM
        self.privateKeyPEM = privateKeyPEM
        self.serverAuthoritiesPEM = serverAuthoritiesPEM
        signer = nil
    }

    /// With a key that this program does not see.
    package init(certificateChainPEM: String, signer: any Signer, serverAuthoritiesPEM: String) {
        self.certificateChainPEM = certificateChainPEM
        privateKeyPEM = ""
        self.serverAuthoritiesPEM = serverAuthoritiesPEM
        self.signer = signer
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
            let key =
                if let signer {
                    NIOSSLPrivateKey(customPrivateKey: SignerPrivateKey(signer))
                } else {
                    try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem)
                }
            configuration.privateKey = .privateKey(key)
            return configuration
        } catch {
            // The library's errors may quote what they could not read.
            throw .credentials
        }
    }
}
