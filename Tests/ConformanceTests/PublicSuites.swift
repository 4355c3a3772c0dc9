import CommandLine
import Foundation
import Testing

/// The public suites, read where they lie, and answers of `akashi batch` about them.
enum PublicSuites {
    /// `AKASHI_SUITES`, else `../shared/suites` beside the package.
    static let root: URL = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let path = ProcessInfo.processInfo.environment["AKASHI_SUITES"] else {
            return package.deletingLastPathComponent().appending(path: "shared/suites")
        }
        return URL(filePath: path, relativeTo: package)
    }()

    /// The file's octets. Nil, and an issue, when the suite is absent and not declared optional.
    static func data(_ path: String) -> Data? {
        let url = root.appending(path: path)
        if let data = try? Data(contentsOf: url) { return data }
        print("ConformanceTests: no suite at \(url.path); set AKASHI_SUITES")
        if ProcessInfo.processInfo.environment["AKASHI_SUITES_OPTIONAL"] != "1" {
            Issue.record("the suite file \(path) is absent")
        }
        return nil
    }

    static func json<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value? {
        guard let data = data(path) else { return nil }
        return try JSONDecoder().decode(type, from: data)
    }

    /// The answer of `akashi batch` to one request.
    static func answer(_ request: [String: Any]) throws -> [String: Any] {
        let line = try JSONSerialization.data(withJSONObject: request)
        let answer = BatchProcessor().answer(Array(line))
        return try #require(try JSONSerialization.jsonObject(with: Data(answer)) as? [String: Any])
    }
}
