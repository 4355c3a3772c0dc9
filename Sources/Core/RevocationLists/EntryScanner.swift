import PKIX

/// Walks the octets of `revokedCertificates` without making a value of each element.
///
/// One million elements take tens of milliseconds: lengths, serials and times are checked in place on a
/// bounds-checked span, and only extensions of an unusual form are decoded.
enum EntryScanner {
    /// Where the parts of one element lie. Offsets into the list's DER.
    struct Location {
        let start: Int
        let end: Int
        let serialStart: Int
        let serialEnd: Int
        let time: DERHeader
        /// The `Extensions` SEQUENCE from its tag on; empty when there is none.
        let extensionsStart: Int
    }

    /// Reads the element at `offset` and moves past it.
    @inline(__always)
    static func next(_ bytes: Span<UInt8>, at offset: inout Int, limit: Int) throws(DERError) -> Location {
        let production = "revokedCertificates"
        let element = try DERHeader.decode(bytes, at: offset, limit: limit)
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: production) }
        let serial = try DERHeader.decode(bytes, at: element.contentStart, limit: element.end)
        guard serial.tag == .integer else { throw DERError(.unexpectedTag, in: "userCertificate") }
        try checkSerial(bytes, serial.contentStart, serial.end)
        let time = try DERHeader.decode(bytes, at: serial.end, limit: element.end)
        guard isTime(bytes, time) else { throw DERError(.invalidContents, in: "revocationDate") }
        if time.end < element.end {
            let extensions = try DERHeader.decode(bytes, at: time.end, limit: element.end)
            guard extensions.tag == .sequence else { throw DERError(.unexpectedTag, in: "crlEntryExtensions") }
            guard extensions.end == element.end else { throw DERError(.trailingData, in: production) }
        }
        let location = Location(
            start: offset, end: element.end, serialStart: serial.contentStart, serialEnd: serial.end, time: time,
            extensionsStart: time.end)
        offset = element.end
        return location
    }

    /// X.690 §8.3.2 and at most 20 significant octets (RFC 5280 §4.1.2.2).
    @inline(__always)
    private static func checkSerial(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) throws(DERError) {
        let count = end &- start
        guard count > 0 else { throw DERError(.invalidContents, in: "userCertificate") }
        let first = bytes[start]
        if count > 1 {
            let second = bytes[start &+ 1]
            guard !((first == 0 && second < 0x80) || (first == 0xFF && second >= 0x80)) else {
                throw DERError(.invalidContents, in: "userCertificate")
            }
        }
        guard count &- (first == 0 ? 1 : 0) <= DecodingLimit.serialNumberOctets else {
            throw DERError(.limitExceeded, in: "userCertificate")
        }
    }

    /// Whether the value is a time in RFC 5280's form; exact, the last day of each month included.
    @inline(__always)
    private static func isTime(_ bytes: Span<UInt8>, _ header: DERHeader) -> Bool {
        let count = header.end &- header.contentStart
        let yearDigits = header.tag == .utcTime ? 2 : 4
        guard header.tag == .utcTime || header.tag == .generalizedTime, count == yearDigits &+ 11,
            bytes[header.end &- 1] == UInt8(ascii: "Z")
        else { return false }
        var year = 0
        for index in 0..<yearDigits {
            let digit = Int(bytes[header.contentStart &+ index]) &- 0x30
            guard digit >= 0, digit <= 9 else { return false }
            year = year &* 10 &+ digit
        }
        let rest = header.contentStart &+ yearDigits
        let month = pair(bytes, rest)
        let day = pair(bytes, rest &+ 2)
        guard month >= 1, month <= 12, day >= 1, pair(bytes, rest &+ 4) <= 23, pair(bytes, rest &+ 6) <= 59,
            pair(bytes, rest &+ 8) <= 59
        else { return false }
        guard day > 28 else { return true }
        return day
            <= CivilTime.days(inMonth: month, of: yearDigits == 4 ? year : year >= 50 ? 1900 + year : 2000 + year)
    }

    /// Two decimal digits; 100 when they are none.
    @inline(__always)
    private static func pair(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
        let tens = Int(bytes[offset]) &- 0x30
        let ones = Int(bytes[offset &+ 1]) &- 0x30
        guard tens >= 0, tens <= 9, ones >= 0, ones <= 9 else { return 100 }
        return tens &* 10 &+ ones
    }

    /// The extensions of the element at `location`.
    ///
    /// A lone non-critical reasonCode, the form that nearly every entry has, is read without decoding.
    @inline(__always)
    static func extensions(
        _ bytes: Span<UInt8>, _ location: Location
    ) throws(DERError) -> EntryExtensions {
        let start = location.extensionsStart
        guard start < location.end else { return EntryExtensions() }
        if location.end &- start == loneReason.count &+ 1, matchesLoneReason(bytes, start) {
            var extensions = EntryExtensions()
            extensions.reason = RevocationReason(rawValue: bytes[location.end &- 1])
            return extensions
        }
        return try EntryExtensions(bytes.copy(start..<location.end)[...])
    }

    /// The octets of a lone reasonCode before its number.
    static let loneReason: InlineArray<13, UInt8> = [
        0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01,
    ]

    @inline(__always)
    private static func matchesLoneReason(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
        let pattern = loneReason
        for index in 0..<pattern.count where bytes[start &+ index] != pattern[index] { return false }
        return true
    }

    /// The revocationDate of the element at `location`.
    static func time(_ bytes: Span<UInt8>, _ location: Location) throws(DERError) -> ValidationTime {
        let encoding = bytes.copy(location.serialEnd..<location.time.end)
        var reader = DERReader(encoding)
        return try reader.next().time(in: "revocationDate")
    }

    /// The whole element at `location`, decoded.
    static func entry(_ bytes: Span<UInt8>, _ location: Location) throws(DERError) -> RevokedEntry {
        let element = bytes.copy(location.start..<location.end)
        var reader = try DERReader.single(.sequence, element[...], in: "revokedCertificates").reader
        let serial = try SerialNumber(reader.next(.integer, in: "userCertificate"), in: "userCertificate")
        let time = try reader.next().time(in: "revocationDate")
        let extensions = try EntryScanner.extensions(bytes, location)
        return RevokedEntry(
            serialNumber: serial, revokedAt: time, reason: extensions.reason,
            invalidityDate: extensions.invalidityDate, certificateIssuer: extensions.certificateIssuer)
    }
}
