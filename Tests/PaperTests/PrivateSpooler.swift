import CounterApplications
import Foundation
import OutgoingHTTP
import Printing
import Testing

/// A cupsd of our own with two queues, whose printers fail on demand and keep what they printed, octet for octet.
final class PrivateSpooler {
    let folder: URL
    let port: Int
    let securePort: Int
    private var process: Process?

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: "/usr/sbin/cupsd") }

    /// What the printer behind every queue does: it looks every 50 ms at the file `mode` beside what it prints.
    private static let backend = """
        #!/bin/sh
        [ $# -eq 0 ] && { echo 'direct akashitest "Unknown" "Test"'; exit 0; }
        D=${DEVICE_URI#akashitest:}
        mode() { cat "$D/mode" 2>/dev/null; }
        trap 'exit 1' TERM
        [ -n "$6" ] && cat "$6" > "$D/$1.$$.tmp" || cat > "$D/$1.$$.tmp"
        wait_while() {
          [ "$(mode)" = "$1" ] || return 0
          echo "STATE: +$2" >&2
          while [ "$(mode)" = "$1" ]; do sleep 0.05; done
          echo "STATE: -$2" >&2
        }
        wait_while offline offline-report
        wait_while empty media-empty-error
        [ "$(mode)" = stop ] && { rm -f "$D/$1.$$.tmp"; exit 4; }
        echo "PAGE: 1 1" >&2
        wait_while jam media-jam-error
        echo "PAGE: 2 1" >&2
        mv "$D/$1.$$.tmp" "$D/$1.$$.pdf"
        exit 0
        """

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-cups-\(UUID().uuidString)")
        (port, securePort) = (try Self.freePort(), try Self.freePort())
        let manager = FileManager.default
        for name in ["lib/backend", "spool/tmp", "cache", "run", "out-slip", "out-copy", "ssl"] {
            try manager.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        for name in ["daemon", "filter", "notifier", "cgi-bin", "monitor"] {
            try? manager.createSymbolicLink(
                at: folder.appending(path: "lib/\(name)"), withDestinationURL: URL(filePath: "/usr/lib/cups/\(name)"))
        }
        let backend = folder.appending(path: "lib/backend/akashitest")
        try Self.backend.write(to: backend, atomically: false, encoding: .utf8)
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: backend.path)
        for name in ["out-slip", "out-copy"] {
            try manager.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.appending(path: name).path)
        }
        try configuration.write(to: folder.appending(path: "cupsd.conf"), atomically: true, encoding: .utf8)
        try files.write(to: folder.appending(path: "cups-files.conf"), atomically: true, encoding: .utf8)
        try run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                folder.appending(path: "ssl/localhost.key").path, "-out", certificate,
            ])
        try start()
        for name in ["slip", "copy"] {
            try run(
                "lpadmin",
                ["-h", address, "-p", name, "-E", "-v", "akashitest:\(folder.path)/out-\(name)", "-m", "raw"])
        }
    }

    /// Of the listener with TLS, for the name localhost.
    var certificate: String { folder.appending(path: "ssl/localhost.crt").path }
    var address: String { "127.0.0.1:\(port)" }

    /// As docs/printing.md says it, on a port of its own and with administration from this machine.
    private var configuration: String {
        """
        Listen 127.0.0.1:\(port)
        SSLListen 127.0.0.1:\(securePort)
        ServerName localhost
        Browsing Off
        WebInterface No
        DefaultAuthType None
        PreserveJobHistory Yes
        PreserveJobFiles No
        MaxJobs 0
        MaxHoldTime 0
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

    private var files: String {
        """
        SystemGroup root lpadmin
        ServerRoot \(folder.path)
        RequestRoot \(folder.path)/spool
        TempDir \(folder.path)/spool/tmp
        CacheDir \(folder.path)/cache
        StateDir \(folder.path)/run
        AccessLog \(folder.path)/access_log
        ErrorLog \(folder.path)/error_log
        PageLog \(folder.path)/page_log
        DataDir /usr/share/cups
        ServerBin \(folder.path)/lib
        ServerKeychain \(folder.path)/ssl
        CreateSelfSignedCerts no
        """
    }

    func start() throws {
        let process = Process()
        // Threads of Swift block signals, which a child inherits: cupsd would not hear that it shall end.
        process.executableURL = URL(filePath: "/usr/bin/perl")
        process.arguments = [
            "-MPOSIX=:signal_h", "-e", "sigprocmask(SIG_SETMASK, POSIX::SigSet->new); exec @ARGV", "/usr/sbin/cupsd",
            "-f", "-c", "\(folder.path)/cupsd.conf", "-s", "\(folder.path)/cups-files.conf",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        for _ in 0..<200 {
            if (try? run("lpstat", ["-h", address, "-r"])) != nil { return }
            usleep(50_000)
        }
        Issue.record("cupsd did not start")
    }

    func stop() {
        guard let process else { return }
        kill(process.processIdentifier, SIGCONT)
        for attempt in 0..<200 where process.isRunning {
            if attempt % 10 == 0 { process.terminate() }
            usleep(50_000)
        }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        self.process = nil
    }

    /// Stops answering without closing anything.
    func freeze() { if let process { kill(process.processIdentifier, SIGSTOP) } }
    func thaw() { if let process { kill(process.processIdentifier, SIGCONT) } }

    func remove() {
        for name in ["slip", "copy"] { set(name, "ok") }
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func set(_ queue: String, _ mode: String) {
        try? mode.write(to: folder.appending(path: "out-\(queue)/mode"), atomically: true, encoding: .utf8)
    }

    func enable(_ queue: String) throws { try run("cupsenable", ["-h", address, queue]) }

    /// What came out of a printer.
    func printed(_ queue: String) throws -> [[UInt8]] {
        let out = folder.appending(path: "out-\(queue)")
        return try FileManager.default.contentsOfDirectory(atPath: out.path).filter { $0.hasSuffix(".pdf") }.sorted()
            .map { [UInt8](try Data(contentsOf: out.appending(path: $0))) }
    }

    /// Files of the spooler that hold `text`, those of the printers themselves left out.
    func filesHolding(_ text: String) -> [String] {
        let wanted = Data(text.utf8)
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return all.filter { !$0.hasPrefix("out-") }.filter { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else { return false }
            return data.range(of: wanted) != nil
        }
    }

    func queues() throws -> [String: PrintQueue] {
        [
            "slip": try PrintQueue(uri: "ipp://\(address)/printers/slip"),
            "copy": try PrintQueue(uri: "ipp://\(address)/printers/copy"),
        ]
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        struct Failed: Error { let program: String }
        if process.terminationStatus != 0 { throw Failed(program: program) }
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(descriptor, generic, length)
                _ = getsockname(descriptor, generic, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
