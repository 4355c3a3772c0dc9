internal import Foundation
internal import Glibc
internal import ServiceLifecycle
internal import Synchronization

/// A cupsd of our own with the two queues of ``SandboxPrinter``, whose printers fail on demand and keep what they
/// printed, octet for octet. It touches nothing of the machine's own CUPS.
package final class Spooler: Sendable {
    private let folder: SpoolerFolder
    private let process = Mutex<ChildProcess?>(nil)

    package var port: Int { folder.port }
    /// 127.0.0.1 and the port, as the commands of CUPS take it behind `-h`.
    package var address: String { "127.0.0.1:\(port)" }
    /// The port with TLS for the name localhost, and the authority to trust there; nil without TLS.
    package var securePort: Int? { folder.securePort }
    package var authority: String { folder.authority }

    private static let daemon = "/usr/sbin/cupsd"
    private static let administration = "/usr/sbin/lpadmin"

    /// False where the packages cups-daemon and cups-client are not installed.
    package static var isInstalled: Bool {
        [daemon, administration].allSatisfy(FileManager.default.isExecutableFile(atPath:))
    }

    /// Starts and returns once both queues take jobs. Jobs and papers that an earlier run left in the folder stay.
    ///
    /// - Parameters:
    ///   - path: the folder; made when it is not there. `cups` in it is cupsd's.
    ///   - port: on 127.0.0.1; 0 takes a free one.
    package static func start(
        at path: String,
        port: Int = 0,
        transport: SpoolerTransport = .plain
    ) async throws(SpoolerError) -> Spooler {
        guard isInstalled else { throw .absent(daemon) }
        var securePort: Int?
        if case .alsoTLS = transport { securePort = try LocalPort.free() }
        let folder = SpoolerFolder(
            path: URL(filePath: path).standardizedFileURL.path,
            port: port == 0 ? try LocalPort.free() : try LocalPort.unused(port), securePort: securePort)
        try folder.write(transport)
        let spooler = Spooler(folder)
        do throws(SpoolerError) {
            try await spooler.start()
            for printer in SandboxPrinter.allCases { try await spooler.make(printer) }
        } catch {
            await spooler.stop()
            throw error
        }
        return spooler
    }

    private init(_ folder: SpoolerFolder) { self.folder = folder }

    private func make(_ printer: SandboxPrinter) async throws(SpoolerError) {
        let arguments = [
            "-h", address, "-p", printer.rawValue, "-E", "-v", "\(PrinterBackend.scheme):/\(printer.rawValue)", "-m",
            "raw", "-o", "printer-error-policy=retry-job",
        ]
        // The commands of CUPS sometimes fail to connect to a cupsd that listens since this moment.
        for _ in 0..<10 {
            if try await ChildProcess.succeeds(Spooler.administration, arguments) { return }
            try? await Task.sleep(for: .milliseconds(50))
        }
        throw .notStarted(folder.lastComplaint)
    }

    /// Starts cupsd, again after ``stop()``; its queues and held jobs are as they were.
    package func start() async throws(SpoolerError) {
        let child = try ChildProcess(Spooler.daemon, ["-f", "-c", folder.configuration, "-s", folder.files])
        process.withLock { $0 = child }
        for _ in 0..<200 {
            if child.status != nil { break }
            if LocalPort.answers(port) { return }
            try? await Task.sleep(for: .milliseconds(25))
        }
        await stop()
        throw .notStarted(folder.lastComplaint)
    }

    package var isRunning: Bool { process.withLock { $0.map { $0.status == nil } ?? false } }

    /// Ends cupsd and its printers, and returns when they have ended. Jobs stay in the folder.
    package func stop() async {
        guard let child = process.withLock({ $0.take() }) else { return }
        child.send(SIGCONT)
        for _ in 0..<20 {
            child.send(SIGTERM)
            if await child.ends(within: .milliseconds(500)) { return }
        }
        child.send(SIGKILL)
        _ = await child.ends(within: .seconds(5))
    }

    /// Stops answering without closing anything, until it is thawed.
    package func freeze() { process.withLock { $0?.send(SIGSTOP) } }
    package func thaw() { process.withLock { $0?.send(SIGCONT) } }

    /// Ends at once, as by a loss of power.
    package func crash() async {
        guard let child = process.withLock({ $0.take() }) else { return }
        child.send(SIGKILL)
        _ = await child.ends(within: .seconds(5))
    }

    /// What a printer does from now on.
    package func set(_ printer: SandboxPrinter, _ mode: PrinterMode) {
        try? Data((mode.text + "\n").utf8).write(
            to: URL(filePath: folder.papers(of: printer) + "/mode"), options: .atomic)
    }

    /// `cupsenable`: what staff do after a printer has stopped its queue.
    package func enable(_ printer: SandboxPrinter) async throws(SpoolerError) {
        _ = try await ChildProcess.succeeds("/usr/sbin/cupsenable", ["-h", address, printer.rawValue])
    }

    /// What came out of a printer, in the order of its jobs.
    package func printed(_ printer: SandboxPrinter) -> [[UInt8]] {
        let papers = folder.papers(of: printer)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: papers)) ?? []
        return names.filter { $0.hasSuffix(".pdf") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(papers)/\(name)").map { Array($0) }
        }
    }

    /// Files of the spooler that hold `text`, what the printers put out left aside.
    package func filesHolding(_ text: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.own)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            FileManager.default.contents(atPath: "\(folder.own)/\(name)")?.range(of: Data(text.utf8)) != nil
        }
    }

    /// The address of a queue, for the configuration of a counter.
    package func uri(of printer: SandboxPrinter) -> String { Spooler.uri(of: printer, port: port) }

    /// Of a spooler that may not run yet.
    package static func uri(of printer: SandboxPrinter, port: Int) -> String {
        "ipp://127.0.0.1:\(port)/printers/\(printer.rawValue)"
    }
}

extension Spooler: Service {
    /// Keeps cupsd until graceful shutdown or cancellation, then ends it.
    ///
    /// - Throws: `ended` when it ended before.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while self.isRunning, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
        }
        let wasRunning = isRunning
        await stop()
        guard wasRunning else { throw SpoolerError.ended(folder.lastComplaint) }
    }
}
