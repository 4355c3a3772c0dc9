import Foundation

/// Whole cases of the public suites as inputs of the targets `request`, `batch` and those for their parts.
struct PublicCases {
    private(set) var inputs: [String: [Data]] = [:]

    private struct Manifest: Decodable {
        struct Case: Decodable {
            let trust_anchor: String
            let target: String
            let intermediates: [String]
            let crls: [String]
        }
        let tests: [Case]
    }

    init(_ suites: URL) throws {
        try addPKITS(suites.appending(path: "pkits"))
        try addPEM(suites.appending(path: "boringssl-pki/crl_unittest"), choices: 1 << 2)
        try addPEM(suites.appending(path: "boringssl-pki/ocsp_unittest"), choices: 2 << 2)
    }

    private mutating func add(_ input: Data, _ target: String) { inputs[target, default: []].append(input) }

    /// One blob of the target `request`.
    private func blob(_ role: Character, _ data: Data) -> Data {
        Data([role.asciiValue ?? 0, UInt8(data.count >> 8 & 0xFF), UInt8(data.count & 0xFF)]) + data
    }

    private mutating func addPKITS(_ folder: URL) throws {
        let manifest = try JSONDecoder().decode(
            Manifest.self, from: Data(contentsOf: folder.appending(path: "manifest.json")))
        for test in manifest.tests {
            func file(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }
            var input = Data([0, 2 << 4]) + blob("t", try file(test.target)) + blob("a", try file(test.trust_anchor))
            for path in test.intermediates { input += blob("i", try file(path)) }
            for path in test.crls { input += blob("c", try file(path)) }
            add(input, "request")
            let members: [String: Any] = [
                "op": "validate_path", "id": 1, "certificate": try file(test.target).base64EncodedString(),
                "trust_anchors": [try file(test.trust_anchor).base64EncodedString()],
                "intermediates": try test.intermediates.map { try file($0).base64EncodedString() },
                "validation_time": "2011-04-15T00:00:00Z",
            ]
            add(try JSONSerialization.data(withJSONObject: members), "batch")
        }
    }

    private mutating func addPEM(_ folder: URL, choices: UInt8) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".pem") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            var input = Data([1, choices])
            for (label, data) in blocks(text) {
                switch label {
                case "CERTIFICATE": input += blob("t", data)
                case "CA CERTIFICATE": input += blob("a", data)
                case "CA CERTIFICATE 2": input += blob("i", data)
                case "CRL": input += blob("c", data)
                case "OCSP RESPONSE": input += blob("o", data)
                default: break
                }
                let target = ["CRL": "crl", "OCSP RESPONSE": "ocsp-response", "OCSP REQUEST": "ocsp-request"][label]
                add(data, target ?? "certificate")
            }
            add(input, "request")
            if let begin = text.range(of: "-----BEGIN") { add(Data(text[begin.lowerBound...].utf8), "pem") }
        }
    }

    private func blocks(_ text: String) -> [(label: String, data: Data)] {
        text.components(separatedBy: "-----BEGIN ").dropFirst().compactMap { part in
            guard let end = part.range(of: "-----"), let close = part.range(of: "-----END ") else { return nil }
            let body = String(part[end.upperBound..<close.lowerBound])
            return Data(base64Encoded: body, options: .ignoreUnknownCharacters).map {
                (String(part[..<end.lowerBound]), $0)
            }
        }
    }
}
