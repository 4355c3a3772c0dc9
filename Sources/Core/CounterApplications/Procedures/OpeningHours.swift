package import PKIX

/// 開庁日・時間: when a procedure is served, in the time of Japan (UTC+9, which has no summer time).
package struct OpeningHours: Hashable, Sendable {
    package enum Weekday: String, CaseIterable, Hashable, Sendable {
        case monday, tuesday, wednesday, thursday, friday, saturday, sunday
    }

    /// Part of one day, in minutes after midnight: from `opens` until just before `closes`, at most 1,440.
    package struct Interval: Hashable, Sendable {
        package let opens: Int
        package let closes: Int

        /// Nil unless 0 ≤ `opens` < `closes` ≤ 1,440.
        package init?(opens: Int, closes: Int) {
            guard opens >= 0, opens < closes, closes <= 1_440 else { return nil }
            (self.opens, self.closes) = (opens, closes)
        }
    }

    /// A day of the calendar in Japan.
    package struct Day: Hashable, Sendable {
        package let year: Int
        package let month: Int
        package let day: Int

        /// Nil when there is no such day.
        package init?(year: Int, month: Int, day: Int) {
            guard CivilTime(year: year, month: month, day: day).isValid else { return nil }
            (self.year, self.month, self.day) = (year, month, day)
        }
    }

    /// A planned stop (計画停止), from `start` until just before `end`.
    package struct Stop: Hashable, Sendable {
        package let start: ValidationTime
        package let end: ValidationTime

        /// Nil unless `start` is before `end`.
        package init?(start: ValidationTime, end: ValidationTime) {
            guard start < end else { return nil }
            (self.start, self.end) = (start, end)
        }
    }

    /// Whether it is served at a time.
    package enum State: Hashable, Sendable {
        case open
        /// Outside the hours of the day, or on a closed day.
        case closed
        case plannedStop(until: ValidationTime)
    }

    package var weekly: [Weekday: [Interval]]
    /// Holidays and the like, whatever the weekday.
    package var closedDays: Set<Day>
    package var stops: [Stop]

    package init(weekly: [Weekday: [Interval]], closedDays: Set<Day> = [], stops: [Stop] = []) {
        (self.weekly, self.closedDays, self.stops) = (weekly, closedDays, stops)
    }

    package func state(at time: ValidationTime) -> State {
        if let stop = stops.first(where: { $0.start <= time && time < $0.end }) { return .plannedStop(until: stop.end) }
        let local = time.advanced(bySeconds: 9 * 3_600)
        let civil = local.civil
        if let day = Day(year: civil.year, month: civil.month, day: civil.day), closedDays.contains(day) {
            return .closed
        }
        let minute = civil.hour * 60 + civil.minute
        let intervals = weekly[OpeningHours.weekday(of: local)] ?? []
        return intervals.contains { $0.opens <= minute && minute < $0.closes } ? .open : .closed
    }

    /// The weekday of a time that has been moved to Japan's. 1970-01-01 was a Thursday.
    private static func weekday(of local: ValidationTime) -> Weekday {
        let seconds = local.secondsSince1970
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let index = Int(((days + 3) % 7 + 7) % 7)
        return Weekday.allCases[index]
    }
}
