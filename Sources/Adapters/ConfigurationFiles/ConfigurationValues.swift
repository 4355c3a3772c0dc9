internal import Foundation
internal import Organizations
internal import PKIX
internal import Yams

/// Scalars with their checks.
extension ConfigurationSection {
    func text(_ key: String) -> String? { required(key).flatMap { check(text: $0, at: key) } }

    func optionalText(_ key: String) -> String? { node(key).flatMap { check(text: $0, at: key) } }

    private func check(text node: Node, at key: String) -> String? {
        guard let text = node.text, !text.isEmpty, text.count <= 2_000 else {
            note("must be text of 1 to 2000 characters", at: key)
            return nil
        }
        return text
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let node = node(key) else { return fallback }
        guard let value = node.int, range.contains(value) else {
            note("must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: key)
            return fallback
        }
        return value
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard let value = node.int, range.contains(value) else {
            note("must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: key)
            return nil
        }
        return value
    }

    func truth(_ key: String, default fallback: Bool) -> Bool {
        guard let node = node(key) else { return fallback }
        guard let value = node.bool else {
            note("must be true or false", at: key)
            return fallback
        }
        return value
    }

    /// One of an enumeration's raw values.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Value.Type,
        default fallback: Value? = nil
    ) -> Value? where Value.RawValue == String {
        guard let node = fallback == nil ? required(key) : node(key) else { return fallback }
        guard let value = node.text.flatMap(Value.init(rawValue:)) else {
            note("must be one of \(type.allCases.map(\.rawValue).joined(separator: ", "))", at: key)
            return nil
        }
        return value
    }

    /// A sequence of an enumeration's raw values, at least one.
    func choices<Value: RawRepresentable & CaseIterable & Hashable>(
        _ key: String,
        of type: Value.Type
    ) -> Set<Value> where Value.RawValue == String {
        let texts = strings(key)
        let values = texts.compactMap(Value.init(rawValue:))
        if values.count != texts.count || values.isEmpty || Set(values).count != values.count {
            note("must list one or more of \(type.allCases.map(\.rawValue).joined(separator: ", "))", at: key)
        }
        return Set(values)
    }

    /// 全国地方公共団体コード with its check digit.
    func municipalityCode(_ key: String) -> MunicipalityCode? {
        required(key).flatMap { check(code: $0, at: key) }
    }

    func optionalMunicipalityCode(_ key: String) -> MunicipalityCode? { node(key).flatMap { check(code: $0, at: key) } }

    private func check(code node: Node, at key: String) -> MunicipalityCode? {
        // A plain 011002 is an octal number to YAML: the text as written counts.
        guard let text = node.text, text.utf8.count == 6, let code = MunicipalityCode(text) else {
            note("must be a municipality code of six digits with a right check digit", at: key)
            return nil
        }
        return code
    }

    /// A day, `2026-04-01`: its first instant in Japan.
    func day(_ key: String) -> ValidationTime? {
        guard let node = node(key) else { return nil }
        guard let text = node.text, let time = ValidationTime(rfc3339: text + "T00:00:00+09:00") else {
            note("must be a day such as 2026-04-01", at: key)
            return nil
        }
        return time
    }

    /// An RFC 3339 time.
    func instant(_ key: String) -> ValidationTime? {
        guard let node = node(key) else { return nil }
        guard let text = node.text, let time = ValidationTime(rfc3339: text) else {
            note("must be an RFC 3339 time such as 2026-04-01T00:00:00+09:00", at: key)
            return nil
        }
        return time
    }

    /// An `http` or `https` URL with a host and without user information, query or fragment.
    func url(_ key: String) -> String? {
        guard let text = optionalText(key) else { return nil }
        guard let parts = URLComponents(string: text), parts.scheme == "http" || parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.fragment == nil
        else {
            note("must be an http or https URL with a host and without user information", at: key)
            return nil
        }
        return text
    }

    /// An absolute path; a relative one starts from the file's folder.
    func filePath(_ key: String) -> String? { text(key).map(absolute) }

    func optionalFilePath(_ key: String) -> String? { optionalText(key).map(absolute) }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : URL(fileURLWithPath: folder).appendingPathComponent(path).standardized.path
    }

    /// The octets of a file that must be there, at most 1 MiB.
    func contents(_ key: String) -> (path: String, octets: [UInt8])? {
        guard let path = filePath(key) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count <= 1_048_576 else {
            note("names a file that cannot be read or is larger than 1 MiB", at: key)
            return nil
        }
        return (path, [UInt8](data))
    }
}
