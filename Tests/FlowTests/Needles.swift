import Foundation
import JPKIProfile
import PKIX
import SandboxAuthority
import Testing

extension Resident {
    /// Everything of this person that may not stand anywhere in clear.
    var needles: [Needle] {
        let attributes = person.attributes
        return Needle.text("name", attributes.name) + Needle.text("address", attributes.address)
            + Needle.birthDate(attributes.birthDate)
            + [signaturePIN.map { Needle("PIN of 署名用", $0) }].compactMap { $0 }
            + (authenticationPIN.map(Needle.shortPIN) ?? []) + certificates.flatMap(\.needles)
    }
}

extension ResidentCertificate {
    /// Its serial number in every spelling, and the certificate itself in the spellings of octets.
    ///
    /// Revoked certificates stand in published lists, which the platform keeps as they came; for them the DER form
    /// of the number alone is no finding.
    var needles: [Needle] {
        let magnitude = Array(serialNumber.octets.drop { $0 == 0 })
        let tlv = [0x02, UInt8(serialNumber.octets.count)] + Array(serialNumber.octets)
        // A number of four octets is found by chance in megabytes of digests: in text it has to stand alone, in
        // binary with its tag and length. Longer ones may not occur at all.
        let isLong = magnitude.count >= 12
        var needles = [serialNumber.hex, serialNumber.hex.lowercased()].map {
            Needle("serial number in hex", $0, border: isLong ? .any : .noHexDigit)
        }
        needles.append(Needle("serial number in decimal", Needle.decimal(magnitude), border: .noDigit))
        if revocation == nil { needles.append(Needle("serial number in DER", isLong ? magnitude : tlv)) }
        let head = Array(certificate.der.prefix(24))
        return needles + [
            Needle("certificate in base64", base64(Array(head.prefix(21)))),
            Needle("certificate in hex", head.hexString.lowercased()), Needle("certificate in hex", head.hexString),
            Needle("certificate", head),
        ]
    }
}

extension Needle {
    /// A text, and the same as JSON may escape it. Texts of one character are no needle.
    fileprivate static func text(_ what: String, _ text: String) -> [Needle] {
        guard text.utf8.count >= 6 else { return [] }
        let escaped = text.utf16.map { "\\u" + String(format: "%04x", $0) }.joined()
        return [Needle(what, text), Needle(what + ", escaped", escaped)]
    }

    /// `EYYYYMMDD` as issued, `YYYYMMDD` and `YYYY-MM-DD`.
    fileprivate static func birthDate(_ raw: String) -> [Needle] {
        let digits = String(raw.dropFirst())
        guard digits.count == 8, digits != "00000000" else { return [] }
        let dashed = "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
        return [Needle("birth date", raw, border: .noDigit), Needle("birth date", dashed, border: .noDigit)]
    }

    /// Four digits occur everywhere: they count where they stand as a value of their own, or beside the word.
    fileprivate static func shortPIN(_ pin: String) -> [Needle] {
        ["\"\(pin)\"", "pin=\(pin)", "pin\":\(pin)", "PIN \(pin)", "暗証番号\(pin)"].map {
            Needle("PIN of 利用者証明用", $0, border: .noDigit)
        }
    }

    /// A big-endian magnitude in decimal.
    fileprivate static func decimal(_ magnitude: [UInt8]) -> String {
        var digits = [0]
        for octet in magnitude {
            var carry = Int(octet)
            for index in digits.indices {
                carry += digits[index] << 8
                digits[index] = carry % 10
                carry /= 10
            }
            while carry > 0 {
                digits.append(carry % 10)
                carry /= 10
            }
        }
        return String(digits.reversed().map { Character(String($0)) })
    }
}

/// Stops the platform and searches whatever it left, and what it said while it ran, for every test resident.
func searchForResidents(_ town: Town) async throws {
    try Data(try await town.metrics()).write(to: URL(fileURLWithPath: town.folder + "/metrics.txt"))
    let problems = town.problemBodies
    try Data(problems.joined(separator: [0x0A])).write(to: URL(fileURLWithPath: town.folder + "/problems.json"))
    let residents = town.sandbox.residents()
    let search = NeedleSearch(residents.flatMap(\.needles))
    let wal = town.folder + "/platform/data/akashi.sqlite-wal"
    #expect(FileManager.default.fileExists(atPath: wal), "the write-ahead log is searched while it is there")
    let running = try search.found(below: town.folder)
    await town.stop()
    let stopped = try search.found(below: town.folder)
    print(
        """
        flow: searched for \(search.count) values of \(residents.count) residents: \(running.files) files of \
        \(running.octets) octets while it ran, \(stopped.files) of \(stopped.octets) after, \(problems.count) problems
        """)
    for hit in Set(running.hits + stopped.hits).sorted().prefix(20) { Issue.record("in clear: \(hit)") }
}
