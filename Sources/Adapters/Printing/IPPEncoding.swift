extension IPPMessage {
    /// RFC 8010 §3.1.1.
    var encoded: [UInt8] {
        var octets = IPPMessage.version.octets + code.octets + UInt32(bitPattern: requestID).octets
        for group in groups {
            octets.append(group.kind.rawValue)
            for attribute in group.attributes { attribute.encode(into: &octets) }
        }
        // end-of-attributes
        octets.append(0x03)
        return octets
    }
}

extension IPPAttribute {
    /// The first value bears the name, the others a name of no length (§3.1.5).
    fileprivate func encode(into octets: inout [UInt8]) {
        for (index, value) in values.enumerated() { value.encode(as: index == 0 ? name : "", into: &octets) }
    }
}

extension IPPValue {
    private var tag: UInt8 {
        switch self {
        case .integer: 0x21
        case .boolean: 0x22
        case .enumeration: 0x23
        case .collection: 0x34
        case .name: 0x42
        case .keyword: 0x44
        case .uri: 0x45
        case .charset: 0x47
        case .language: 0x48
        case .mediaType: 0x49
        case .other(let tag): tag
        }
    }

    fileprivate func encode(as name: String, into octets: inout [UInt8]) {
        octets.append(tag)
        octets += UInt16(truncatingIfNeeded: name.utf8.count).octets + Array(name.utf8)
        let value: [UInt8] =
            switch self {
            case .integer(let number), .enumeration(let number): UInt32(bitPattern: number).octets
            case .boolean(let truth): [truth ? 1 : 0]
            case .keyword(let text), .name(let text), .uri(let text), .charset(let text), .language(let text),
                .mediaType(let text):
                Array(text.utf8)
            case .collection, .other: []
            }
        octets += UInt16(truncatingIfNeeded: value.count).octets + value
        guard case .collection(let members) = self else { return }
        // memberAttrName, its value, and endCollection (§3.1.6).
        for member in members {
            octets +=
                [0x4A, 0, 0] + UInt16(truncatingIfNeeded: member.name.utf8.count).octets + Array(member.name.utf8)
            for value in member.values { value.encode(as: "", into: &octets) }
        }
        octets += [0x37, 0, 0, 0, 0]
    }
}

extension FixedWidthInteger {
    /// Most significant first.
    fileprivate var octets: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> (8 * $0)) }
    }
}
