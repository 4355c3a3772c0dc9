import ConfigurationFiles
import Foundation

/// The examples of `docs/examples` as one configuration, and what is wrong with one section of it.
struct ShippedConfiguration {
    /// The section looked at: the last of the files, each of which is added to those before.
    let section: String
    let text: String

    init(_ files: [String]) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try files.map { name in
            try String(contentsOf: root.appendingPathComponent("docs/examples/\(name).yaml"), encoding: .utf8)
        }.joined(separator: "\n")
        section = files.last ?? ""
    }

    private init(section: String, text: String) { (self.section, self.text) = (section, text) }

    /// The same with the first `good` of the section replaced; nil when it has none.
    func replacing(_ good: String, with bad: String) -> ShippedConfiguration? {
        guard let start = text.range(of: "\n\(section):"),
            let place = text.range(of: good, range: start.lowerBound..<text.endIndex)
        else { return nil }
        return ShippedConfiguration(section: section, text: text.replacingCharacters(in: place, with: bad))
    }

    /// The problems of the section alone: the examples name files that are not here.
    var problems: [String] {
        do throws(ConfigurationRefusal) {
            _ = try ConfigurationFile.read(text, folder: "/nowhere")
            return []
        } catch {
            return error.problems.filter { $0.path.hasPrefix(section) }.map { "\($0.path) \($0.message)" }
        }
    }
}
