import Foundation

/// A run of the built `akashi-terminal`, or of another program of the build.
struct TerminalRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// Runs to the end.
    static func finish(
        _ arguments: [String], program: String = "akashi-terminal", environment: [String: String] = [:]
    ) async throws -> TerminalRun {
        let run = try start(arguments, program: program, environment: environment)
        return await Task.detached { run.finish() }.value
    }

    /// - Parameter arguments: of the program of the same build.
    static func start(
        _ arguments: [String], program: String = "akashi-terminal", environment: [String: String] = [:]
    ) throws -> Running {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = PlatformProcess.executable.deletingLastPathComponent().appending(path: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        return Running(process: process, output: output, errors: errors)
    }

    struct Running: @unchecked Sendable {
        let process: Process
        let output: Pipe
        let errors: Pipe

        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        /// What it says is little: a pipe holds it.
        func finish() -> TerminalRun {
            let said = output.fileHandleForReading.readDataToEndOfFile()
            let complained = errors.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return TerminalRun(
                status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
                errors: String(decoding: complained, as: UTF8.self))
        }
    }

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }
}
