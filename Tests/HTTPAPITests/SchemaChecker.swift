import WireFormat

/// As much of JSON Schema 2020-12 as the OpenAPI document uses: type, enum, properties, required,
/// additionalProperties, items, oneOf, $ref, pattern (of its few forms), minLength, maxLength, minimum, maximum.
/// A keyword that it does not know is a fault, so that no rule is passed over in silence.
struct SchemaChecker {
    let schemas: [String: JSONValue]

    private static let known: Set<String> = [
        "type", "enum", "properties", "required", "additionalProperties", "items", "oneOf", "$ref", "pattern",
        "minLength", "maxLength", "minimum", "maximum", "maxItems", "description", "format", "contentEncoding",
        "contentMediaType", "default",
    ]

    /// The faults of `value`, each with its pointer; none when it fits.
    func faults(_ value: JSONValue, against schema: JSONValue, at pointer: String = "") -> [String] {
        guard case .object(let rules) = schema else { return ["\(pointer): no schema"] }
        if case .string(let reference)? = rules["$ref"] {
            let name = String(reference.split(separator: "/").last ?? "")
            return schemas[name].map { faults(value, against: $0, at: pointer) } ?? ["\(pointer): unknown \(reference)"]
        }
        var found = Set(rules.keys).subtracting(SchemaChecker.known).map { "\(pointer): keyword \($0)" }
        if case .array(let choices)? = rules["oneOf"] {
            let results = choices.map { faults(value, against: $0, at: pointer) }
            if results.filter(\.isEmpty).count != 1 { found.append("\(pointer): oneOf \(results)") }
        }
        if let type = rules["type"], !fits(value, type) { found.append("\(pointer): type") }
        if case .array(let values)? = rules["enum"], !values.contains(value) { found.append("\(pointer): enum") }
        switch value {
        case .object(let members): found += objectFaults(members, rules, pointer)
        case .array(let elements):
            guard let items = rules["items"] else { break }
            for (index, element) in elements.enumerated() {
                found += faults(element, against: items, at: "\(pointer)/\(index)")
            }
        case .string(let text): found += textFaults(text, rules, pointer)
        default: break
        }
        return found
    }

    private func objectFaults(_ members: [String: JSONValue], _ rules: [String: JSONValue], _ pointer: String)
        -> [String]
    {
        guard case .object(let properties)? = rules["properties"] else { return [] }
        var found: [String] = []
        if case .array(let required)? = rules["required"] {
            for case .string(let name) in required where members[name] == nil {
                found.append("\(pointer)/\(name): missing")
            }
        }
        for (name, member) in members {
            if let property = properties[name] {
                found += faults(member, against: property, at: "\(pointer)/\(name)")
            } else if rules["additionalProperties"] == .boolean(false) {
                found.append("\(pointer)/\(name): not described")
            }
        }
        return found
    }

    private func textFaults(_ text: String, _ rules: [String: JSONValue], _ pointer: String) -> [String] {
        guard case .string(let pattern)? = rules["pattern"] else { return [] }
        guard let expression = try? Regex(pattern) else { return ["\(pointer): bad pattern"] }
        return text.firstMatch(of: expression) == nil ? ["\(pointer): pattern \(pattern)"] : []
    }

    private func fits(_ value: JSONValue, _ type: JSONValue) -> Bool {
        if case .array(let types) = type { return types.contains { fits(value, $0) } }
        guard case .string(let name) = type else { return false }
        switch value {
        case .null: return name == "null"
        case .boolean: return name == "boolean"
        case .number(let text): return name == "number" || (name == "integer" && Int(text) != nil)
        case .string: return name == "string"
        case .array: return name == "array"
        case .object: return name == "object"
        }
    }
}

extension JSONValue {
    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    var members: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }

    var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}
