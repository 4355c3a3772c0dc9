import Testing

/// The section `counter` as it is shipped, and everything that is wrong with a bad one at once.
@Suite struct CounterConfigurationTests {
    private static func example() throws -> ShippedConfiguration { try ShippedConfiguration(["akashi", "counter"]) }

    @Test("The example's procedures, fees, hours and printers have no fault")
    func example() throws { #expect(try CounterConfigurationTests.example().problems == []) }

    @Test(
        "Every fault is named at its place",
        arguments: [
            ("lease_seconds: 90", "lease_seconds: 5", "counter.lease_seconds"),
            ("ipp://127.0.0.1:631/printers/slips", "http://127.0.0.1/slips", "counter.printers.slips.uri"),
            ("url: https://shomei", "url: http://shomei", "counter.municipalities[0].issuing_server.url"),
            ("identification_policy: counter-default", "identification_policy: none", "identification_policy"),
            ("monday: [\"08:30-17:15\"]", "monday: [\"17:15-08:30\"]", "hours.weekdays.monday"),
            ("monday: [\"08:30-17:15\"]", "monday: [\"8:30-25:00\"]", "hours.weekdays.monday"),
            ("\"2026-12-29\", ", "\"2026-02-29\", ", "hours.closed_days"),
            ("ends_at: \"2027-01-11T06:00:00+09:00\"", "ends_at: \"2026-01-11T06:00:00+09:00\"", "planned_stops[0]"),
            ("printer: slips, media", "printer: nobody, media", "papers.receipt_slip.printer"),
            ("            fee_receipt: { printer: counter, tray: tray-1 }\n", "", "papers.fee_receipt"),
            ("kind: resident_record", "kind: individual_number", "procedures[0].kind"),
            ("details: [relationship, domicile]", "details: [individual_number]", "procedures[0].details"),
            (
                "          copies: 10\n          fee: 300\n          exemptions",
                "          copies: 11\n          fee: 300\n          exemptions", "procedures[0].copies"
            ),
            ("minimum_age: 15", "minimum_age: 14", "procedures[1].minimum_age"),
            ("policy: counter-default # the", "policy: nothing # the", "procedures[1].policy"),
            ("id: kazei", "id: shotoku", "municipalities[0].procedures"),
            ("fee: 150", "fee: 500", "procedures[3].exemptions[0].fee"),
            (
                "          fiscal_years: [2024, 2025, 2026]\n          fee: 300\n        - id: kazei",
                "          fee: 300\n        - id: kazei", "procedures[2].fiscal_years"
            ),
            ("issuing_seconds: 60", "issuing_minutes: 1", "limits.issuing_minutes"),
            ("names: { ja: 住民票の写し, ja_easy", "names: { ja_easy", "procedures[0].names.ja"),
        ])
    func faults(_ good: String, _ bad: String, _ place: String) throws {
        let broken = try #require(try CounterConfigurationTests.example().replacing(good, with: bad), "\(good)")
        #expect(broken.problems.contains { $0.contains(place) }, "\(broken.problems)")
    }
}
