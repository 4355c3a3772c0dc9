/// Writes one JSON object on one line, members in the order of the calls.
struct JSONWriter {
    private(set) var octets: [UInt8] = [UInt8(ascii: "{")]

    /// The finished object, without a line end.
    var line: [UInt8] { octets + [UInt8(ascii: "}")] }

    mutating func member(_ name: String, _ text: String?) {
        begin(name)
        if let text { append(text) } else { append(raw: "null") }
    }

    mutating func member(_ name: String, _ value: Bool) {
        begin(name)
        append(raw: value ? "true" : "false")
    }

    /// A member with a value that is JSON already.
    mutating func member(_ name: String, raw: some Sequence<UInt8>) {
        begin(name)
        octets.append(contentsOf: raw)
    }

    mutating func member(_ name: String, _ texts: [String]) {
        begin(name)
        list(texts) { $0.append($1) }
    }

    mutating func member(_ name: String, _ body: (inout JSONWriter) -> Void) {
        begin(name)
        object(body)
    }

    /// An array of objects.
    mutating func member<Item>(_ name: String, _ items: [Item], _ body: (inout JSONWriter, Item) -> Void) {
        begin(name)
        list(items) { writer, item in writer.object { body(&$0, item) } }
    }

    private mutating func list<Item>(_ items: [Item], _ body: (inout JSONWriter, Item) -> Void) {
        octets.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: ",")) }
            body(&self, item)
        }
        octets.append(UInt8(ascii: "]"))
    }

    private mutating func object(_ body: (inout JSONWriter) -> Void) {
        var inner = JSONWriter()
        body(&inner)
        octets.append(contentsOf: inner.line)
    }

    private mutating func begin(_ name: String) {
        if octets.last != UInt8(ascii: "{") { octets.append(UInt8(ascii: ",")) }
        append(name)
        octets.append(UInt8(ascii: ":"))
    }

    private mutating func append(raw text: StaticString) {
        octets.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        octets.append(UInt8(ascii: "\""))
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): octets += [UInt8(ascii: "\\"), octet]
            case 0..<0x20, 0x7F:
                octets += Array("\\u00".utf8) + [digits[Int(octet >> 4)], digits[Int(octet & 15)]]
            default: octets.append(octet)
            }
        }
        octets.append(UInt8(ascii: "\""))
    }
}
