import Foundation
import Testing

/// The second process, built beside the tests.
enum Probe {
    static func start(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (process: Process, output: Pipe) {
        let process = Process()
        let executable: URL = try #require(locate(), "ListProbe is not built")
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    /// Runs to the end; the lines it wrote.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> [String] {
        let (process, output) = try start(arguments, environment: environment)
        return await finish(process, output)
    }

    static func finish(_ process: Process, _ output: Pipe) async -> [String] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(
                    returning: String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init))
            }
        }
    }

    /// The shim that makes calls fail, compiled for this run; nil where there is no C compiler or no preloading.
    static func shim(in folder: String) throws -> String? {
        #if os(Linux)
            let library = folder + "/listfaults.so"
            let compiler = Process()
            compiler.executableURL = URL(filePath: "/bin/sh")
            compiler.arguments = [
                "-c", "$(command -v cc || command -v clang) -shared -fPIC -O1 -o \"$0\" \"$1\" -ldl", library,
                root.appending(path: "scripts/faults/listfaults.c").path,
            ]
            try compiler.run()
            compiler.waitUntilExit()
            try #require(compiler.terminationStatus == 0, "the shim does not compile")
            return library
        #else
            return nil
        #endif
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func locate() -> URL? {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let places = [
            URL(filePath: tests).deletingLastPathComponent(), root.appending(path: ".build/release"),
            root.appending(path: ".build/debug"),
        ]
        return places.map { $0.appending(path: "ListProbe") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
