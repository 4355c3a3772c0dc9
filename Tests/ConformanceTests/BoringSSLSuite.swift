import Foundation
import PKIX
import Testing

/// `boringssl-pki/` of the public suites, read where it lies.
struct BoringSSLSuite {
    struct Expectations: Decodable {
        let verify_time: String
        let max_age_days: Int64
        let tests: [Case]
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        /// Of the CRL suite.
        let expected: String?
        /// Of the OCSP suite.
        let expected_status: String?
        let expected_processing: String?

        var testDescription: String { file }
    }

    let folder: String
    let time: ValidationTime
    let maximumAge: Int64
    let cases: [Case]

    /// nil when the suites are absent, which is an issue unless `AKASHI_SUITES_OPTIONAL` is set.
    init?(_ folder: String) {
        self.folder = folder
        let url = BoringSSLSuite.root.appending(path: "\(folder)/expected.json")
        guard let data = try? Data(contentsOf: url),
            let expectations = try? JSONDecoder().decode(Expectations.self, from: data),
            let time = ValidationTime(rfc3339: expectations.verify_time)
        else {
            print("ConformanceTests: no suite at \(url.path); set AKASHI_SUITES")
            if ProcessInfo.processInfo.environment["AKASHI_SUITES_OPTIONAL"] != "1" {
                Issue.record("the suite \(folder) is absent")
            }
            return nil
        }
        self.time = time
        maximumAge = expectations.max_age_days * 86_400
        cases = expectations.tests
    }

    private static var root: URL {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let suites =
            ProcessInfo.processInfo.environment["AKASHI_SUITES"].map { URL(filePath: $0, relativeTo: package) }
            ?? package.deletingLastPathComponent().appending(path: "shared/suites")
        return suites.appending(path: "boringssl-pki")
    }

    /// The PEM blocks of one file.
    func blocks(_ item: Case) throws -> [PEM.Block] {
        let url = BoringSSLSuite.root.appending(path: "\(folder)/\(item.file)")
        return PEM.blocks(in: String(decoding: try Data(contentsOf: url), as: UTF8.self))
    }
}

extension [PEM.Block] {
    subscript(label: String) -> [UInt8]? { first { $0.label == label }?.bytes }
}
