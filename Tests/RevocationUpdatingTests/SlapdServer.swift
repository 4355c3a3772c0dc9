import Foundation
import Testing

/// A real slapd on 127.0.0.1 with a folder of its own, for the life of this object's `with`.
struct SlapdServer {
    enum Missing: Error { case slapd }

    static let suffix = "c=JP"
    static let administrator = "cn=admin,c=JP"
    static let password = "secret"

    let folder: URL
    let port: Int
    let tlsPort: Int
    private let process: Process

    /// Starts it, waits until it answers, and ends it after `body`.
    static func with<Result>(
        certificate: (chain: String, key: String)? = nil,
        _ body: (SlapdServer) async throws -> Result
    ) async throws -> Result {
        let path = "/usr/sbin/slapd"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            print("*** akashi: slapd is ABSENT: the LDAP tests cannot run. scripts/install-packages.sh installs it.")
            throw Missing.slapd
        }
        let server = try SlapdServer(path, certificate)
        defer { server.end() }
        try server.waitUntilItAnswers()
        return try await body(server)
    }

    private init(_ path: String, _ certificate: (chain: String, key: String)?) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-slapd-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("db"), withIntermediateDirectories: true)
        (port, tlsPort) = (try SlapdServer.freePort(), try SlapdServer.freePort())
        var lines = [
            "include /etc/ldap/schema/core.schema", "modulepath /usr/lib/ldap", "moduleload back_mdb",
            "pidfile \(folder.path)/slapd.pid", "sizelimit unlimited", "loglevel stats",
            "sockbuf_max_incoming 1073741823", "sockbuf_max_incoming_auth 1073741823",
        ]
        if let certificate {
            try certificate.chain.write(toFile: folder.path + "/tls.pem", atomically: true, encoding: .utf8)
            try certificate.key.write(toFile: folder.path + "/tls.key", atomically: true, encoding: .utf8)
            lines += [
                "TLSCertificateFile \(folder.path)/tls.pem", "TLSCertificateKeyFile \(folder.path)/tls.key",
            ]
        }
        lines += [
            "database mdb", "maxsize 4294967296", "suffix \"\(SlapdServer.suffix)\"",
            "rootdn \"\(SlapdServer.administrator)\"", "rootpw \(SlapdServer.password)",
            "directory \(folder.path)/db", "dbnosync",
        ]
        try lines.joined(separator: "\n").write(
            toFile: folder.path + "/slapd.conf", atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        let listeners = "ldap://127.0.0.1:\(port)/" + (certificate == nil ? "" : " ldaps://127.0.0.1:\(tlsPort)/")
        process.arguments = ["-f", folder.path + "/slapd.conf", "-h", listeners, "-d", "stats"]
        _ = FileManager.default.createFile(atPath: folder.path + "/log", contents: nil)
        let log = try FileHandle(forWritingTo: folder.appendingPathComponent("log"))
        (process.standardOutput, process.standardError) = (log, log)
        try process.run()
    }

    func end() {
        // It was started by a thread that blocks SIGTERM, and has inherited that; what it holds goes anyway.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Connections that it has taken.
    var accepted: Int {
        let log = (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? ""
        return log.split(separator: "\n").count { $0.contains(" ACCEPT from ") }
    }

    /// Adds or changes entries, by the directory's own tools.
    func apply(_ ldif: String, with tool: String = "ldapadd") throws {
        let path = folder.path + "/\(UUID()).ldif"
        try ldif.write(toFile: path, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/" + tool)
        process.arguments = [
            "-x", "-H", "ldap://127.0.0.1:\(port)", "-D", SlapdServer.administrator, "-w", SlapdServer.password, "-f",
            path,
        ]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(tool) failed")
    }

    /// The top, and one entry for each name and its list.
    func addEntries(_ lists: [(name: String, der: [UInt8])]) throws {
        var text = "dn: c=JP\nobjectClass: country\nc: JP\n\ndn: o=JPKI,c=JP\nobjectClass: organization\no: JPKI\n"
        for (index, list) in lists.enumerated() {
            let path = folder.path + "/\(index).crl"
            try Data(list.der).write(to: URL(fileURLWithPath: path))
            text += "\ndn:: \(Data(entryName(list.name).utf8).base64EncodedString())\n"
            text += "objectClass: cRLDistributionPoint\ncertificateRevocationList;binary:< file://\(path)\n"
        }
        try apply(text)
    }

    /// The entry's name, the value escaped as RFC 4514 §2.4 has it.
    func entryName(_ name: String) -> String {
        let escaped = name.map { ",+\"\\<>;=#".contains($0) ? "\\\($0)" : String($0) }.joined()
        return "cn=\(escaped),o=JPKI,c=JP"
    }

    private func waitUntilItAnswers() throws {
        for _ in 0..<200 {
            let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(probe) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let isOpen = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isOpen { return }
            try #require(process.isRunning, "slapd ended: \(folder.path)/log")
            Thread.sleep(forTimeInterval: 0.05)
        }
        Issue.record("slapd does not answer")
    }

    private static func freePort() throws -> Int {
        let server = try ScriptedServer { _ in }
        defer { server.stop() }
        return server.port
    }
}
