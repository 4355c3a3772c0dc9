extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// `octets`, cut or filled up with zeros to `count`.
    mutating func append(padded octets: [UInt8], to count: Int) {
        append(contentsOf: octets.prefix(Swift.max(0, count)))
        append(contentsOf: repeatElement(0, count: Swift.max(0, count - octets.count)))
    }
}

/// Reads little-endian numbers from front to back; zeros behind the end.
struct LittleEndianReader {
    private var rest: ArraySlice<UInt8>

    init(_ octets: ArraySlice<UInt8>) { rest = octets }

    mutating func octets(_ count: Int) -> [UInt8] {
        let taken = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken + [UInt8](repeating: 0, count: count - taken.count)
    }

    mutating func word8() -> UInt8 { octets(1).first ?? 0 }

    mutating func word32() -> UInt32 { octets(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }

    mutating func word64() -> UInt64 { octets(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    /// A number of things.
    mutating func count(atMost limit: Int = ImageHeader.largestCount) throws(ImageError) -> Int {
        let value = word64()
        guard value <= limit else { throw .malformedHeader }
        return Int(value)
    }
}
