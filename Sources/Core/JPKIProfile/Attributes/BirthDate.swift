internal import PKIX

/// 生年月日 as the certificate writes it: `EYYYYMMDD`, an era digit and a Gregorian date whose unknown parts are zeros.
package struct BirthDate: Hashable, Sendable {
    package enum Era: Int, CaseIterable, Sendable {
        case unknown = 0
        case meiji = 1
        case taisho = 2
        case showa = 3
        case heisei = 4
        case reiwa = 5
    }

    /// The nine characters, or whatever stood there.
    package let raw: String
    /// Nil when the first character is no era digit.
    package let era: Era?
    /// `YYYY-MM-DD`; `YYYY-MM` or `YYYY` when the rest is unknown; `0000-MM-DD` when only the year is (as
    /// OpenID Connect writes it); nil when nothing is known or the text is no date.
    package let value: String?
    package let faults: [AttributeIrregularity.Fault]

    /// Reads leniently: what is not understood leaves ``value`` nil and is named in ``faults``.
    package init(raw: String) {
        self.raw = raw
        guard let digits = BirthDate.digits(raw), let era = Era(rawValue: digits[0]) else {
            (era, value, faults) = (nil, nil, [.malformed])
            return
        }
        self.era = era
        let year = digits[1...4].reduce(0) { $0 * 10 + $1 }
        let (month, day) = (digits[5] * 10 + digits[6], digits[7] * 10 + digits[8])
        guard BirthDate.isPossible(year: year, month: month, day: day) else {
            (value, faults) = (nil, [.malformed])
            return
        }
        value = BirthDate.text(year: year, month: month, day: day)
        faults = era.covers(year: year, month: month, day: day) ? [] : [.eraMismatch]
    }

    /// Whether year, month and day are all known.
    package var isComplete: Bool { value.map { $0.utf8.count == 10 && !$0.hasPrefix("0000") } ?? false }

    private static func digits(_ raw: String) -> [Int]? {
        let digits = raw.utf8.map { Int($0) - 0x30 }
        guard digits.count == 9, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        return digits
    }

    /// Zero is unknown. A day without its month is no date.
    private static func isPossible(year: Int, month: Int, day: Int) -> Bool {
        guard month <= 12, month > 0 || day == 0 else { return false }
        // Of an unknown year any 29 February may be.
        return day == 0 || day <= CivilTime.days(inMonth: month, of: year == 0 ? 2000 : year)
    }

    private static func text(year: Int, month: Int, day: Int) -> String? {
        let yearText = padded(year, 4)
        switch (year, month, day) {
        case (0, 0, 0): return nil
        case (_, 0, 0): return yearText
        case (_, _, 0): return "\(yearText)-\(padded(month, 2))"
        default: return "\(yearText)-\(padded(month, 2))-\(padded(day, 2))"
        }
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

extension BirthDate.Era {
    /// First and last day as YYYYMMDD. The last day of an era is the first of the next, except from 昭和 on.
    private var bounds: ClosedRange<Int>? {
        switch self {
        case .unknown: nil
        case .meiji: 1868_01_25...1912_07_30
        case .taisho: 1912_07_30...1926_12_25
        case .showa: 1926_12_25...1989_01_07
        case .heisei: 1989_01_08...2019_04_30
        case .reiwa: 2019_05_01...9999_12_31
        }
    }

    /// Whether the known parts of a date can lie in this era. An unknown year lies in any.
    func covers(year: Int, month: Int, day: Int) -> Bool {
        guard let bounds, year > 0 else { return true }
        let earliest = year * 10_000 + max(month, 1) * 100 + max(day, 1)
        let latest = year * 10_000 + (month == 0 ? 12 : month) * 100 + (day == 0 ? 31 : day)
        return bounds.overlaps(earliest...latest)
    }
}
