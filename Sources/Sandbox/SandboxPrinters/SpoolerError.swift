internal import Foundation

/// Why there are no printers.
package enum SpoolerError: Error, Hashable, Sendable {
    /// A program of CUPS is not installed.
    case absent(String)
    /// The folder cannot be written, or its name has a character that files of CUPS cannot hold.
    case folder(String)
    /// Another program listens there.
    case portTaken(Int)
    /// cupsd ended, or never answered; the last line of its log.
    case notStarted(String)
    /// cupsd ended by itself.
    case ended(String)

    /// One line for whoever typed the command.
    package var sentence: String {
        switch self {
        case .absent(let program):
            "\(program) is not installed: apt-get install cups-daemon cups-client (scripts/install-packages.sh does)"
        case .folder(let path): "the folder \(path) cannot be written, or has one of # \" \\ < > in its name"
        case .portTaken(let port): "port \(port) is taken: name another with --port, and in the counter's `printers`"
        case .notStarted(let line): "cupsd did not start: \(line)"
        case .ended(let line): "cupsd ended by itself: \(line)"
        }
    }
}

extension SpoolerFolder {
    /// The last line of cupsd's log.
    var lastComplaint: String {
        let text = FileManager.default.contents(atPath: errorLog).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: "\n").last.map(String.init) ?? "it wrote nothing to \(errorLog)"
    }
}
