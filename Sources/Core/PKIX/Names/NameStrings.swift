/// Reads a `DirectoryString`, IA5String or VisibleString; nil for an invalid or unknown string type.
package func decodeString(tag: DERTag, _ octets: ArraySlice<UInt8>) -> String? {
    switch tag {
    case .utf8String:
        return String(validating: octets, as: UTF8.self)
    case .printableString, .ia5String, .visibleString:
        guard octets.allSatisfy({ $0 < 0x80 }) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    case .teletexString:
        // Read as ISO 8859-1, which is what CAs put there.
        return String(String.UnicodeScalarView(octets.map { UnicodeScalar($0) }))
    case .bmpString:
        guard octets.count % 2 == 0 else { return nil }
        return String(validating: codeUnits(octets, width: 2).map { UInt16($0) }, as: UTF16.self)
    case .universalString:
        guard octets.count % 4 == 0 else { return nil }
        return String(validating: codeUnits(octets, width: 4), as: UTF32.self)
    default:
        return nil
    }
}

private func codeUnits(_ octets: ArraySlice<UInt8>, width: Int) -> [UInt32] {
    var units: [UInt32] = []
    units.reserveCapacity(octets.count / width)
    var value: UInt32 = 0
    for (index, octet) in octets.enumerated() {
        value = value << 8 | UInt32(octet)
        if index % width == width - 1 {
            units.append(value)
            value = 0
        }
    }
    return units
}
