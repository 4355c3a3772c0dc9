import ConfigurationFiles
import CounterService
import Foundation
import Testing

/// The section `forms` as it is shipped, and what is wrong with a bad one.
@Suite struct FormConfigurationTests {
    private static func example() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ["akashi", "counter", "forms"].map { name in
            try String(contentsOf: root.appendingPathComponent("docs/examples/\(name).yaml"), encoding: .utf8)
        }.joined(separator: "\n")
    }

    /// The problems of the section alone: the example names files that are not here.
    private static func problems(_ text: String) -> [String] {
        do throws(ConfigurationRefusal) {
            _ = try ConfigurationFile.read(text, folder: "/nowhere")
            return []
        } catch {
            return error.problems.filter { $0.path.hasPrefix("forms") }.map { "\($0.path) \($0.message)" }
        }
    }

    @Test("The example has no fault")
    func example() throws { #expect(try FormConfigurationTests.problems(FormConfigurationTests.example()) == []) }

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
        let text = try FormConfigurationTests.example()
        let start = try #require(text.range(of: "\nforms:"))
        let section = String(text[start.lowerBound...])
        #expect(section.contains(good), "\(good)")
        let broken = text[..<start.lowerBound] + section.replacing(good, with: bad, maxReplacements: 1)
        let problems = FormConfigurationTests.problems(String(broken))
        #expect(problems.contains { $0.hasPrefix(place) }, "\(problems)")
    }
}
