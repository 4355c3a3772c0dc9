import PKIX

/// What the entries of a list have between them.
struct EntrySurvey {
    var count = 0
    var hasExtensions = false
    var hasUnknownCritical = false
    var hasRemoval = false
    var hasCertificateIssuer = false
}

/// Reads entries one after the other into rows.
///
/// The form that nearly every entry has is taken apart with a handful of word loads, each checked against the
/// span's bounds; whatever deviates goes through ``EntryScanner`` and the decoder.
struct EntryReader: ~Copyable {
    private(set) var survey = EntrySurvey()
    private(set) var rows: EntryRows
    private var times = TimeReader()
    /// Whose certificates the entries are about: 0 is the list's issuer, then `rows.issuers` (RFC 5280 §5.3.3).
    private var issuer: UInt32 = 0
    private var positions: [DistinguishedName: UInt32] = [:]

    /// Issuers that certificateIssuer may name in one list.
    static let largestIssuerCount = 65_536

    init(keeping: EntryRows.Keeping) { rows = EntryRows(keeping: keeping) }

    /// Says whose list it is, before the first entry.
    mutating func begin(issuer: DistinguishedName) { positions[issuer] = 0 }

    /// Reads the entries that lie whole in `piece` before `end`, from `offset` on, and moves past them.
    ///
    /// - Parameter limit: where the last entry must end, as an offset into `piece`; at least `end`.
    mutating func read(_ piece: Span<UInt8>, _ offset: inout Int, end: Int, limit: Int) throws(DERError) {
        let words = piece.bytes
        while offset < end {
            if readUsual(words, &offset, end: end) { continue }
            guard let header = try DERHeader.decode(arriving: piece, at: offset, limit: limit) else { return }
            guard header.end - offset <= ListScanner.largestEntry else {
                throw DERError(.limitExceeded, in: "revokedCertificates")
            }
            guard header.end <= end else { return }
            try readAny(piece, &offset, limit: header.end)
        }
    }

    /// An entry of up to 127 octets with a non-negative serial, a UTCTime from 1970 on, and no extension or
    /// a lone reasonCode; false, with nothing done, for every other one.
    @inline(__always)
    private mutating func readUsual(_ words: RawSpan, _ offset: inout Int, end: Int) -> Bool {
        let start = offset
        // 4 octets of headers, serial 1 to 21, time 15, extensions 14; loads are 8 octets wide.
        guard issuer == 0, end &- start >= 64 else { return false }
        let head = words.word32(start)
        guard head & 0x00FF_80FF == 0x0002_0030 else { return false }
        let length = Int(head >> 24)
        let stop = start &+ 2 &+ Int(head >> 8 & 0x7F)
        let time = start &+ 4 &+ length
        let extra = stop &- time &- 15
        guard length >= 1, length <= 21, stop <= end, extra == 0 || extra == 14,
            let key = EntryReader.key(words, start &+ 4, length), words.word16(time) == 0x0D17,
            let date = times.seconds(words, time &+ 2)
        else { return false }
        var reason = EntryPayload.noReason
        if extra == 14 {
            guard words.word64(time &+ 15) == EntryReader.loneReason.first,
                words.word64(time &+ 20) == EntryReader.loneReason.last
            else { return false }
            reason = EntryReader.defined(words.octet(stop &- 1))
            survey.hasExtensions = true
            if reason == RevocationReason.removeFromCRL.rawValue { survey.hasRemoval = true }
        }
        survey.count &+= 1
        rows.append(key, EntryPayload(date: date, reason: reason))
        offset = stop
        return true
    }

    /// The 13 octets before the number of a lone reasonCode, as two words that overlap by three octets.
    private static let loneReason: (first: UInt64, last: UInt64) = (0x1D55_0306_0A30_0C30, 0x010A_0304_151D_5503)

    /// The number, when RFC 5280 §5.3.1 defines it.
    @inline(__always)
    private static func defined(_ number: UInt8) -> UInt8 {
        number <= 10 && number != 7 ? number : EntryPayload.noReason
    }

    /// The serial of `length` contents at `start`, when it is minimal and not negative.
    @inline(__always)
    private static func key(_ words: RawSpan, _ start: Int, _ length: Int) -> EntryKey? {
        let first = words.octet(start)
        guard first < 0x80 else { return nil }
        var (start, length) = (start, length)
        if first == 0, length > 1 {
            guard words.octet(start &+ 1) >= 0x80 else { return nil }
            (start, length) = (start &+ 1, length &- 1)
        }
        let leading = UInt64(bigEndian: words.word64(start))
        if length <= 8 { return EntryKey(low: leading >> UInt64(truncatingIfNeeded: 64 &- 8 &* length)) }
        let low = UInt64(bigEndian: words.word64(start &+ length &- 8))
        if length <= 16 {
            return EntryKey(high: leading >> UInt64(truncatingIfNeeded: 128 &- 8 &* length), low: low)
        }
        guard length <= 20 else { return nil }
        return EntryKey(
            top: UInt32(truncatingIfNeeded: leading >> UInt64(truncatingIfNeeded: 192 &- 8 &* length)),
            high: UInt64(bigEndian: words.word64(start &+ length &- 16)), low: low)
    }

    /// Any entry: checked by ``EntryScanner``, extensions decoded.
    private mutating func readAny(_ piece: Span<UInt8>, _ offset: inout Int, limit: Int) throws(DERError) {
        let location = try EntryScanner.next(piece, at: &offset, limit: limit)
        survey.count += 1
        var extensions = EntryExtensions()
        if location.extensionsStart < location.end {
            extensions = try EntryScanner.extensions(piece, location)
            survey.hasExtensions = true
            survey.hasUnknownCritical = survey.hasUnknownCritical || extensions.hasUnknownCritical
            survey.hasRemoval = survey.hasRemoval || extensions.reason == .removeFromCRL
            if let name = extensions.certificateIssuer { try follow(name) }
        }
        guard rows.keeping == .rows else { return }
        let contents = piece.copy(location.serialStart..<location.serialEnd)
        let date = try EntryScanner.time(piece, location)
        let key = EntryKey(contents: contents)
        let reason = extensions.reason?.rawValue ?? EntryPayload.noReason
        let isNegative = EntryKey.isNegative(contents)
        if issuer == 0, !isNegative, extensions.invalidityDate == nil, extensions.certificateIssuer == nil,
            let date = UInt32(exactly: date.secondsSince1970)
        {
            return rows.append(key, EntryPayload(date: date, reason: reason))
        }
        rows.append(
            EntryDetail(
                issuer: issuer, isNegative: isNegative, key: key, date: date.secondsSince1970, reason: reason,
                invalidityDate: extensions.invalidityDate?.secondsSince1970,
                namesIssuer: extensions.certificateIssuer != nil))
    }

    /// From here on entries are about certificates of `name`.
    private mutating func follow(_ name: DistinguishedName) throws(DERError) {
        survey.hasCertificateIssuer = true
        if let known = positions[name] {
            issuer = known
            return
        }
        guard rows.issuers.count < EntryReader.largestIssuerCount else {
            throw DERError(.limitExceeded, in: "certificateIssuer")
        }
        rows.issuers.append(name)
        issuer = UInt32(rows.issuers.count)
        positions[name] = issuer
    }
}

extension RawSpan {
    @inline(__always)
    func octet(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    func word16(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func word32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func word64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
