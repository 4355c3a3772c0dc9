/// Names and labels in the form that Prometheus takes.
enum MetricName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; any other character becomes `_`.
    static func sanitised(_ label: String) -> String {
        let name = String(label.unicodeScalars.map { isNameCharacter($0) ? Character($0) : "_" })
        guard let first = name.unicodeScalars.first else { return "_" }
        return ("0"..."9").contains(first) ? "_" + name : name
    }

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_"
            || scalar == ":"
    }

    static func withSuffix(_ name: String, _ suffix: String) -> String {
        name.hasSuffix(suffix) ? name : name + suffix
    }

    /// `{a="b",…}`, keys sorted; empty for none. Backslash, quote and newline are escaped.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { key, value in
            "\(withoutColons(sanitised(key)))=\"\(escaped(value))\""
        }
        return "{" + pairs.sorted().joined(separator: ",") + "}"
    }

    /// Names of metrics may hold colons, those of labels may not.
    private static func withoutColons(_ name: String) -> String {
        name.utf8.contains(0x3A) ? name.replacing(":", with: "_") : name
    }

    private static func escaped(_ value: String) -> String {
        // Nearly every value has nothing to escape, and there are several on every request.
        let plain = value.utf8.allSatisfy { $0 != 0x5C && $0 != 0x22 && $0 != 0x0A }
        guard !plain || value.utf8.count > 128 else { return value }
        return value.prefix(128).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n", with: "\\n"
        )
        .description
    }

    /// `labels` with one more pair, for a histogram's bucket.
    static func adding(_ pair: String, to labels: String) -> String {
        labels.isEmpty ? "{\(pair)}" : labels.dropLast() + ",\(pair)}"
    }

    /// A sample's value: whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
