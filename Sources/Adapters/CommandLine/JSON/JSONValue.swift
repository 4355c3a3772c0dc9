/// A JSON value of one request line. Strings stay octets of the line where
/// they can, because base64 of a list is large and is read only once.
enum JSONValue {
    case null
    case boolean(Bool)
    /// The number as written (RFC 8259 §6); nothing is lost to rounding.
    case number(ArraySlice<UInt8>)
    /// Valid UTF-8, escapes resolved.
    case string(ArraySlice<UInt8>)
    case array([JSONValue])
    /// Members in written order; no name stands twice.
    case object([(name: String, value: JSONValue)])
}

extension JSONValue {
    var text: String? {
        guard case .string(let octets) = self else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    /// An integer without fraction and exponent that fits.
    var integer: Int? {
        guard case .number(let octets) = self else { return nil }
        return Int(String(decoding: octets, as: UTF8.self))
    }
}

/// Why a line is no JSON that this program reads.
struct JSONError: Error {
    let detail: String
    var isLimit = false
}
