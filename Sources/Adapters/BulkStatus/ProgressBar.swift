internal import Glibc

/// One line on a terminal that shows how far long work is. Into a pipe or a file it writes nothing.
package struct ProgressBar {
    private static let width = 24

    private let descriptor: Int32
    private let isShown: Bool
    private var last = ""

    /// - Parameter descriptor: diagnostics, never the results.
    package init(descriptor: Int32 = 2) {
        self.descriptor = descriptor
        isShown = isatty(descriptor) == 1
    }

    /// - Parameters:
    ///   - word: what is under way.
    ///   - total: nil when nobody knows it.
    ///   - remainingSeconds: nil when nobody knows them.
    package mutating func show(_ word: String, _ done: Int, of total: Int?, remainingSeconds: Int? = nil) {
        guard isShown else { return }
        let line = ProgressBar.line(word, done, of: total, remainingSeconds: remainingSeconds)
        guard line != last else { return }
        last = line
        _ = writeWhole(Array("\r\u{1B}[K\(line)".utf8), to: descriptor)
    }

    /// Takes the line away.
    package mutating func clear() {
        guard isShown, !last.isEmpty else { return }
        last = ""
        _ = writeWhole(Array("\r\u{1B}[K".utf8), to: descriptor)
    }

    static func line(_ word: String, _ done: Int, of total: Int?, remainingSeconds: Int?) -> String {
        guard let total, total > 0 else { return "\(word)  \(done)" }
        let share = min(max(Double(done) / Double(total), 0), 1)
        let filled = Int(share * Double(width))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let rest = remainingSeconds.map { "  \($0) s" } ?? ""
        return "\(word)  [\(bar)] \(Int(share * 100)) %  \(done) / \(total)\(rest)"
    }
}
