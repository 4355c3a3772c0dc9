import Foundation
import Testing

/// poppler's programs, which read what we write with other people's code.
enum PopplerTools {
    static func run(_ program: String, _ arguments: [String], input: [UInt8]? = nil) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(program) \(arguments)")
        return String(decoding: data, as: UTF8.self)
    }

    /// A file that is gone when `body` returns; kept where AKASHI_PAPERS names a folder to look at the papers in.
    static func withFile<Result>(_ octets: [UInt8], _ name: String, _ body: (String) throws -> Result) throws -> Result
    {
        let kept = ProcessInfo.processInfo.environment["AKASHI_PAPERS"]
        let folder = kept ?? NSTemporaryDirectory()
        let path = "\(folder)/\(kept == nil ? UUID().uuidString + "-" : "")\(name).pdf"
        try Data(octets).write(to: URL(fileURLWithPath: path))
        defer { if kept == nil { try? FileManager.default.removeItem(atPath: path) } }
        return try body(path)
    }

    static func text(of octets: [UInt8], _ name: String) throws -> String {
        try withFile(octets, name) { try run("pdftotext", ["-raw", $0, "-"]) }
    }
}
