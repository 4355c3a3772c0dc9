import Logging
import Observability
import Synchronization

/// Log lines as the program would write them.
final class CapturedLog: Sendable {
    private let lines = Mutex<[String]>([])

    func handler() -> JSONLogHandler {
        JSONLogHandler(
            label: "test", level: .trace, sink: LogSink { [self] line in lines.withLock { $0.append(line) } })
    }

    var all: [String] { lines.withLock { $0 } }
    var text: String { all.joined() }
}
