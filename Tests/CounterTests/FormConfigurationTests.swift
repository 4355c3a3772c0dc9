import Testing

/// The section `forms` as it is shipped, and what is wrong with a bad one.
@Suite struct FormConfigurationTests {
    private static func example() throws -> ShippedConfiguration {
        try ShippedConfiguration(["akashi", "counter", "forms"])
    }

    @Test("The example has no fault")
    func example() throws { #expect(try FormConfigurationTests.example().problems == []) }

    @Test(
        "Every fault is named at its place",
        arguments: [
            ("templates: [resident-move, resident-record]", "templates: []", "forms.municipalities[0].templates"),
            (
                "templates: [resident-move, resident-record]", "templates: [resident-move, resident-move]",
                "forms.municipalities[0].templates"
            ),
            (
                "paper: { printer: counter, tray", "paper: { printer: nobody, tray",
                "forms.municipalities[0].sites[0].paper"
            ),
            (
                "paper: { printer: counter, tray", "papers: { printer: counter, tray",
                "forms.municipalities[0].sites[0].paper"
            ),
            ("      templates: [resident-move", "      forms: [resident-move", "forms.municipalities[0].forms"),
        ])
    func faults(_ good: String, _ bad: String, _ place: String) throws {
        let broken = try #require(try FormConfigurationTests.example().replacing(good, with: bad), "\(good)")
        #expect(broken.problems.contains { $0.hasPrefix(place) }, "\(broken.problems)")
    }
}
