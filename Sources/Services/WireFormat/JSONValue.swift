/// A JSON text (RFC 8259) as a tree. Numbers keep their text; names of an object are unique.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// As written, for example `-1.5e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

/// Why a text is not JSON that this program takes.
package enum JSONError: String, Error, Hashable, Sendable, CaseIterable {
    case malformed
    /// A name stands twice in one object: RFC 8259 §4 leaves its meaning open.
    case duplicateName = "duplicate_name"
    case tooDeep = "too_deep"
    /// More than ``JSONValue/mostMembers`` in one object.
    case tooManyMembers = "too_many_members"
    /// More than ``JSONValue/longestName`` in a name of an object.
    case nameTooLong = "name_too_long"
    case notUTF8 = "not_utf8"
}

extension JSONValue {
    /// Most arrays and objects inside one another.
    package static let deepest = 32
    /// Most members of one object.
    package static let mostMembers = 1_024
    /// Octets of the longest name of an object. No body has such names, and looking one up may cost the square of its
    /// length (see ``MarkRuns``).
    package static let longestName = 256

    /// Decodes exactly one text. Nothing is guessed: no comments, no trailing commas, no lone surrogates.
    package init(_ octets: [UInt8]) throws(JSONError) {
        guard String(validating: octets, as: UTF8.self) != nil else { throw .notUTF8 }
        var parser = JSONParser(octets: octets[...])
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.isAtEnd else { throw .malformed }
        self = value
    }
}

private struct JSONParser {
    var octets: ArraySlice<UInt8>

    var isAtEnd: Bool { octets.isEmpty }

    mutating func skipSpace() {
        octets = octets.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        switch octets.first {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = word.withUTF8Buffer { Array($0) }
        guard octets.starts(with: expected) else { throw .malformed }
        octets = octets.dropFirst(expected.count)
        return value
    }

    private mutating func take(_ octet: UInt8) -> Bool {
        skipSpace()
        guard octets.first == octet else { return false }
        octets = octets.dropFirst()
        return true
    }

    private mutating func object(depth: Int) throws(JSONError) -> [String: JSONValue] {
        guard depth <= JSONValue.deepest else { throw .tooDeep }
        octets = octets.dropFirst()
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            guard octets.first == UInt8(ascii: "\"") else { throw .malformed }
            guard members.count < JSONValue.mostMembers else { throw .tooManyMembers }
            let name = try string()
            guard name.utf8.count <= JSONValue.longestName else { throw .nameTooLong }
            guard take(UInt8(ascii: ":")) else { throw .malformed }
            guard members.updateValue(try value(depth: depth), forKey: name) == nil else { throw .duplicateName }
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw .malformed }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth <= JSONValue.deepest else { throw .tooDeep }
        octets = octets.dropFirst()
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value(depth: depth))
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw .malformed }
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`, at most 40 characters.
    private mutating func number() throws(JSONError) -> String {
        let start = octets
        if octets.first == UInt8(ascii: "-") { octets = octets.dropFirst() }
        if octets.first == UInt8(ascii: "0") { octets = octets.dropFirst() } else { try digits() }
        if octets.first == UInt8(ascii: ".") {
            octets = octets.dropFirst()
            try digits()
        }
        if octets.first == UInt8(ascii: "e") || octets.first == UInt8(ascii: "E") {
            octets = octets.dropFirst()
            if octets.first == UInt8(ascii: "+") || octets.first == UInt8(ascii: "-") { octets = octets.dropFirst() }
            try digits()
        }
        let text = start.prefix(start.count - octets.count)
        guard text.count <= 40 else { throw .malformed }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let rest = octets.drop { (0x30...0x39).contains($0) }
        guard rest.count < octets.count else { throw .malformed }
        octets = rest
    }

    private mutating func string() throws(JSONError) -> String {
        octets = octets.dropFirst()
        // Most strings, and all long ones, are base64 without escapes: those are taken whole.
        var text: [UInt8] = []
        while true {
            let plain = octets.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 }
            text += plain
            octets = octets.dropFirst(plain.count)
            guard let stop = octets.first, stop >= 0x20 else { throw .malformed }
            octets = octets.dropFirst()
            if stop == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            text += Array(String(try escape()).utf8)
        }
    }

    private mutating func escape() throws(JSONError) -> Character {
        guard let kind = octets.popFirst() else { throw .malformed }
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try unicode())
        default: throw .malformed
        }
    }

    private mutating func unicode() throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800...0xDBFF).contains(first), octets.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            throw .malformed
        }
        octets = octets.dropFirst(2)
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw .malformed }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        let digits = octets.prefix(4)
        octets = octets.dropFirst(4)
        guard digits.count == 4 else { throw .malformed }
        var value: UInt32 = 0
        for digit in digits {
            guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { throw .malformed }
            value = value << 4 | UInt32(nibble)
        }
        return value
    }
}
