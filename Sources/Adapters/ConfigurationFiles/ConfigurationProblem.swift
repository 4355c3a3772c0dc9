/// One thing that is wrong in a configuration file.
package struct ConfigurationProblem: Hashable, Sendable {
    /// Where, for example `issuers[0].kinds[1]`; empty for the whole file.
    package let path: String
    /// The line in the file, from 1; nil when it is about something that is not there.
    package let line: Int?
    package let message: String
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String {
        let place = path.isEmpty ? "configuration" : path
        return line.map { "line \($0): \(place): \(message)" } ?? "\(place): \(message)"
    }
}

/// A configuration that is not used, with every reason.
package struct ConfigurationRefusal: Error, Hashable, Sendable {
    /// Never empty.
    package let problems: [ConfigurationProblem]
}

extension ConfigurationRefusal: CustomStringConvertible {
    /// A line a problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Gathers problems while a file is read.
final class ProblemList {
    private(set) var problems: [ConfigurationProblem] = []

    func add(_ message: String, at path: String, line: Int? = nil) {
        problems.append(ConfigurationProblem(path: path, line: line, message: message))
    }
}
