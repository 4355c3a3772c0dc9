/// Why octets are no IPP message.
enum IPPFault: Error, Hashable, Sendable {
    case truncated
    case tooManyAttributes
}

extension IPPMessage {
    /// Attributes of one message at most; some thousand jobs in one answer have fewer.
    private static let attributeLimit = 100_000

    /// Reads an answer. The members of collections stand behind each other as values of the outer attribute: none of
    /// those that are looked at here is in a collection.
    init(decoding octets: [UInt8]) throws(IPPFault) {
        var reader = Reader(octets: octets)
        _ = try reader.number(2)
        code = UInt16(truncatingIfNeeded: try reader.number(2))
        requestID = Int32(truncatingIfNeeded: try reader.number(4))
        groups = []
        var count = 0
        while true {
            let tag = UInt8(truncatingIfNeeded: try reader.number(1))
            if tag == 0x03 { return }
            if tag < 0x10 {
                groups.append(IPPGroup(kind: IPPGroup.Kind(rawValue: tag) ?? .other, attributes: []))
                continue
            }
            count += 1
            guard count <= IPPMessage.attributeLimit else { throw .tooManyAttributes }
            let name = String(decoding: try reader.field(), as: UTF8.self)
            let value = IPPValue(tag: tag, try reader.field())
            guard !groups.isEmpty else { throw .truncated }
            let last = groups.count - 1
            if !name.isEmpty {
                groups[last].attributes.append(IPPAttribute(name, value))
            } else if !groups[last].attributes.isEmpty {
                groups[last].attributes[groups[last].attributes.count - 1].values.append(value)
            }
        }
    }

    private struct Reader {
        let octets: [UInt8]
        var position = 0

        mutating func take(_ count: Int) throws(IPPFault) -> ArraySlice<UInt8> {
            guard octets.count - position >= count else { throw .truncated }
            defer { position += count }
            return octets[position..<position + count]
        }

        mutating func number(_ count: Int) throws(IPPFault) -> UInt32 {
            try take(count).reduce(0) { $0 << 8 | UInt32($1) }
        }

        mutating func field() throws(IPPFault) -> ArraySlice<UInt8> { try take(Int(try number(2))) }
    }
}

extension IPPValue {
    init(tag: UInt8, _ octets: ArraySlice<UInt8>) {
        let number = Int32(truncatingIfNeeded: octets.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        var text: String { String(decoding: octets, as: UTF8.self) }
        switch tag {
        case 0x21 where octets.count == 4: self = .integer(number)
        case 0x22 where octets.count == 1: self = .boolean(octets.first == 1)
        case 0x23 where octets.count == 4: self = .enumeration(number)
        case 0x42: self = .name(text)
        case 0x44: self = .keyword(text)
        case 0x45: self = .uri(text)
        default: self = .other(tag: tag)
        }
    }
}
