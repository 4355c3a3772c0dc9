internal import PKIX

extension ConfigurationSection {
    func resourceLimits() -> ResourceLimits {
        let section = optionalSection("limits")
        defer { section?.finish() }
        func value(_ key: String, _ range: ClosedRange<Int>, _ fallback: Int) -> Int {
            section?.integer(key, in: range, default: fallback) ?? fallback
        }
        return ResourceLimits(
            requestSize: value("request_bytes", 4_096...16_777_216, 1_048_576),
            requestSeconds: value("request_seconds", 1...300, 10),
            connections: value("connections", 1...1_000_000, 4_096),
            idleSeconds: value("idle_seconds", 1...3_600, 60),
            headerSize: value("header_bytes", 1_024...1_048_576, 16_384),
            ocspSeconds: value("ocsp_seconds", 1...60, 5))
    }

    func retention() -> RetentionSettings {
        let section = optionalSection("retention")
        defer { section?.finish() }
        func days(_ key: String, _ fallback: Int) -> Int {
            section?.integer(key, in: 1...36_500, default: fallback) ?? fallback
        }
        return RetentionSettings(
            recordDays: days("record_days", 1_095), auditDays: days("audit_days", 3_650),
            archivedListDays: days("archived_list_days", 3_650),
            batchHours: section?.integer("batch_hours", in: 1...8_760, default: 24) ?? 24)
    }

    /// Seconds that a challenge may be answered for.
    func challengeLifetime() -> Int {
        let section = optionalSection("challenge")
        defer { section?.finish() }
        return section?.integer("lifetime_seconds", in: 10...3_600, default: 120) ?? 120
    }

    /// One of `notices`.
    func notice() -> Notice? {
        defer { finish() }
        let (id, kind) = (text("id"), choice("kind", of: Notice.Kind.self))
        let (start, end) = (instant("starts_at"), instant("ends_at"))
        if let start, let end, end <= start { note("must be after starts_at", at: "ends_at") }
        var texts: [String: String] = [:]
        let section = section("texts")
        let audiences = [
            "staff_ja", "resident_ja", "resident_easy_ja", "resident_en", "resident_zh", "resident_ko", "resident_pt",
            "resident_vi", "staff_en",
        ]
        for audience in audiences {
            texts[audience] = section?.optionalText(audience)
        }
        section?.finish()
        if let section, texts["staff_ja"] == nil { section.note("is missing", at: "staff_ja") }
        guard let id, let kind else { return nil }
        return Notice(
            id: id, kind: kind, startsAt: start?.rfc3339(offsetMinutes: 540), endsAt: end?.rfc3339(offsetMinutes: 540),
            texts: texts)
    }
}
