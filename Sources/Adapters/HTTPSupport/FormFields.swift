/// The fields of a form, `application/x-www-form-urlencoded` (WHATWG URL §5.1), read strictly.
package struct FormFields: Hashable, Sendable {
    package static let sizeLimit = 16_384
    package static let fieldLimit = 64

    private let fields: [String: String]

    /// Nil for a body that is too large, has too many fields, one field twice, a broken escape or what is no UTF-8.
    package init?(_ body: [UInt8]) {
        guard body.count <= FormFields.sizeLimit else { return nil }
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            guard fields.count < FormFields.fieldLimit else { return nil }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap(FormFields.decoded), !name.isEmpty,
                let value = parts.count == 2 ? FormFields.decoded(parts[1]) : "",
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        self.fields = fields
    }

    /// The field; empty when the form has none of this name.
    package subscript(name: String) -> String { fields[name] ?? "" }

    /// The field without what people leave at its ends.
    package func trimmed(_ name: String) -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        let start = self[name].drop(while: isSpace)
        return String(start.reversed().drop(while: isSpace).reversed())
    }

    private static func decoded(_ octets: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(octets.count)
        var rest = octets
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                decoded.append(high << 4 | low)
            default: decoded.append(octet)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x37
        case 0x61...0x66: octet - 0x57
        default: nil
        }
    }
}
