import Foundation
import Logging
import Observability

/// What this program is: stands in answers and on status pages (promise 21).
enum BuildIdentity {
    static let version = "0.1.0"
}

/// Diagnostics on stderr, one line, with the program's name.
func complain(_ message: String) {
    FileHandle.standardError.write(Data("akashi: \(message)\n".utf8))
}

/// One line on stdout, at once: results and what a script waits for.
func show(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
}

/// Structured logs as JSON lines.
func makeLogger(_ label: String, level: Logger.Level = .info, sink: LogSink) -> Logger {
    Logger(label: label) { JSONLogHandler(label: $0, level: level, sink: sink) }
}
