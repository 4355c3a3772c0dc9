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
    }

    package var isHeld: Bool { if case .held = outcome { true } else { false } }

    /// One JSON object: `step`, `ok`, `title`, `milliseconds`, `facts`, and `expected` where it failed.
    package var json: String {
        var object: [String: Any] = [
            "step": name, "ok": isHeld, "title": title, "milliseconds": milliseconds,
            "facts": Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first },
        ]
        if case .failed(let expected) = outcome { object["expected"] = expected }
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// One line for a terminal.
    package var line: String {
        let mark = isHeld ? "ok  " : "FAIL"
        let seen = facts.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        guard case .failed(let expected) = outcome else { return "\(mark) \(title)\n       \(seen)" }
        return "\(mark) \(title)\n       \(seen)\n       expected: \(expected)"
    }
}
