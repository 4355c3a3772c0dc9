import CounterApplications
import Foundation
import Organizations
import PKIX
import SQLiteStore
import Testing

@Suite struct CounterCrashTests {
    @Test("After kill -9 of two processes on one store every change that was durable is there and opens, none in part")
    func killed() async throws {
        let folder = try CounterStoreTests.Folder()
        let municipality = try #require(MunicipalityCode("011002"))
        _ = try folder.open()
        let arguments = ["counter", folder.path + "/akashi.sqlite", folder.path + "/counter.key"]
        let probes = try (0..<2).map { _ in try CounterCrashTests.start(arguments) }
        var lines: [String] = []
        for (process, output) in probes {
            lines += await CounterCrashTests.lines(150, of: output) { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }
        let (_, counter) = try folder.open()
        var newest: [String: Int] = [:]
        for line in lines {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let version = Int(parts[1]) else { continue }
            newest[String(parts[0])] = max(newest[String(parts[0])] ?? 0, version)
        }
        #expect(newest.count > 40)
        for (id, version) in newest {
            let found = try await counter.application(try #require(ApplicationID(id)), of: municipality)
            let application = try #require(found, "\(id) was durable and is gone")
            #expect(application.version == version || application.version == version + 1)
        }
    }

    /// The second process, built beside the tests.
    static func probe() throws -> URL {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let places = [
            URL(filePath: tests).deletingLastPathComponent(), root.appending(path: ".build/release"),
            root.appending(path: ".build/debug"),
        ]
        let found = places.map { $0.appending(path: "StoreProbe") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        return try #require(found, "StoreProbe is not built")
    }

    private static func start(_ arguments: [String]) throws -> (process: Process, output: Pipe) {
        let process = Process()
        process.executableURL = try probe()
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    /// Reads whole lines; calls `enough` after `count` of them, then reads to the end.
    private static func lines(
        _ count: Int, of output: Pipe, then enough: @escaping @Sendable () -> Void
    ) async -> [String] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var (data, isEnough) = (Data(), false)
                while true {
                    let portion = output.fileHandleForReading.availableData
                    if portion.isEmpty { break }
                    data += portion
                    if !isEnough, data.count(where: { $0 == 0x0A }) >= count {
                        isEnough = true
                        enough()
                    }
                }
                // A line that was cut off says nothing.
                let whole = data.lastIndex(of: 0x0A).map { data[..<$0] } ?? Data()
                continuation.resume(
                    returning: String(decoding: whole, as: UTF8.self).split(separator: "\n").map(String.init))
            }
        }
    }
}
