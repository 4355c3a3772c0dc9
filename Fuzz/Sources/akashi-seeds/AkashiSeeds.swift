import Foundation

/// `akashi-seeds SUITES FOLDER`: seeds for every target, from the public suites. Nothing of them is committed.
@main
struct AkashiSeeds {
    private let suites: URL
    private let folder: URL

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { URL(filePath: $0, directoryHint: .isDirectory) }
        guard arguments.count == 2 else {
            FileHandle.standardError.write(Data("akashi-seeds SUITES FOLDER\n".utf8))
            exit(64)
        }
        try AkashiSeeds(suites: arguments[0], folder: arguments[1]).write()
    }

    /// The files of `fuzz-corpora` that serve a target, by the beginnings of their names.
    private static let corpora: [String: [String]] = [
        "certificate": ["openssl-x509", "boringssl-parse_certificate", "boringssl-cert", "boringssl-spki"],
        "crl": ["openssl-crl", "boringssl-crl_", "boringssl-parse_crldp"],
        "ocsp-response": ["boringssl-ocsp_"],
        "ocsp-request": ["boringssl-ocsp_parse_ocsp_cert_id"],
        "name": ["boringssl-verify_name_match", "boringssl-der_roundtrip", "boringssl-parse_authority"],
        "constraints": ["boringssl-parse_crldp", "boringssl-verify_name_match"],
        "pem": ["boringssl-read_pem"],
    ]

    private func write() throws {
        for (target, beginnings) in AkashiSeeds.corpora { try write(try corpus(beginnings), target, "corpus") }
        try write(try files("pkits/certs"), "certificate", "pkits")
        try write(try files("pkits/crls"), "crl", "pkits")
        try write(try images(), "image", "list")
        try write(HandMade.constraints, "constraints", "hand")
        try write(HandMade.lines, "batch", "hand")
        for (target, inputs) in CounterSeeds.all { try write(inputs, target, "hand") }
        let cases = try PublicCases(suites)
        for (target, inputs) in cases.inputs { try write(inputs, target, "case") }
    }

    private func write(_ inputs: [Data], _ target: String, _ origin: String) throws {
        let place = folder.appending(path: target)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (index, input) in inputs.enumerated() {
            try input.write(to: place.appending(path: "\(origin)-\(index)"))
        }
    }

    private func corpus(_ beginnings: [String]) throws -> [Data] {
        let place = suites.appending(path: "fuzz-corpora")
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        return try names.filter { name in beginnings.contains { name.hasPrefix($0) } }.flatMap { name in
            try String(contentsOf: place.appending(path: name), encoding: .utf8).split(separator: "\n")
                .compactMap { Data(base64Encoded: String($0)) }
        }
    }

    /// Lists for the target `image`, each with a few changes of what is made of it.
    private func images() throws -> [Data] {
        let lists = try files("pkits/crls") + corpus(["openssl-crl"])
        return lists.filter { $0.count < 2_048 }.enumerated().map { index, list in
            var input = Data([UInt8(list.count >> 8), UInt8(list.count & 0xFF)]) + list
            for change in 0..<index % 4 {
                let offset = index * 37 + change
                input += Data([UInt8(index % 4), UInt8(offset & 0xFF), UInt8(change)])
            }
            return input
        }
    }

    private func files(_ path: String) throws -> [Data] {
        let place = suites.appending(path: path)
        return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            .map { try Data(contentsOf: place.appending(path: $0)) }
    }
}

/// Beginnings for targets that no public corpus has.
enum HandMade {
    /// General names: `[2] dNSName`, `[1] rfc822Name`, `[6] URI`, `[7] iPAddress`, `[4] directoryName`.
    static let constraints: [Data] = {
        func value(_ tag: UInt8, _ octets: [UInt8]) -> [UInt8] { [tag, UInt8(octets.count)] + octets }
        func text(_ tag: UInt8, _ text: String) -> [UInt8] { value(tag, Array(text.utf8)) }
        let attribute = value(0x30, [0x06, 0x03, 0x55, 0x04, 0x03] + text(0x0C, "a"))
        let name = value(0xA4, value(0x30, value(0x31, attribute)))
        let pairs: [[UInt8]] = [
            text(0x82, "example.jp") + text(0x82, "a.example.jp"), text(0x82, "") + text(0x82, "*.example.jp"),
            text(0x81, ".example.jp") + text(0x81, "x@a.example.jp"), text(0x81, "x@a.jp") + text(0x81, "x@A.jp"),
            text(0x86, "example.jp") + text(0x86, "http://u@example.jp:80/x"),
            text(0x86, ".jp") + text(0x86, "a://b.jp"),
            value(0x87, [10, 0, 0, 0, 255, 0, 0, 0]) + value(0x87, [10, 1, 2, 3]), name + name,
            value(0x88, [0x2A, 0x03]) + value(0x88, [0x2A, 0x03]),
        ]
        return pairs.map { Data($0) }
    }()

    static let lines: [Data] = [
        #"{"op":"parse","id":1,"kind":"certificate","der":"MAA="}"#,
        #"{"op":"validate_path","id":"x","certificate":"MAA=","trust_anchors":["MAA="],"intermediates":[],"#
            + #""crls":[],"ocsp_responses":[],"validation_time":"2026-11-17T00:00:00Z","initial_policy_set":["2.5.29.32.0"],"#
            + #""revocation":"chain","max_age_seconds":null,"required_key_usage":["digitalSignature"],"#
            + #""required_extended_key_usage":"1.3.6.1.5.5.7.3.9","profile":"jpki","algorithms":"current"}"#,
        #"{"op":"certificate_status","id":2,"certificate":"MAA=","issuer":"MAA=","validation_time":"2026-11-17T00:00:00+09:00"}"#,
        #"{"op":"verify_signature","id":3,"public_key":"MAA=","signature_algorithm":{"name":"rsassaPss","hash":"sha256","#
            + #""mgf_hash":"sha256","salt_length":32},"message":"","signature":""}"#,
        "{\"op\":\"parse\",\"id\":\"\\u30a2\\ud83d\\ude00\",\"kind\":\"crl\",\"der\":\"\"}\n{}\n[1e9]\n",
    ].map { Data($0.utf8) }
}
