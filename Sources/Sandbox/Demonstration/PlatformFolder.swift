internal import CertificateIssuing
internal import Foundation
package import PKIX
package import SandboxAuthority
internal import SandboxIssuingServer

/// A folder with all that `akashi serve` needs to work against a sandbox: configuration, trust anchors,
/// TLS certificates for the server, for clients and for issuing servers (`issuing/`). Every key in it is throw-away.
package struct PlatformFolder: Sendable {
    package let path: String
    package var configuration: String { path + "/akashi.yaml" }

    /// Writes the folder; files of an earlier run are replaced.
    ///
    /// - Parameters:
    ///   - sandbox: what to trust and to ask.
    ///   - port: the API's port; the next is for devices that enrol, the one after for staff. 0 takes free ones.
    ///   - counter: where issuing servers and printers will be; nil for a platform without a counter.
    ///   - now: from when the TLS certificates are valid, for 30 days.
    package init(
        at path: String,
        sandbox: SandboxDescription,
        port: Int,
        adminPort: Int,
        counter: SandboxCounterPorts? = SandboxCounterPorts(),
        now: ValidationTime
    ) throws {
        self.path = path
        for folder in ["", "/anchors", "/tls", "/keys", "/data"] {
            try FileManager.default.createDirectory(
                atPath: path + folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let (from, to) = (now.advanced(bySeconds: -3_600), now.advanced(bySeconds: 30 * 86_400))
        let root = try IssuingAuthority.transportRoot(name: "Sandbox TLS", notBefore: from, notAfter: to)
        try write("tls/authority.pem", PEM.Block(label: "CERTIFICATE", bytes: root.certificate.der).text)
        let server = try root.serverIdentity(
            commonName: "akashi", serialNumber: SerialNumber(2), notBefore: from, notAfter: to)
        try write("tls/server.pem", server.certificatePEM)
        try write("tls/server.key", server.keyPEM)
        var digests: [SandboxClient: String] = [:]
        for (index, client) in SandboxClient.allCases.enumerated() {
            let identity = try root.clientIdentity(
                commonName: client.rawValue, serialNumber: SerialNumber(UInt64(index + 10)), notBefore: from,
                notAfter: to)
            try write("tls/\(client.rawValue).pem", identity.certificatePEM)
            try write("tls/\(client.rawValue).key", identity.keyPEM)
            digests[client] = identity.key.publicKeyInfo.encoding.sha256Hex
        }
        let document = SandboxConfiguration(
            sandbox: sandbox, port: port, adminPort: adminPort, enrolmentPort: port == 0 ? 0 : port + 1,
            clientDigests: digests,
            counter: counter.map {
                SandboxCounter(ports: $0, year: now.advanced(bySeconds: 9 * 3_600).civil.year)
            })
        for municipality in RegisterMunicipality.sandbox {
            _ = try IssuingServerFolder(
                at: "\(path)/issuing/\(municipality.code)", municipality: municipality, now: now)
        }
        for (name, text) in document.trust.certificateFiles { try write("anchors/" + name, text) }
        try write("akashi.yaml", document.yaml)
    }

    private func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file]) }
    }
}

/// The clients that a sandbox platform knows.
package enum SandboxClient: String, CaseIterable, Sendable {
    /// A 窓口 system of 見本市.
    case counterSystem = "counter-system"
    /// Another 業務システム of 見本市.
    case secondSystem = "second-system"
    /// A system of 例示町: another 団体.
    case neighbourSystem = "neighbour-system"
    /// The operators of the centre.
    case operatorConsole = "operator-console"
    /// Another operator of the centre, for what takes two.
    case secondOperator = "second-operator"
}
