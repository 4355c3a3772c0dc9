import Foundation
import Testing

/// The second process, built beside the tests.
enum Probe {
    static func start(_ arguments: [String]) throws -> (process: Process, output: Pipe) {
        let process = Process()
        let executable = try #require(locate(), "StoreProbe is not built")
        process.executableURL = executable
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    /// Runs to the end; the lines it wrote.
    static func run(_ arguments: [String]) async throws -> [String] {
        let (process, output) = try start(arguments)
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

    private static func locate() -> URL? {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let places = [
            URL(filePath: tests).deletingLastPathComponent(), root.appending(path: ".build/release"),
            root.appending(path: ".build/debug"),
        ]
        return places.map { $0.appending(path: "StoreProbe") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
