import Foundation
import Synchronization
import Testing

/// One thing that must not be believed, and the exact answer to it.
struct NegativeCase: Sendable, CustomTestStringConvertible {
    /// Whose answer may be `valid`: nobody's but for cases in which another source rightly answers.
    enum Belief: Sendable {
        case refused
        case answeredByAnotherSource
    }

    let name: String
    let expected: String
    let belief: Belief
    let ask: @Sendable (Town) async throws -> String

    var testDescription: String { name }

    init(
        _ name: String,
        _ expected: String,
        belief: Belief = .refused,
        ask: @escaping @Sendable (Town) async throws -> Reply
    ) {
        (self.name, self.expected, self.belief) = (name, expected, belief)
        self.ask = { String(describing: try await ask($0)) }
    }

    /// A case that ends before there is any HTTP.
    init(connecting name: String, _ expected: String, ask: @escaping @Sendable (Town) async throws -> String) {
        (self.name, self.expected, belief, self.ask) = (name, expected, .refused, ask)
    }

    static var all: [NegativeCase] { certificates + requests + clients + lists + responders }
}

/// The answers that were seen, for the closing note: written where AKASHI_NEGATIVE_TABLE says, as Markdown.
final class NegativeTable: Sendable {
    private let rows = Mutex<[String: String]>([:])

    func add(_ name: String, _ answer: String) { rows.withLock { $0[name] = answer } }

    func write() throws {
        let seen = rows.withLock { $0 }
        guard let path = ProcessInfo.processInfo.environment["AKASHI_NEGATIVE_TABLE"], !seen.isEmpty else { return }
        var text = """
            # What Akashi answers to what must not be believed

            Written by `Tests/FlowTests` (`AKASHI_NEGATIVE_TABLE=FILE make test`), which asserts every line: the built
            `akashi serve` as a process, asked over TLS with client certificates, against the sandbox.
            An answer is `result; sub-indication; checks that failed; certificate status`, or a problem's status and code.

            | case | answer |
            |---|---|

            """
        for name in NegativeCase.all.map(\.name) {
            if let answer = seen[name] { text += "| \(name) | \(answer) |\n" }
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
