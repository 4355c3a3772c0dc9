/// An instant, in whole seconds since 1970-01-01T00:00:00Z.
///
/// The core has no clock: every judgement takes the time it is made for as an
/// argument. The range is the years 0000 to 9999, as in GeneralizedTime.
package struct ValidationTime: Hashable, Comparable, Sendable {
    package let secondsSince1970: Int64

    /// Keeps `secondsSince1970` within the years 0000 to 9999.
    package init(secondsSince1970: Int64) {
        self.secondsSince1970 = min(max(secondsSince1970, -62_167_219_200), 253_402_300_799)
    }

    package static func < (left: Self, right: Self) -> Bool { left.secondsSince1970 < right.secondsSince1970 }

    /// This instant moved by `seconds`, held within the range.
    package func advanced(bySeconds seconds: Int64) -> ValidationTime {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return ValidationTime(secondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Seconds from `earlier` to this instant.
    package func seconds(since earlier: ValidationTime) -> Int64 { secondsSince1970 - earlier.secondsSince1970 }
}

/// A date and time of day in the proleptic Gregorian calendar, UTC.
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// Whether each field is in range. There is no second 60 (RFC 5280 §4.1.2.5).
    package var isValid: Bool {
        (0...9999).contains(year) && (1...12).contains(month) && day >= 1
            && day <= CivilTime.days(inMonth: month, of: year)
            && (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
    }

    package static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension ValidationTime {
    /// The instant of a civil time; nil when a field is out of range.
    package init?(_ civil: CivilTime) {
        guard civil.isValid else { return nil }
        // Days from civil, with years that begin in March so that February is last.
        let year = civil.month <= 2 ? civil.year - 1 : civil.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        self.init(secondsSince1970: Int64(days * 86_400 + civil.hour * 3_600 + civil.minute * 60 + civil.second))
    }

    /// The civil time of this instant, UTC.
    package var civil: CivilTime {
        let total = Int(secondsSince1970)
        let days = (total >= 0 ? total : total - 86_399) / 86_400
        let rest = total - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return CivilTime(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: rest / 3_600,
            minute: rest % 3_600 / 60,
            second: rest % 60
        )
    }
}
