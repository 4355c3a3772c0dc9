/// RFC 8259, strictly: no duplicate names, no lone surrogates, no other value after the first, bounded depth.
struct JSONParser {
    /// Arrays and objects inside each other.
    static let depth = 16
    /// Elements and members of one line.
    static let values = 65_536
    /// Members of one object; no request has more than thirty.
    static let members = 1_024
    /// Octets of a member's name.
    static let name = 256

    private let octets: [UInt8]
    private var position = 0
    private var depth = 0
    private var values = 0

    private init(_ octets: [UInt8]) { self.octets = octets }

    /// Parses exactly one value.
    static func parse(_ octets: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(octets)
        let value = try parser.value()
        parser.skipSpace()
        guard parser.position == octets.count else { throw parser.error("more follows the value") }
        return value
    }

    private func error(_ detail: String) -> JSONError { JSONError(detail: "\(detail) at octet \(position)") }

    private var next: UInt8? { position < octets.count ? octets[position] : nil }

    private mutating func skipSpace() {
        while let octet = next, octet == 0x20 || octet == 0x09 || octet == 0x0A || octet == 0x0D { position += 1 }
    }

    private mutating func take(_ octet: UInt8) -> Bool {
        guard next == octet else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        values += 1
        guard values <= JSONParser.values else { throw JSONError(detail: "too many values", isLimit: true) }
        switch next {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        depth += 1
        guard depth <= JSONParser.depth else { throw JSONError(detail: "nested too deeply", isLimit: true) }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[offset]) else { throw error("no JSON value") }
        }
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("neither comma nor end of array") }
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = []
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("no member name") }
            guard members.count < JSONParser.members else { throw JSONError(detail: "too many members", isLimit: true) }
            let octets = try string()
            // Looking a name up may cost the square of its length (see ``MarkRuns``).
            guard octets.count <= JSONParser.name else {
                throw JSONError(detail: "a member name is too long", isLimit: true)
            }
            let name = String(decoding: octets, as: UTF8.self)
            guard names.insert(name).inserted else { throw error("a member name stands twice") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("no colon") }
            members.append((name, try value()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("neither comma nor end of object") }
        }
    }
}

// MARK: - Numbers and strings

extension JSONParser {
    private mutating func number() throws(JSONError) -> ArraySlice<UInt8> {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let whole = digits()
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { throw error("no JSON value") }
        if take(UInt8(ascii: ".")), digits().isEmpty { throw error("no digit after the point") }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            if digits().isEmpty { throw error("no digit in the exponent") }
        }
        guard position - start <= 64 else { throw JSONError(detail: "a number is too long", isLimit: true) }
        return octets[start..<position]
    }

    private mutating func digits() -> ArraySlice<UInt8> {
        let start = position
        while let octet = next, (0x30...0x39).contains(octet) { position += 1 }
        return octets[start..<position]
    }

    /// The octets of a string; those of the line itself when nothing in it is escaped.
    private mutating func string() throws(JSONError) -> ArraySlice<UInt8> {
        position += 1
        let start = position
        var isASCII = true
        while position < octets.count {
            let octet = octets[position]
            if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") || octet < 0x20 { break }
            isASCII = isASCII && octet < 0x80
            position += 1
        }
        var text = octets[start..<position]
        if next == UInt8(ascii: "\\") {
            text = try escapedTail(of: text)
            isASCII = false
        }
        guard take(UInt8(ascii: "\"")) else { throw error("a string does not end") }
        guard isASCII || String(validating: text, as: UTF8.self) != nil else { throw error("a string is not UTF-8") }
        return text
    }

    private mutating func escapedTail(of head: ArraySlice<UInt8>) throws(JSONError) -> ArraySlice<UInt8> {
        var text = Array(head)
        while let octet = next, octet != UInt8(ascii: "\""), octet >= 0x20 {
            position += 1
            guard octet == UInt8(ascii: "\\") else {
                text.append(octet)
                continue
            }
            guard let mark = next else { throw error("a string does not end") }
            position += 1
            switch mark {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(mark)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                text.append(contentsOf: UTF8.encode(try scalar()) ?? UTF8.encodedReplacementCharacter)
            default: throw error("unknown escape")
            }
        }
        return text[...]
    }

    /// The scalar of `\uXXXX`, or of a surrogate pair.
    private mutating func scalar() throws(JSONError) -> UnicodeScalar {
        let first = try codeUnit()
        if let scalar = UnicodeScalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw error("a lone surrogate")
        }
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("a lone surrogate") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let octet = next, let digit = Character(UnicodeScalar(octet)).hexDigitValue else {
                throw error("no four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
