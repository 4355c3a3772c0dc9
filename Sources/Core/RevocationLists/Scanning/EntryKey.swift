import PKIX

/// A serial's value as a number of up to 160 bits: how rows are compared and looked up. Never cut short.
struct EntryKey: Hashable, Comparable {
    /// Bits 128 to 159.
    var top: UInt32 = 0
    /// Bits 64 to 127.
    var high: UInt64 = 0
    /// Bits 0 to 63.
    var low: UInt64 = 0

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool {
        if left.top != right.top { return left.top < right.top }
        if left.high != right.high { return left.high < right.high }
        return left.low < right.low
    }

    /// Whether a serial with these contents is negative.
    static func isNegative(_ contents: some Collection<UInt8>) -> Bool { (contents.first ?? 0) >= 0x80 }

    /// Of the contents of an INTEGER of at most 20 octets, or 21 with a leading zero: the low 160 bits of the two's
    /// complement, so that no two values of one sign are alike.
    init(contents: some Collection<UInt8>) {
        let fill: UInt64 = EntryKey.isNegative(contents) ? .max : 0
        (top, high, low) = (UInt32(truncatingIfNeeded: fill), fill, fill)
        for octet in contents {
            top = top << 8 | UInt32(truncatingIfNeeded: high >> 56)
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(octet)
        }
    }

    /// The same, for the octets of a serial in question.
    init(_ contents: ArraySlice<UInt8>) {
        let value: EntryKey? = contents.withUnsafeBufferPointer { octets in
            guard let first = octets.first, first < 0x80, octets.count <= (first == 0 ? 9 : 8) else { return nil }
            var low: UInt64 = 0
            for octet in octets { low = low << 8 | UInt64(octet) }
            return EntryKey(low: low)
        }
        self = value ?? EntryKey(contents: contents)
    }

    @inline(__always)
    init(top: UInt32 = 0, high: UInt64 = 0, low: UInt64) { (self.top, self.high, self.low) = (top, high, low) }

    /// The contents of the INTEGER: the inverse of ``init(contents:)``.
    func contents(isNegative: Bool) -> [UInt8] {
        var octets: [UInt8] = [isNegative ? 0xFF : 0]
        for shift in stride(from: 24, through: 0, by: -8) { octets.append(UInt8(truncatingIfNeeded: top >> shift)) }
        for word in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                octets.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        var rest = octets[...]
        while rest.count > 1, let first = rest.first, let second = rest.dropFirst().first,
            (first == 0 && second < 0x80) || (first == 0xFF && second >= 0x80)
        {
            rest = rest.dropFirst()
        }
        return Array(rest)
    }
}

/// What nearly every entry says, in 5 octets: a date of 1970 to 2106 and a reason.
struct EntryPayload: Hashable {
    /// `reason` when there is none, or one that RFC 5280 does not define.
    static let noReason: UInt8 = 0xFF

    /// Seconds since 1970.
    var date: UInt32
    /// The ENUMERATED's number, or ``noReason``.
    var reason: UInt8

    /// Whether this counts and `other`, about the same certificate, does not: ``RevokedEntry/combined(with:)``.
    @inline(__always)
    func outweighs(_ other: EntryPayload) -> Bool {
        let (mine, theirs) = (EntryPayload.severity(reason), EntryPayload.severity(other.reason))
        if mine != theirs { return mine > theirs }
        if date != other.date { return date < other.date }
        return reason < other.reason
    }

    /// A revocation before a hold, a hold before a removal.
    static func severity(_ reason: UInt8) -> Int {
        switch reason {
        case RevocationReason.removeFromCRL.rawValue: 0
        case RevocationReason.certificateHold.rawValue: 1
        default: 2
        }
    }
}

/// An entry that says more than an ``EntryPayload`` holds, is about another issuer's certificate, or has a
/// negative serial: kept whole, beside the rows.
struct EntryDetail: Hashable {
    /// Which of the list's issuers: 0 is its own.
    var issuer: UInt32
    var isNegative: Bool
    var key: EntryKey
    /// Seconds since 1970.
    var date: Int64
    var reason: UInt8
    var invalidityDate: Int64?
    /// Whether the entry itself has certificateIssuer, and does not only follow one that has.
    var namesIssuer: Bool

    /// The order in an image.
    func precedes(_ other: EntryDetail) -> Bool {
        if issuer != other.issuer { return issuer < other.issuer }
        if isNegative != other.isNegative { return other.isNegative }
        return key < other.key
    }

    func isAboutTheSame(as other: EntryDetail) -> Bool {
        issuer == other.issuer && isNegative == other.isNegative && key == other.key
    }
}
