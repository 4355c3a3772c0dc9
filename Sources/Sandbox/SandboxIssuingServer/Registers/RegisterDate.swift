internal import JPKIProfile
package import PKIX

/// A date of a register: era and year, month and day as far as they are known.
package struct RegisterDate: Hashable, Sendable {
    let birthDate: BirthDate

    /// - Parameter raw: `EYYYYMMDD`, unknown parts as zeros.
    init(_ raw: String) { birthDate = BirthDate(raw: raw) }

    /// A date that is wholly known.
    init(year: Int, month: Int, day: Int) {
        self.init(
            "\(RegisterDate.era(of: year * 10_000 + month * 100 + day).rawValue)\(year * 10_000 + month * 100 + day)")
    }

    /// The day in Japan.
    init(_ time: ValidationTime) {
        let civil = time.advanced(bySeconds: 9 * 3_600).civil
        self.init(year: civil.year, month: civil.month, day: civil.day)
    }

    /// The later era on a day that two share.
    private static func era(of date: Int) -> BirthDate.Era {
        switch date {
        case ..<1912_07_30: .meiji
        case ..<1926_12_25: .taisho
        case ..<1989_01_08: .showa
        case ..<2019_05_01: .heisei
        default: .reiwa
        }
    }

    private var digits: [Int] { birthDate.raw.utf8.map { Int($0) - 0x30 } }
    var year: Int { digits.dropFirst().prefix(4).reduce(0) { $0 * 10 + $1 } }
    var month: Int { digits.dropFirst(5).prefix(2).reduce(0) { $0 * 10 + $1 } }
    var day: Int { digits.dropFirst(7).prefix(2).reduce(0) { $0 * 10 + $1 } }

    /// `YYYY-MM-DD`, or as much of it as is known; nil when nothing is.
    package var iso: String? { birthDate.value }

    /// 和暦 as papers print it: `平成2年1月2日`, `令和元年5月1日`, `昭和25年5月日不詳`, `昭和年月日不詳`.
    package var text: String {
        guard let era = birthDate.era, let name = era.name else { return year > 0 ? "西暦\(year)年月日不詳" : "年月日不詳" }
        guard year > 0 else { return "\(name)年月日不詳" }
        let number = year - era.firstYear + 1
        let head = "\(name)\(number == 1 ? "元" : String(number))年"
        guard month > 0 else { return head + "月日不詳" }
        return head + "\(month)月" + (day > 0 ? "\(day)日" : "日不詳")
    }

    /// The age reached for certain on the day of `time` in Japan; nil when the year is not known.
    ///
    /// A year of age is complete at the end of the day before the birthday (年齢計算ニ関スル法律, 民法 143 条), so the
    /// day after counts. What is not known of a date is taken as late as it can be.
    package func certainAge(at time: ValidationTime) -> Int? {
        guard year > 0 else { return nil }
        let civil = time.advanced(bySeconds: 9 * 3_600 + 86_400).civil
        let (lastMonth, lastDay) = (month == 0 ? 12 : month, day == 0 ? 31 : day)
        let reached = (civil.month, civil.day) >= (lastMonth, lastDay)
        return max(0, civil.year - year - (reached ? 0 : 1))
    }

    /// The same day `years` later; 29 February becomes 1 March. An unknown month and day stay unknown.
    func adding(years: Int) -> RegisterDate {
        guard month > 0, day > 0 else { return RegisterDate(year: year + years, month: 1, day: 1) }
        let later = year + years
        guard month == 2, day == 29, CivilTime.days(inMonth: 2, of: later) == 28 else {
            return RegisterDate(year: later, month: month, day: day)
        }
        return RegisterDate(year: later, month: 3, day: 1)
    }
}

extension BirthDate.Era {
    fileprivate var name: String? {
        switch self {
        case .unknown: nil
        case .meiji: "明治"
        case .taisho: "大正"
        case .showa: "昭和"
        case .heisei: "平成"
        case .reiwa: "令和"
        }
    }

    fileprivate var firstYear: Int {
        switch self {
        case .unknown: 1
        case .meiji: 1868
        case .taisho: 1912
        case .showa: 1926
        case .heisei: 1989
        case .reiwa: 2019
        }
    }
}
