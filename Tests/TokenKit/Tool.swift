internal import Foundation

/// Runs a program of the system to its end.
package enum Tool {
    /// Where Debian puts a library, whatever the machine.
    static func library(_ name: String, package: String) throws -> String {
        let folders =
            ["/usr/lib"]
            + (try FileManager.default.contentsOfDirectory(atPath: "/usr/lib"))
            .filter { $0.hasSuffix("-linux-gnu") }.sorted().map { "/usr/lib/\($0)" }
        guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.fileExists) else {
            throw TokenFault("\(name) is missing (package \(package))")
        }
        return path
    }

    static func program(_ name: String, package: String) throws -> String {
        guard
            let path = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin"].map({ "\($0)/\(name)" })
                .first(where: FileManager.default.isExecutableFile)
        else { throw TokenFault("\(name) is missing (package \(package))") }
        return path
    }

    /// - Returns: what it said on standard output.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TokenFault("\(program) \(arguments.first ?? ""): \(String(decoding: complained, as: UTF8.self))")
        }
        return String(decoding: said, as: UTF8.self)
    }

    static func secret(_ path: String, _ text: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: Data((text + "\n").utf8)) else {
            throw TokenFault("cannot write \(path)")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}

/// Runs what may wait for a token on a thread that may.
package func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
}
