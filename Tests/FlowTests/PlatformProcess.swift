import Foundation

/// A built `akashi serve` as a child process, with its output in files. Only its own pid is ever signalled.
struct PlatformProcess: Sendable {
    let folder: String
    let log: String
    let errors: String
    let apiPort: Int
    let adminPort: Int
    private let process: Process

    var pid: Int32 { process.processIdentifier }
    var baseURL: String { "https://localhost:\(apiPort)" }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The executable of the same build: beside the test bundle.
    static var executable: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/release/akashi")
    }

    /// Starts the server and returns once both listeners say where they are.
    ///
    /// - Parameter folder: a platform folder; output and temporary files go into it too.
    static func start(_ folder: String) async throws -> PlatformProcess {
        guard FileManager.default.isExecutableFile(atPath: executable.path) else {
            throw Failure(description: "akashi is not built at \(executable.path)")
        }
        let (log, errors, scratch) = (folder + "/stdout.log", folder + "/stderr.log", folder + "/tmp")
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        for file in [log, errors] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        let process = Process()
        process.executableURL = executable
        process.arguments = ["serve", "--config", folder + "/akashi.yaml"]
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": scratch]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: log)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        for _ in 0..<400 {
            if let api = port("api listening", in: log), let admin = port("admin listening", in: log) {
                return PlatformProcess(
                    folder: folder, log: log, errors: errors, apiPort: api, adminPort: admin,
                    process: process)
            }
            guard process.isRunning else { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        await stop(process)
        let said = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        throw Failure(description: "akashi serve did not start: \(said)")
    }

    func stop() async { await PlatformProcess.stop(process) }

    /// SIGTERM, and SIGKILL when that is not heeded in ten seconds.
    private static func stop(_ process: Process) async {
        guard process.isRunning else { return }
        process.terminate()
        for _ in 0..<200 where process.isRunning { await pause(.milliseconds(50)) }
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        for _ in 0..<100 where process.isRunning { await pause(.milliseconds(50)) }
    }

    /// Sleeps also in a cancelled task, in which a child must still be stopped.
    private static func pause(_ duration: Duration) async {
        await Task.detached { try? await Task.sleep(for: duration) }.value
    }

    private static func port(_ event: String, in log: String) -> Int? {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard let line = text.split(separator: "\n").first(where: { $0.contains("\"event\":\"\(event)\"") }),
            let start = line.range(of: "\"port\":\"")
        else { return nil }
        return Int(line[start.upperBound...].prefix { $0.isNumber })
    }
}

// MARK: - What the system says of the process

extension PlatformProcess {
    /// Open descriptors.
    var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? -1
    }

    /// Resident memory, KiB.
    var residentKiB: Int { memory("VmRSS:") }

    /// The most resident memory so far, KiB.
    var peakKiB: Int { memory("VmHWM:") }

    private func memory(_ field: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? -1
    }

    var isRunning: Bool { process.isRunning }
}
