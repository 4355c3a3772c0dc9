import CertificateIssuing
import CommandLine
import Foundation
import PKIX
import RevocationLists
import Testing

/// `akashi crl check` and `akashi crl status`, over real files and descriptors.
@Suite("One list verified, indexed and asked")
struct ListCheckTests {
    private let jpki: JPKICase
    private let folder: URL
    private let entries = [
        JPKICase.entry(.keyCompromise),
        RevokedEntry(
            serialNumber: SerialNumber(7), revokedAt: JPKICase.now.advanced(bySeconds: -60), reason: .certificateHold),
        RevokedEntry(serialNumber: long, revokedAt: JPKICase.now.advanced(bySeconds: -3_600), reason: nil),
    ]
    private static let long = SerialNumber(hex: "7f" + String(repeating: "ab", count: 19)) ?? SerialNumber(0)

    init() throws {
        jpki = try JPKICase()
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String, _ octets: [UInt8]) throws -> String {
        let path = folder.appending(path: name)
        try Data(octets).write(to: path)
        return path.path
    }

    private func check(
        _ list: [UInt8], issuer: [UInt8]? = nil, serials: [String] = [], index: String? = nil
    ) throws -> ListCheckReport {
        let check = ListCheck(
            listPath: try file("list", list), issuerPath: try file("issuer", issuer ?? jpki.authority.certificate.der),
            serials: try serials.map { ($0, try #require(SerialNumber(hex: $0))) }, indexPath: index)
        return try check.run()
    }

    /// What the stream answers to `input` from the index at `path`.
    private func answers(_ input: String, from path: String) throws -> [Substring] {
        let output = try file("answers", [])
        let reading = try FileHandle(forReadingFrom: URL(filePath: try file("serials", Array(input.utf8))))
        let writing = try FileHandle(forWritingTo: URL(filePath: output))
        var stream = StatusStream(
            try StatusStream.open(path), input: reading.fileDescriptor, output: writing.fileDescriptor)
        guard case .endOfInput = stream.run() else {
            Issue.record("the stream did not end with its input")
            return []
        }
        return try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
    }

    private func refusal(_ body: () throws -> ListCheckReport) -> String {
        do {
            _ = try body()
            return "accepted"
        } catch ListCheckFailure.refused(let sentence) {
            return sentence.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? ""
        } catch { return "other: \(error)" }
    }

    @Test("A list that does not stand under the certificate is refused with what is wrong")
    func refusals() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let list = try jpki.list(entries)
        var bent = list
        bent[bent.count - 1] ^= 1
        #expect(refusal { try check(bent) } == "the signature is not the certificate's over this list")
        #expect(
            refusal { try check(list, issuer: jpki.otherGeneration.certificate.der) }
                == "the signature is not the certificate's over this list")
        #expect(refusal { try check(list, issuer: jpki.certificate()) } == "of another issuer")
        #expect(refusal { try check(list.dropLast(1)) }.hasPrefix("not a certificate list"))
        #expect(refusal { try check(list + [0]) }.hasPrefix("not a certificate list"))
        #expect(refusal { try check(Array("<html>".utf8)) } == "holds no certificate list")
        #expect(refusal { try check(list, issuer: Array("<html>".utf8)) }.hasPrefix("other: notDone"))
        let index = folder.appending(path: "never").path
        _ = refusal { try check(bent, index: index) }
        #expect(
            !FileManager.default.fileExists(atPath: index) && !FileManager.default.fileExists(atPath: index + ".part"))
    }

    @Test("The report names the list, the seconds by stage and an answer for each serial; PEM and DER say the same")
    func report() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let list = try jpki.list(entries, to: -60)
        let serials = ["0132c4ab", "7", "8", "7f" + String(repeating: "ab", count: 19)]
        var reports: [[String: Any]] = []
        for pem in [false, true] {
            let octets = pem ? Array(PEM.Block(label: "X509 CRL", bytes: list).text.utf8) : list
            let der = jpki.authority.certificate.der
            let issuer = pem ? Array(PEM.Block(label: "CERTIFICATE", bytes: der).text.utf8) : der
            let json = Data(try check(octets, issuer: issuer, serials: serials).json.utf8)
            reports.append(try #require(JSONSerialization.jsonObject(with: json) as? [String: Any]))
        }
        for report in reports {
            #expect(report["entries"] as? Int == 3 && report["crl_number"] is NSNull)
            #expect(report["next_update"] as? String == "\(JPKICase.now.advanced(bySeconds: -60))")
            let stages = try #require(report["seconds"] as? [String: Double])
            #expect(Set(stages.keys) == ["open", "read", "verify", "index", "answer", "total"])
            let answers = try #require(report["answers"] as? [[String: Any]])
            #expect(answers.map { $0["serial"] as? String } == serials)
            #expect(answers.map { $0["status"] as? String } == ["revoked", "on_hold", "good", "revoked"])
            #expect(answers.first?["revocation_reason"] as? String == "keyCompromise")
            #expect(answers.last?["revocation_reason"] is NSNull)
            #expect(answers[2]["revoked_at"] is NSNull)
        }
    }

    @Test("A kept index answers line by line, in order; a line that is no serial costs that line only")
    func stream() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = folder.appending(path: "index").path
        _ = try check(try jpki.list(entries), index: index)
        let long = String(repeating: "f", count: 41)
        let padded = String(repeating: " ", count: 200_000)
        let lines = try answers("132C4AB\r\n\n \t7 \nzz\n-1\n\(long)\n\(padded)7\n0007\n8", from: index)
        let expected = [
            #"{"serial":"132C4AB","status":"revoked","revocation_reason":"keyCompromise","revoked_at":""#
                + "\(JPKICase.now.advanced(bySeconds: -JPKICase.day))\"}",
            #"{"serial":"7","status":"on_hold","#, #"{"serial":null,"error":{"code":"invalid_serial""#,
            #"{"serial":null,"error":{"code":"invalid_serial""#, #"{"serial":null,"error":{"code":"invalid_serial""#,
            #"{"serial":null,"error":{"code":"invalid_serial""#, #"{"serial":"0007","status":"on_hold","#,
            #"{"serial":"8","status":"good","revocation_reason":null,"revoked_at":null}"#,
        ]
        #expect(lines.count == expected.count)
        for (line, beginning) in zip(lines, expected) { #expect(line.hasPrefix(beginning)) }
    }

    @Test("Lines that lie across the ends of pieces are read whole")
    func pieces() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = folder.appending(path: "index").path
        _ = try check(try jpki.list(entries), index: index)
        let serials = (0..<100_000).map { $0 % 3 == 0 ? "132c4ab" : String($0 + 8, radix: 16) }
        let lines = try answers(serials.joined(separator: "\n"), from: index)
        #expect(lines.count == serials.count)
        for (line, serial) in zip(lines, serials) where !line.hasPrefix("{\"serial\":\"\(serial)\",") {
            Issue.record("\(line) for \(serial)")
        }
        #expect(lines.filter { $0.contains("\"revoked\"") }.count == (serials.count + 2) / 3)
    }

    @Test("An index that was changed is not answered from")
    func bentIndex() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = folder.appending(path: "index").path
        _ = try check(try jpki.list(entries), index: index)
        var octets = [UInt8](try Data(contentsOf: URL(filePath: index)))
        octets[octets.count / 2] ^= 0x10
        let bent = try file("bent", octets)
        #expect(throws: ListCheckFailure.self) { try StatusStream.open(bent) }
        #expect(throws: ListCheckFailure.self) { try StatusStream.open(bent + ".none") }
    }
}
