import JPKIProfile
import PKIX

/// Japan's time is UTC+9 all the year.
extension ValidationTime {
    private static let japanOffset: Int64 = 9 * 3_600

    /// 23:59:59 in Japan on the day that lies `days` after this instant's.
    func endOfJapaneseDay(addingDays days: Int64 = 0) -> ValidationTime {
        let local = secondsSince1970 + ValidationTime.japanOffset
        let day = (local >= 0 ? local : local - 86_399) / 86_400
        return ValidationTime(secondsSince1970: (day + days + 1) * 86_400 - 1 - ValidationTime.japanOffset)
    }

    /// The year in Japan.
    var japaneseYear: Int { advanced(bySeconds: ValidationTime.japanOffset).civil.year }
}

/// `EYYYYMMDD` for a Gregorian date, with the era's digit; the later era on a day that two share.
func birthDateText(year: Int, month: Int, day: Int) -> String {
    let date = year * 10_000 + month * 100 + day
    let era: BirthDate.Era =
        switch date {
        case ..<1912_07_30: .meiji
        case ..<1926_12_25: .taisho
        case ..<1989_01_08: .showa
        case ..<2019_05_01: .heisei
        default: .reiwa
        }
    return "\(era.rawValue)\(date)"
}
