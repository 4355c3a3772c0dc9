internal import Foundation
internal import Synchronization

/// Where log lines go, one whole line at a time.
package final class LogSink: Sendable {
    private let lock = Mutex(())
    private let output: @Sendable (String) -> Void

    /// - Parameter output: takes a line with its newline; called one at a time.
    package init(output: @escaping @Sendable (String) -> Void) { self.output = output }

    /// Standard output, unbuffered. A reader that has gone away stops the log, not the server.
    package static let standardOutput = LogSink { line in
        try? FileHandle.standardOutput.write(contentsOf: Data(line.utf8))
    }

    /// Standard error, for commands whose results go to standard output.
    package static let standardError = LogSink { line in
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    func write(_ line: String) { lock.withLock { _ in output(line) } }

    /// RFC 3339 with milliseconds, UTC.
    func timestamp() -> String {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return Date().formatted(style)
    }
}
