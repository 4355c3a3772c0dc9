package import Logging
internal import Synchronization

/// The reasons that log lines of failures name, as an operator would read them.
package final class ReasonLog: Sendable {
    private let reasons = Mutex<[String]>([])

    package init() {}

    package var all: [String] { reasons.withLock { $0 } }

    package var logger: Logger { Logger(label: "probe") { _ in Handler(log: self) } }

    private func note(_ reason: String) { reasons.withLock { $0.append(reason) } }

    private struct Handler: LogHandler {
        let log: ReasonLog
        var logLevel = Logger.Level.warning
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if let reason = event.metadata?["reason"] { log.note("\(reason)") }
        }
    }
}
