/// Why octets are no IPP message.
enum IPPFault: Error, Hashable, Sendable {
    case truncated
    case tooManyGroups
    case tooManyAttributes
    /// An attribute's name that is longer than one can be, or no UTF-8.
    case malformedName
}

extension IPPMessage {
    /// Attributes of one message at most; some thousand jobs in one answer have fewer.
    private static let attributeLimit = 100_000
    /// Groups of one message at most: an answer has one for each job.
    private static let groupLimit = 20_000
    /// Octets of the longest name and keyword (RFC 8011 §5.1.3, §5.1.4), an attribute's name among them.
    static let longestWord = 255

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
                guard groups.count < IPPMessage.groupLimit else { throw .tooManyGroups }
                groups.append(IPPGroup(kind: IPPGroup.Kind(rawValue: tag) ?? .other, attributes: []))
                continue
            }
            count += 1
            guard count <= IPPMessage.attributeLimit else { throw .tooManyAttributes }
            let nameOctets = try reader.field()
            guard nameOctets.count <= IPPMessage.longestWord,
                let name = String(validating: nameOctets, as: UTF8.self)
            else { throw .malformedName }
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
    /// Octets of the longest URI (RFC 8011 §5.1.6).
    private static let longestURI = 1_023

    /// A value of another length than its type has, or a text that is no UTF-8, is ``other(tag:)``.
    init(tag: UInt8, _ octets: ArraySlice<UInt8>) {
        let number = Int32(truncatingIfNeeded: octets.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        func text(upTo longest: Int) -> String? {
            octets.count <= longest ? String(validating: octets, as: UTF8.self) : nil
        }
        let value: IPPValue? =
            switch tag {
            case 0x21 where octets.count == 4: .integer(number)
            case 0x22 where octets.count == 1: .boolean(octets.first == 1)
            case 0x23 where octets.count == 4: .enumeration(number)
            case 0x42: text(upTo: IPPMessage.longestWord).map { .name($0) }
            case 0x44: text(upTo: IPPMessage.longestWord).map { .keyword($0) }
            case 0x45: text(upTo: IPPValue.longestURI).map { .uri($0) }
            default: nil
            }
        self = value ?? .other(tag: tag)
    }
}
