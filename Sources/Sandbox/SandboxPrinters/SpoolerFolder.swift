internal import CertificateIssuing
internal import Foundation
package import PKIX

/// Whether a spooler listens with TLS too.
package enum SpoolerTransport: Hashable, Sendable {
    case plain
    /// For the name localhost, from `now` on for 30 days.
    case alsoTLS(now: ValidationTime)
}

/// The folder of a private cupsd: `cups` is its own, and beside it a folder for each printer.
struct SpoolerFolder: Sendable {
    let path: String
    let port: Int
    /// Nil without TLS.
    let securePort: Int?

    var own: String { path + "/cups" }
    var configuration: String { own + "/cupsd.conf" }
    var files: String { own + "/cups-files.conf" }
    var errorLog: String { own + "/error_log" }
    /// The authority that the TLS listener's certificate is from.
    var authority: String { own + "/ssl/authority.pem" }

    func papers(of printer: SandboxPrinter) -> String { "\(path)/\(printer.rawValue)" }

    /// Writes what is not there, and the configuration anew; jobs and papers of an earlier run stay.
    func write(_ transport: SpoolerTransport) throws(SpoolerError) {
        // What would mean something else in a file of CUPS, or in the back-end.
        guard !path.contains(where: { "#\"\\\n\r<>".contains($0) }) else { throw .folder(path) }
        do {
            for printer in SandboxPrinter.allCases { try make(papers(of: printer)) }
            for name in ["lib/backend", "spool/tmp", "cache", "run", "ssl"] { try make("\(own)/\(name)") }
            for name in ["daemon", "filter", "notifier", "cgi-bin", "monitor"] {
                try? FileManager.default.createSymbolicLink(
                    atPath: "\(own)/lib/\(name)", withDestinationPath: "/usr/lib/cups/\(name)")
            }
            // Nobody else may do anything with it: then a cupsd of root runs it as root, in folders of root's alone.
            try write(PrinterBackend.script, to: "\(own)/lib/backend/\(PrinterBackend.scheme)", mode: 0o700)
            try write(daemonText, to: configuration, mode: 0o640)
            try write(filesText, to: files, mode: 0o640)
            if case .alsoTLS(let now) = transport { try writeIdentity(now) }
        } catch {
            throw .folder(path)
        }
    }

    private func make(_ folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func write(_ text: String, to file: String, mode: Int) throws {
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    private func writeIdentity(_ now: ValidationTime) throws {
        let (from, to) = (now.advanced(bySeconds: -3_600), now.advanced(bySeconds: 30 * 86_400))
        let root = try IssuingAuthority.transportRoot(name: "Sandbox Printers", notBefore: from, notAfter: to)
        let server = try root.serverIdentity(
            commonName: "localhost", serialNumber: SerialNumber(2), notBefore: from, notAfter: to)
        try write(PEM.Block(label: "CERTIFICATE", bytes: root.certificate.der).text, to: authority, mode: 0o644)
        try write(server.certificatePEM, to: own + "/ssl/localhost.crt", mode: 0o644)
        try write(server.keyPEM, to: own + "/ssl/localhost.key", mode: 0o600)
    }

    /// As docs/printing.md has it, with listeners of its own, and administered from this machine.
    private var daemonText: String {
        """
        Listen 127.0.0.1:\(port)
        \(securePort.map { "SSLListen 127.0.0.1:\($0)" } ?? "# No TLS.")
        ServerName localhost
        Browsing Off
        WebInterface No
        DefaultAuthType None
        PreserveJobHistory 86400
        PreserveJobFiles No
        MaxJobs 0
        MaxHoldTime 0
        MaxClients 1000
        DirtyCleanInterval 0
        LogLevel warn
        PageLogFormat
        <Location />
          Order allow,deny
          Allow 127.0.0.1
        </Location>
        <Policy default>
          JobPrivateAccess default
          JobPrivateValues default
          <Limit All>
            Order deny,allow
          </Limit>
        </Policy>

        """
    }

    private var filesText: String {
        """
        SystemGroup root
        ServerRoot \(own)
        RequestRoot \(own)/spool
        TempDir \(own)/spool/tmp
        CacheDir \(own)/cache
        StateDir \(own)/run
        AccessLog \(own)/access_log
        ErrorLog \(errorLog)
        PageLog \(own)/page_log
        DataDir /usr/share/cups
        ServerBin \(own)/lib
        ServerKeychain \(own)/ssl
        CreateSelfSignedCerts no
        SyncOnClose Yes

        """
    }
}
