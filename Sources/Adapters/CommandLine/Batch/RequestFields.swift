import PKIX
import SignatureAlgorithms

/// The members of one request. Each is asked for by name; what nobody asked for is unknown.
struct RequestFields {
    private var members: [String: JSONValue]
    /// The id as it is written back.
    let identifier: [UInt8]

    init(_ members: [(name: String, value: JSONValue)]) throws(BatchError) {
        self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        identifier = try RequestFields.identifier(self.members.removeValue(forKey: "id"))
    }

    /// A text or an integer.
    static func identifier(_ value: JSONValue?) throws(BatchError) -> [UInt8] {
        guard let value else { throw BatchError(.missingField, "id") }
        if let text = value.text {
            guard text.utf8.count <= BatchLimit.identifier else { throw BatchError(.limitExceeded, "id") }
            return jsonText(text)
        }
        guard case .number(let octets) = value, value.integer != nil else { throw BatchError(.invalidField, "id") }
        return Array(octets)
    }

    private static func jsonText(_ text: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.member("", text)
        return Array(writer.octets.dropFirst(4))
    }

    /// Throws for members that were not taken: call it after the last one.
    func finish() throws(BatchError) {
        guard let name = members.keys.min() else { return }
        throw BatchError(.unknownField, String(name.prefix(64)))
    }

    // MARK: Kinds of values

    /// nil when left out or null.
    mutating func optional(_ name: String) -> JSONValue? {
        guard let value = members.removeValue(forKey: name) else { return nil }
        if case .null = value { return nil }
        return value
    }

    mutating func text(_ name: String) throws(BatchError) -> String? {
        guard let value = optional(name) else { return nil }
        guard let text = value.text else { throw BatchError(.invalidField, "\(name): not a string") }
        return text
    }

    mutating func required<Value>(_ name: String, _ value: Value?) throws(BatchError) -> Value {
        guard let value else { throw BatchError(.missingField, name) }
        return value
    }

    mutating func octets(_ name: String) throws(BatchError) -> [UInt8]? {
        guard let value = optional(name) else { return nil }
        return try RequestFields.decode(value, name)
    }

    mutating func octetsList(_ name: String) throws(BatchError) -> [[UInt8]]? {
        guard let value = optional(name) else { return nil }
        guard case .array(let elements) = value else { throw BatchError(.invalidField, "\(name): not an array") }
        guard elements.count <= BatchLimit.elements else { throw BatchError(.limitExceeded, name) }
        var list: [[UInt8]] = []
        for element in elements { list.append(try RequestFields.decode(element, name)) }
        return list
    }

    private static func decode(_ value: JSONValue, _ name: String) throws(BatchError) -> [UInt8] {
        guard case .string(let text) = value else { throw BatchError(.invalidField, "\(name): not a string") }
        guard let octets = base64Octets(text) else { throw BatchError(.invalidBase64, name) }
        return octets
    }

    mutating func flag(_ name: String) throws(BatchError) -> Bool {
        guard let value = optional(name) else { return false }
        guard case .boolean(let flag) = value else { throw BatchError(.invalidField, "\(name): not a boolean") }
        return flag
    }

    mutating func words(_ name: String) throws(BatchError) -> [String]? {
        guard let value = optional(name) else { return nil }
        guard case .array(let elements) = value else { throw BatchError(.invalidField, "\(name): not an array") }
        guard elements.count <= BatchLimit.words else { throw BatchError(.limitExceeded, name) }
        var words: [String] = []
        for element in elements {
            guard let word = element.text else { throw BatchError(.invalidField, "\(name): not a string") }
            words.append(word)
        }
        return words
    }

    /// One word of a closed vocabulary.
    mutating func choice<Choice: RawRepresentable>(
        _ name: String,
        _ fallback: Choice
    ) throws(BatchError) -> Choice where Choice.RawValue == String {
        guard let word = try text(name) else { return fallback }
        guard let choice = Choice(rawValue: word) else { throw BatchError(.invalidField, "\(name): unknown word") }
        return choice
    }

    mutating func seconds(_ name: String) throws(BatchError) -> Int64? {
        guard let value = optional(name) else { return nil }
        guard let number = value.integer, number >= 0, number <= 1_000_000_000_000 else {
            throw BatchError(.invalidField, "\(name): no number of seconds")
        }
        return Int64(number)
    }

    mutating func time(_ name: String) throws(BatchError) -> ValidationTime {
        let text = try required(name, text(name))
        guard let time = ValidationTime(rfc3339: text) else {
            throw BatchError(.invalidField, "\(name): no RFC 3339 date-time")
        }
        return time
    }

    mutating func oid(_ name: String) throws(BatchError) -> OID? {
        guard let text = try text(name) else { return nil }
        guard let oid = OID(text) else { throw BatchError(.invalidField, "\(name): no object identifier") }
        return oid
    }

    mutating func algorithms() throws(BatchError) -> AlgorithmSuite { try choice("algorithms", .current) }
}
