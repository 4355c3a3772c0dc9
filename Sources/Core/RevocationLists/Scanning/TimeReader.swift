import PKIX

/// Turns `YYMMDDHHMMSSZ` into seconds since 1970, eight digits at a time.
struct TimeReader {
    /// The hour read last: neighbours in a list were mostly revoked close to one another.
    /// At first `70010100`.
    private var hour: UInt64 = 0x3030_3130_3130_3037
    private var hourStart: UInt32 = 0

    /// The time at `offset`, of which 16 octets can be loaded; nil when it is none, or lies before 1970.
    @inline(__always)
    mutating func seconds(_ words: RawSpan, _ offset: Int) -> UInt32? {
        let digits = words.word64(offset)
        let rest = UInt64(words.word32(offset &+ 8)) | 0x3030_3030_0000_0000
        guard words.octet(offset &+ 12) == UInt8(ascii: "Z"), TimeReader.areDigits(rest) else { return nil }
        if digits != hour {
            guard let start = TimeReader.startOfHour(digits) else { return nil }
            (hour, hourStart) = (digits, start)
        }
        let pairs = TimeReader.pairs(rest)
        let (minute, second) = (
            UInt32(truncatingIfNeeded: pairs & 0xFF), UInt32(truncatingIfNeeded: pairs >> 16 & 0xFF)
        )
        guard minute <= 59, second <= 59 else { return nil }
        return hourStart &+ minute &* 60 &+ second
    }

    /// Whether all eight octets are decimal digits.
    @inline(__always)
    private static func areDigits(_ word: UInt64) -> Bool {
        (word & 0xF0F0_F0F0_F0F0_F0F0) | ((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4
            == 0x3333_3333_3333_3333
    }

    /// Four numbers of two digits, 16 bits apart, the first one lowest.
    @inline(__always)
    private static func pairs(_ word: UInt64) -> UInt64 {
        let digits = word & 0x0F0F_0F0F_0F0F_0F0F
        return (digits &* 10 &+ digits >> 8) & 0x00FF_00FF_00FF_00FF
    }

    private static func startOfHour(_ digits: UInt64) -> UInt32? {
        guard areDigits(digits) else { return nil }
        let numbers = pairs(digits)
        func number(_ index: UInt64) -> Int { Int(numbers >> (index &* 16) & 0xFF) }
        // RFC 5280 §4.1.2.5.1: years from 50 on are of the twentieth century.
        let year = number(0) >= 50 ? 1900 &+ number(0) : 2000 &+ number(0)
        guard year >= 1970,
            let time = ValidationTime(CivilTime(year: year, month: number(1), day: number(2), hour: number(3)))
        else { return nil }
        return UInt32(exactly: time.secondsSince1970)
    }
}
