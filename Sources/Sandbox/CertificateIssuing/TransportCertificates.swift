package import PKIX

/// Server and client certificates for TLS, as municipal systems and the sandbox present them.
package struct TransportIdentity: Sendable {
    package let certificate: Certificate
    package let key: SigningKey

    package init(certificate: Certificate, key: SigningKey) { (self.certificate, self.key) = (certificate, key) }

    package var certificatePEM: String { PEM.Block(label: "CERTIFICATE", bytes: certificate.der).text }
    package var keyPEM: String { key.pem }
}

extension IssuingAuthority {
    /// A P-256 root for TLS, determined by `name`.
    package static func transportRoot(
        name: String,
        notBefore: ValidationTime,
        notAfter: ValidationTime
    ) throws -> IssuingAuthority {
        try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name), (.commonName, name)]),
            key: .p256(seed: "transport-root:\(name)"), notBefore: notBefore, notAfter: notAfter)
    }

    /// A server's certificate for host names and IPv4 or IPv6 addresses (octets, network order).
    package func serverIdentity(
        commonName: String,
        hostNames: [String] = ["localhost"],
        addresses: [[UInt8]] = [[127, 0, 0, 1]],
        serialNumber: SerialNumber,
        notBefore: ValidationTime,
        notAfter: ValidationTime
    ) throws -> TransportIdentity {
        let names = hostNames.map { GeneralName.dNSName($0) } + addresses.map { .iPAddress($0[...]) }
        return try transportIdentity(
            commonName, .serverAuth, names, serialNumber, from: notBefore, to: notAfter)
    }

    /// A client's certificate: a 業務システム or 端末.
    package func clientIdentity(
        commonName: String,
        serialNumber: SerialNumber,
        notBefore: ValidationTime,
        notAfter: ValidationTime
    ) throws -> TransportIdentity {
        try transportIdentity(commonName, .clientAuth, [], serialNumber, from: notBefore, to: notAfter)
    }

    private func transportIdentity(
        _ commonName: String,
        _ purpose: OID,
        _ names: [GeneralName],
        _ serial: SerialNumber,
        from notBefore: ValidationTime,
        to notAfter: ValidationTime
    ) throws -> TransportIdentity {
        let key = try SigningKey.p256(seed: "transport:\(self.name):\(commonName):\(serial.hex)")
        let request = CertificateRequest(
            serialNumber: serial,
            subject: DistinguishedName([
                (.country, "JP"), (.organization, SandboxOrganization.name), (.commonName, commonName),
            ]),
            publicKeyInfo: key.publicKeyInfo, notBefore: notBefore, notAfter: notAfter,
            extensions: [
                .keyUsage(.digitalSignature), .extendedKeyUsage([purpose]),
                .basicConstraints(BasicConstraints(isCA: false)),
            ] + (names.isEmpty ? [] : [.subjectAltName(names)]))
        return TransportIdentity(certificate: try issue(request), key: key)
    }
}
