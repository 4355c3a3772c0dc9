import Foundation
import HTTPSupport
import Logging
import Observability
import SignatureAlgorithms

/// What this program is: stands in answers, on status pages and on the audit trail.
enum BuildIdentity {
    static let version = "0.1.0"

    /// Name, version and the first 16 digits of the SHA-256 of the program's octets: two programs with the same
    /// version that were built from different sources or by different tools are told apart.
    static let build = "akashi/\(version)+\(programDigest ?? "unknown")"

    private static var programDigest: String? {
        // The file that runs, also when another was put in its place meanwhile.
        guard let file = FileHandle(forReadingAtPath: "/proc/self/exe") else { return nil }
        var digest = RunningDigest(.sha256)
        do {
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { digest.update([UInt8](piece).span) }
        } catch {
            return nil
        }
        return digest.value.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// Diagnostics on stderr, one line, with the program's name.
func complain(_ message: String) {
    FileHandle.standardError.write(Data("akashi: \(message)\n".utf8))
}

/// What starts a server or runs it; one that cannot listen where it was told to is said in a line.
///
/// - Parameter setting: what sets the port.
func listening<Value>(setting: String, _ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let refusal as ListeningRefusal {
        complain(refusal.sentence(setting: setting))
        throw ExitStatus.failure
    }
}

/// One line on stdout, at once: results and what a script waits for.
func show(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

/// Structured logs as JSON lines.
func makeLogger(_ label: String, level: Logger.Level = .info, sink: LogSink) -> Logger {
    Logger(label: label) { JSONLogHandler(label: $0, level: level, sink: sink) }
}
