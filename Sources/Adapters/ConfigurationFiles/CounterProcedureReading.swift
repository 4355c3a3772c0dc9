internal import CounterApplications
internal import PKIX

/// One of a municipality's `procedures`.
struct CounterProcedureReading {
    /// The municipality's own.
    let hours: OpeningHours
    let policy: String?
    let policies: Set<String>

    func procedure(_ section: ConfigurationSection) -> CounterProcedure? {
        defer { section.finish() }
        let (id, kind) = (section.text("id"), section.choice("kind", of: CertificateKindOfCounter.self))
        let names = section.languageTexts("names")
        let scopes = section.choices("scopes", of: CounterProcedure.ScopeName.self)
        let details = section.node("details") == nil ? [] : section.choices("details", of: OrderDetail.self)
        let copies = section.integer("copies", in: 1...CounterProcedure.mostCopiesEver, default: 5)
        let age = section.integer("minimum_age", in: CounterProcedure.lowestMinimumAge...120, default: 15)
        let own = section.optionalSection("hours")?.openingHours()
        let policy = section.optionalText("policy") ?? self.policy
        if let policy, !policies.contains(policy) { section.note("is not the id of a configured policy", at: "policy") }
        let fees = fees(section)
        let years = fiscalYears(section, kind)
        let limits = limits(section)
        guard let id, let kind, let policy else { return nil }
        return CounterProcedure(
            id: id, kind: kind, names: names, scopes: scopes, details: details, fiscalYears: years, mostCopies: copies,
            fees: fees, minimumAge: age, hours: own.map { $0.adding(hours) } ?? hours, policyID: policy, limits: limits)
    }

    private func fees(_ section: ConfigurationSection) -> FeeTable {
        if section.node("fee") == nil { section.note("is missing; 0 when it costs nothing", at: "fee") }
        let fee = section.integer("fee", in: 0...FeeTable.mostPerCopy, default: 0)
        let exemptions = section.sections("exemptions").compactMap { exemption -> FeeTable.Exemption? in
            defer { exemption.finish() }
            let (id, names) = (exemption.text("id"), exemption.languageTexts("names"))
            let reduced = exemption.integer("fee", in: 0...FeeTable.mostPerCopy, default: 0)
            if reduced > fee { exemption.note("must not be more than the fee without it", at: "fee") }
            return id.map { FeeTable.Exemption(id: $0, names: names, perCopy: reduced) }
        }
        if Set(exemptions.map(\.id)).count != exemptions.count { section.note("has an id twice", at: "exemptions") }
        return FeeTable(perCopy: fee, exemptions: exemptions)
    }

    private func fiscalYears(_ section: ConfigurationSection, _ kind: CertificateKindOfCounter?) -> Set<Int> {
        let isOfTax = kind == .incomeCertificate || kind == .taxCertificate
        let texts = section.node("fiscal_years") == nil ? [] : section.strings("fiscal_years")
        let years = Set(texts.compactMap { Int($0) }.filter { (1_989...2_999).contains($0) })
        if years.count != texts.count { section.note("must list years such as 2025, each once", at: "fiscal_years") }
        if isOfTax, years.isEmpty { section.note("must list the years that are offered", at: "fiscal_years") }
        if !isOfTax, !texts.isEmpty { section.note("is for income and tax certificates", at: "fiscal_years") }
        return years
    }

    private func limits(_ section: ConfigurationSection) -> ProcedureLimits {
        let given = section.optionalSection("limits")
        defer { given?.finish() }
        func seconds(_ key: String, _ range: ClosedRange<Int>, _ fallback: Int64) -> Int64 {
            given.map { Int64($0.integer(key, in: range, default: Int(fallback))) } ?? fallback
        }
        let standard = ProcedureLimits()
        return ProcedureLimits(
            issuing: seconds("issuing_seconds", 5...600, standard.issuing),
            holding: seconds("holding_seconds", 5...600, standard.holding),
            retention: seconds("retention_seconds", 0...2_592_000, standard.retention),
            collecting: seconds("collecting_seconds", 60...86_400, standard.collecting))
    }
}

extension OpeningHours {
    /// These weekdays, with the closed days and stops of the municipality beside their own.
    fileprivate func adding(_ municipality: OpeningHours) -> OpeningHours {
        OpeningHours(
            weekly: weekly.isEmpty ? municipality.weekly : weekly,
            closedDays: closedDays.union(municipality.closedDays), stops: stops + municipality.stops)
    }
}

extension ConfigurationSection {
    /// Texts by language; Japanese is required.
    func languageTexts(_ key: String) -> [String: String] {
        guard let section = section(key) else { return [:] }
        defer { section.finish() }
        var texts: [String: String] = [:]
        for language in ["ja", "ja_easy", "en", "zh", "ko", "pt", "vi"] {
            texts[language] = section.optionalText(language)
        }
        if texts["ja"] == nil { section.note("is missing", at: "ja") }
        return texts
    }

    /// `weekdays`, `closed_days` and `planned_stops`.
    func openingHours() -> OpeningHours {
        defer { finish() }
        var hours = OpeningHours(weekly: [:])
        if let weekdays = optionalSection("weekdays") {
            for day in OpeningHours.Weekday.allCases {
                let texts = weekdays.node(day.rawValue) == nil ? [] : weekdays.strings(day.rawValue)
                let intervals = texts.compactMap { OpeningHours.Interval(text: $0) }
                if intervals.count != texts.count {
                    weekdays.note("must list times such as \"08:30-17:15\"", at: day.rawValue)
                }
                // A day that is listed without times is closed; one that is not listed is too, once any is.
                if weekdays.node(day.rawValue) != nil { hours.weekly[day] = intervals }
            }
            weekdays.finish()
        }
        let days = node("closed_days") == nil ? [] : strings("closed_days")
        hours.closedDays = Set(days.compactMap { OpeningHours.Day(text: $0) })
        if hours.closedDays.count != days.count {
            note("must list days such as 2026-12-29, each once", at: "closed_days")
        }
        hours.stops = sections("planned_stops").compactMap { stop in
            defer { stop.finish() }
            guard let start = stop.instant("starts_at"), let end = stop.instant("ends_at"),
                let planned = OpeningHours.Stop(start: start, end: end)
            else {
                stop.note("needs starts_at and a later ends_at", at: "ends_at")
                return nil
            }
            return planned
        }
        return hours
    }
}

extension OpeningHours.Interval {
    /// `08:30-17:15`; `24:00` is the end of the day.
    fileprivate init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { half -> Int? in
            let numbers = half.split(separator: ":", omittingEmptySubsequences: false)
            guard numbers.count == 2, numbers.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(numbers[0]),
                let minute = Int(numbers[1]), (0...24).contains(hour), (0...59).contains(minute)
            else { return nil }
            return hour * 60 + minute
        }
        guard parts.count == 2, let opens = parts[0], let closes = parts[1] else { return nil }
        self.init(opens: opens, closes: closes)
    }
}

extension OpeningHours.Day {
    /// `2026-12-29`.
    fileprivate init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
