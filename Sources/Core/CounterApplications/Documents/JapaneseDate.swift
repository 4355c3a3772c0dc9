package import PKIX

/// An era of the Japanese calendar since the Gregorian one came into use with it.
package enum JapaneseEra: String, CaseIterable, Hashable, Sendable {
    case meiji, taisho, showa, heisei, reiwa

    /// Its first day as YYYYMMDD; the last day of an era before 平成 is also the first of the next.
    var firstDay: Int {
        switch self {
        case .meiji: 1868_01_25
        case .taisho: 1912_07_30
        case .showa: 1926_12_25
        case .heisei: 1989_01_08
        case .reiwa: 2019_05_01
        }
    }
}

/// A date as Japanese papers write it: era, year of the era, and as much of the rest as is known.
package struct JapaneseDate: Hashable, Sendable {
    package let era: JapaneseEra
    /// From 1, which is written 元.
    package let year: Int
    package let month: Int?
    package let day: Int?

    /// The later era on a day that two share; where month or day is unknown, the era in which the known part ends.
    /// Nil before 1868-01-25 and after the year 9999.
    package init?(year: Int, month: Int?, day: Int?) {
        guard (0...9_999).contains(year), (1...12).contains(month ?? 12), (1...31).contains(day ?? 31) else {
            return nil
        }
        let latest = year * 10_000 + (month ?? 12) * 100 + (day ?? 31)
        guard let era = JapaneseEra.allCases.last(where: { $0.firstDay <= latest }) else { return nil }
        self.era = era
        self.year = year - era.firstDay / 10_000 + 1
        (self.month, self.day) = (month, day)
    }

    package init?(_ date: BirthDate) { self.init(year: date.year, month: date.month, day: date.day) }

    /// The day that it is in Japan.
    package init?(_ time: ValidationTime) {
        let civil = time.japanese
        self.init(year: civil.year, month: civil.month, day: civil.day)
    }
}

extension ValidationTime {
    /// Date and time of day in Japan, UTC+9 all the year.
    package var japanese: CivilTime { advanced(bySeconds: 9 * 3_600).civil }
}
