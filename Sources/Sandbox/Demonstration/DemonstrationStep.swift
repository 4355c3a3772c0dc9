internal import Foundation

/// One step of the demonstration, as it is shown and as `--json` prints it.
package struct DemonstrationStep: Sendable {
    package let name: String
    package let title: String
    package let outcome: Outcome
    /// What was seen: codes, methods and ages, no attribute of a person.
    package let facts: [(name: String, value: String)]
    package let milliseconds: Int64

    package enum Outcome: Sendable {
        case held
        case failed(expected: String)
        /// Not done, because something is not installed.
        case leftOut(why: String)
    }

    package var isHeld: Bool { if case .held = outcome { true } else { false } }
    package var isFailed: Bool { if case .failed = outcome { true } else { false } }

    /// One JSON object: `step`, `ok`, `title`, `milliseconds`, `facts`, `expected` where it failed, and `left_out` where
    /// it was not done; then `ok` is false too.
    package var json: String {
        var object: [String: Any] = [
            "step": name, "ok": isHeld, "title": title, "milliseconds": milliseconds,
            "facts": Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first },
        ]
        switch outcome {
        case .held: break
        case .failed(let expected): object["expected"] = expected
        case .leftOut(let why): object["left_out"] = why
        }
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// One line for a terminal.
    package var line: String {
        let seen = facts.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        return switch outcome {
        case .held: "ok   \(title)\n       \(seen)"
        case .failed(let expected): "FAIL \(title)\n       \(seen)\n       expected: \(expected)"
        case .leftOut(let why): "--   \(title)\n       left out: \(why)"
        }
    }
}
