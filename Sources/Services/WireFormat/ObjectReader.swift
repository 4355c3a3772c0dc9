internal import PKIX

/// One object of a body. Fields are asked for by name and checked; a field that was
/// never asked for is unknown. Faults are gathered, so that one answer names them all.
final class ObjectReader {
    private let members: [String: JSONValue]
    private let pointer: String
    private let faults: FaultList
    private var asked: Set<String> = []

    final class FaultList {
        fileprivate(set) var faults: [RequestFault] = []
    }

    private init(_ members: [String: JSONValue], pointer: String, faults: FaultList) {
        (self.members, self.pointer, self.faults) = (members, pointer, faults)
    }

    /// Reads a whole body with `build`, which asks for the fields.
    static func read<Body>(
        _ octets: [UInt8],
        _ build: (ObjectReader) -> Body?
    ) throws(RequestRefusal) -> Body {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(octets)
        } catch {
            let detail = "the body must be one JSON object in UTF-8 with unique names (\(error.rawValue))"
            throw RequestRefusal(faults: [RequestFault(pointer: "", code: .malformedJSON, detail: detail)])
        }
        guard case .object(let members) = value else {
            throw RequestRefusal(
                faults: [RequestFault(pointer: "", code: .wrongType, detail: "the body must be a JSON object")])
        }
        let reader = ObjectReader(members, pointer: "", faults: FaultList())
        let body = build(reader)
        reader.finish()
        guard reader.faults.faults.isEmpty, let body else { throw RequestRefusal(faults: reader.faults.faults) }
        return body
    }

    func note(_ code: RequestFault.Code, _ detail: String, at field: String) {
        let escaped = field.replacing("~", with: "~0").replacing("/", with: "~1")
        faults.faults.append(RequestFault(pointer: "\(pointer)/\(escaped)", code: code, detail: detail))
    }

    /// The field; nil when it is absent or null.
    private func optional(_ field: String) -> JSONValue? {
        asked.insert(field)
        guard let value = members[field], value != .null else { return nil }
        return value
    }

    func has(_ field: String) -> Bool { optional(field) != nil }

    private func required(_ field: String) -> JSONValue? {
        let value = optional(field)
        if value == nil { note(.missing, "is required", at: field) }
        return value
    }

    /// Notes unknown fields. Their names come from the caller, so only as many as fit are repeated.
    private func finish() {
        for name in members.keys.sorted().prefix(100) where !asked.contains(name) {
            note(.unknownField, "is not a field of this request", at: String(name.prefix(40)))
        }
    }
}

// MARK: Fields

extension ObjectReader {
    func text(_ field: String, upTo limit: Int = 64) -> String? {
        required(field).flatMap { check(text: $0, field, limit) }
    }

    func optionalText(_ field: String, upTo limit: Int = 64) -> String? {
        optional(field).flatMap { check(text: $0, field, limit) }
    }

    private func check(text value: JSONValue, _ field: String, _ limit: Int) -> String? {
        guard case .string(let text) = value else {
            note(.wrongType, "must be a string", at: field)
            return nil
        }
        guard !text.isEmpty, text.utf8.count <= limit else {
            note(.tooLong, "must have 1 to \(limit) octets", at: field)
            return nil
        }
        return text
    }

    /// Standard base64 of up to `limit` octets.
    func octets(_ field: String, upTo limit: Int) -> [UInt8]? {
        required(field).flatMap { check(octets: $0, field, limit) }
    }

    func optionalOctets(_ field: String, upTo limit: Int) -> [UInt8]? {
        optional(field).flatMap { check(octets: $0, field, limit) }
    }

    private func check(octets value: JSONValue, _ field: String, _ limit: Int) -> [UInt8]? {
        guard case .string(let text) = value else {
            note(.wrongType, "must be a string of base64", at: field)
            return nil
        }
        guard text.utf8.count <= limit * 2 + 16, let octets = decodeBase64(text) else {
            let isLong = text.utf8.count > limit * 2 + 16
            note(
                isLong ? .tooLong : .malformedBase64, "must be base64 (RFC 4648 §4) of up to \(limit) octets", at: field
            )
            return nil
        }
        guard !octets.isEmpty, octets.count <= limit else {
            note(octets.isEmpty ? .outOfRange : .tooLong, "must hold 1 to \(limit) octets", at: field)
            return nil
        }
        return octets
    }

    func optionalInteger(_ field: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = optional(field) else { return nil }
        guard case .number(let text) = value, let number = Int(text) else {
            note(.wrongType, "must be a whole number", at: field)
            return nil
        }
        guard range.contains(number) else {
            note(.outOfRange, "must be \(range.lowerBound) to \(range.upperBound)", at: field)
            return nil
        }
        return number
    }

    func optionalBoolean(_ field: String) -> Bool? {
        guard let value = optional(field) else { return nil }
        guard case .boolean(let truth) = value else {
            note(.wrongType, "must be true or false", at: field)
            return nil
        }
        return truth
    }

    func optionalTime(_ field: String) -> ValidationTime? {
        guard let value = optional(field) else { return nil }
        guard case .string(let text) = value, let time = ValidationTime(rfc3339: text) else {
            note(.malformedTime, "must be an RFC 3339 time with offset", at: field)
            return nil
        }
        return time
    }

    func optionalChoice<Value: RawRepresentable & CaseIterable>(
        _ field: String,
        of type: Value.Type
    ) -> Value? where Value.RawValue == String {
        guard let text = optionalText(field) else { return nil }
        guard let value = Value(rawValue: text) else {
            note(.notAllowed, "must be one of \(type.allCases.map(\.rawValue).joined(separator: ", "))", at: field)
            return nil
        }
        return value
    }

    /// The strings of an array of at most `count`; none when the field is absent.
    func texts(_ field: String, upTo count: Int, each limit: Int = 64) -> [String] {
        guard let value = optional(field) else { return [] }
        guard case .array(let elements) = value, elements.count <= count else {
            note(.wrongType, "must be an array of at most \(count) strings", at: field)
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .string(let text) = element, !text.isEmpty, text.utf8.count <= limit else {
                faults.faults.append(
                    RequestFault(
                        pointer: "\(pointer)/\(field)/\(index)", code: .wrongType,
                        detail: "must be a string of 1 to \(limit) octets"))
                return nil
            }
            return text
        }
    }

    /// The members of an object whose names are the caller's, at most `count`; none when the field is absent.
    func freeMembers(_ field: String, upTo count: Int) -> [String: JSONValue] {
        guard let value = optional(field) else { return [:] }
        guard case .object(let inner) = value, inner.count <= count else {
            note(.wrongType, "must be an object of at most \(count) members", at: field)
            return [:]
        }
        return inner
    }

    /// Reads an object inside with `build`; nil when the field is absent.
    func optionalObject<Body>(_ field: String, _ build: (ObjectReader) -> Body?) -> Body? {
        guard let value = optional(field) else { return nil }
        guard case .object(let inner) = value else {
            note(.wrongType, "must be an object", at: field)
            return nil
        }
        let reader = ObjectReader(inner, pointer: "\(pointer)/\(field)", faults: faults)
        let body = build(reader)
        reader.finish()
        return body
    }

    /// Reads each object of an array of at most `count` with `build`; none when the field is absent.
    func objects<Body>(_ field: String, upTo count: Int, _ build: (ObjectReader) -> Body?) -> [Body] {
        guard let value = optional(field) else { return [] }
        guard case .array(let elements) = value, elements.count <= count else {
            note(.wrongType, "must be an array of at most \(count) objects", at: field)
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .object(let inner) = element else {
                let detail = "must be an object"
                faults.faults.append(
                    RequestFault(pointer: "\(pointer)/\(field)/\(index)", code: .wrongType, detail: detail))
                return nil
            }
            let reader = ObjectReader(inner, pointer: "\(pointer)/\(field)/\(index)", faults: faults)
            let body = build(reader)
            reader.finish()
            return body
        }
    }
}
