/// Where one TLV lies: tag, first content octet, and the offset past its end.
@frozen
public struct DERHeader: Sendable {
    public let tag: DERTag
    public let contentStart: Int
    public let end: Int

    @inlinable
    init(tag: DERTag, contentStart: Int, end: Int) {
        self.tag = tag
        self.contentStart = contentStart
        self.end = end
    }

    /// Decodes the header at `offset`; the value must end at or before `limit`.
    ///
    /// This is the one place where lengths of untrusted input are computed. It
    /// refuses indefinite and non-minimal lengths and tag numbers above 30.
    @inlinable
    public static func decode(_ bytes: Span<UInt8>, at offset: Int, limit: Int) throws(DERError) -> DERHeader {
        guard offset >= 0, limit <= bytes.count, offset < limit, limit &- offset >= 2 else {
            throw DERError(.truncated, in: "TLV")
        }
        let tag = bytes[offset]
        guard tag & 0x1F != 0x1F else { throw DERError(.highTagNumber, in: "TLV") }
        let first = bytes[offset &+ 1]
        var start = offset &+ 2
        var length = Int(first)
        if first >= 0x80 {
            guard first != 0x80 else { throw DERError(.indefiniteLength, in: "TLV") }
            let octets = Int(first & 0x7F)
            // Four octets hold any length up to 4 GiB, more than any input here.
            guard octets <= 4 else { throw DERError(.limitExceeded, in: "TLV.length") }
            guard limit &- start >= octets else { throw DERError(.truncated, in: "TLV.length") }
            length = 0
            for index in 0..<octets { length = length << 8 | Int(bytes[start &+ index]) }
            guard length >= 0x80, bytes[start] != 0 else { throw DERError(.nonMinimalLength, in: "TLV") }
            start &+= octets
        }
        guard length <= limit &- start else { throw DERError(.truncated, in: "TLV") }
        return DERHeader(tag: DERTag(rawValue: tag), contentStart: start, end: start &+ length)
    }

    /// Decodes the header at `offset` of octets that are still arriving: nil until the whole header is there.
    ///
    /// The value must end at or before `limit`, which may lie beyond what has arrived.
    @inlinable
    public static func decode(arriving bytes: Span<UInt8>, at offset: Int, limit: Int) throws(DERError) -> DERHeader? {
        guard offset >= 0, offset < limit, limit &- offset >= 2 else { throw DERError(.truncated, in: "TLV") }
        guard offset < bytes.count, bytes.count &- offset >= 2 else { return nil }
        let first = bytes[offset &+ 1]
        let octets = first > 0x80 ? Int(first & 0x7F) : 0
        guard octets > 4 || bytes.count &- offset &- 2 >= octets else { return nil }
        guard bytes[offset] & 0x1F != 0x1F else { throw DERError(.highTagNumber, in: "TLV") }
        guard first != 0x80 else { throw DERError(.indefiniteLength, in: "TLV") }
        guard octets <= 4 else { throw DERError(.limitExceeded, in: "TLV.length") }
        guard limit &- offset &- 2 >= octets else { throw DERError(.truncated, in: "TLV.length") }
        let start = offset &+ 2 &+ octets
        var length = octets == 0 ? Int(first) : 0
        for index in 0..<octets { length = length << 8 | Int(bytes[offset &+ 2 &+ index]) }
        guard octets == 0 || (length >= 0x80 && bytes[offset &+ 2] != 0) else {
            throw DERError(.nonMinimalLength, in: "TLV")
        }
        guard length <= limit &- start else { throw DERError(.truncated, in: "TLV") }
        return DERHeader(tag: DERTag(rawValue: bytes[offset]), contentStart: start, end: start &+ length)
    }
}

extension Span where Element == UInt8 {
    /// A copy of the octets of `range`, cut to what there is.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        extracting(range.clamped(to: 0..<count)).withUnsafeBufferPointer { Array($0) }
    }
}
