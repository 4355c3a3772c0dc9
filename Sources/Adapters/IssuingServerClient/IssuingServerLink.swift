internal import NIOSSL
package import Organizations

/// Where one 団体's 証明発行サーバ answers, whom it is believed to be, and as whom the centre shows itself.
package struct IssuingServerLink: Sendable {
    package let municipality: MunicipalityCode
    /// `https://`, host and port.
    package let baseURL: String
    /// PEM of the centre's certificate for this 団体, its chain after it.
    package let certificateChainPEM: String
    package let privateKeyPEM: String
    /// PEM of the authorities that may have issued **this** 団体's server certificate. Neither the system's anchors
    /// nor another 団体's are looked at, so that one 団体's server cannot answer for another.
    package let serverAuthoritiesPEM: String

    package init(
        municipality: MunicipalityCode,
        baseURL: String,
        certificateChainPEM: String,
        privateKeyPEM: String,
        serverAuthoritiesPEM: String
    ) {
        self.municipality = municipality
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.certificateChainPEM = certificateChainPEM
        self.privateKeyPEM = privateKeyPEM
        self.serverAuthoritiesPEM = serverAuthoritiesPEM
    }

    /// TLS 1.2 and later, the server's name and chain verified, the client's certificate presented.
    func tlsConfiguration() throws(IssuingServerLinkError) -> TLSConfiguration {
        guard baseURL.lowercased().hasPrefix("https://") else { throw .notHTTPS(municipality) }
        do {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv12
            tls.certificateVerification = .fullVerification
            let authorities = try NIOSSLCertificate.fromPEMBytes(Array(serverAuthoritiesPEM.utf8))
            guard !authorities.isEmpty else { throw IssuingServerLinkError.credentials(municipality) }
            tls.trustRoots = .certificates(authorities)
            tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificateChainPEM.utf8))
                .map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem))
            return tls
        } catch {
            // The library's errors may quote what they could not read.
            throw .credentials(municipality)
        }
    }
}

/// Why a link cannot be used.
package enum IssuingServerLinkError: Error, Hashable, Sendable {
    /// Certificate, key or authorities cannot be read, or do not go together.
    case credentials(MunicipalityCode)
    case notHTTPS(MunicipalityCode)
    /// Two links for one 団体.
    case duplicate(MunicipalityCode)
}
