import BatchStatus
import CertificateIssuing
import Foundation
import HTTPSupport
import HTTPTypes
import Organizations
import PKIX
import Testing
import WireFormat

@Suite("Bulk jobs as CSV and as gzip")
struct BatchFormTests {
    private static let path = "/v1/status_batches?purpose=certificate_issuance"
    /// A header, a row about serial 05 and a row that lacks a field.
    private static let table = "ref,issuer_id,serial_number\r\n\"a,1\",issuer-a,05\r\nb,issuer-a\r\n"
    /// The same, gzip.
    private static let packed =
        "H4sIAAAAAAACAytKTdPJLC4uTS2Kz0zRKU4tykzMic8rzU1KLeLlUkrUMVSCSusm6hiY8nIlwbm8XABh7sFpPAAAAA=="

    private func send(
        _ fixture: APIFixture, _ body: [UInt8], type: String = "text/csv", encoding: String? = nil
    ) async throws -> Exchange {
        var headers: HTTPFields = [.contentType: type]
        if let encoding { headers[.contentEncoding] = encoding }
        return try await fixture.send(
            .post, BatchFormTests.path, peer: .certificate(try Clients.identity("city").certificate.der), body: body,
            headers: headers)
    }

    private func rows(_ body: [UInt8], encoding: String? = nil) async throws -> [Substring] {
        let folder = try BatchFolder()
        let fixture = try APIFixture(scopes: [.batch], batches: folder.service)
        var text = ""
        try await folder.running {
            let id = try #require(try await send(fixture, body, encoding: encoding).json["id"]?.text)
            for _ in 0..<500 where text.isEmpty {
                let items = try await fixture.send(
                    .get, "/v1/status_batches/\(id)/items", headers: [.accept: "text/csv"])
                if items.status == 200 { text = items.text } else { try await Task.sleep(for: .milliseconds(10)) }
            }
        }
        return text.split(separator: "\r\n")
    }

    @Test("A header that is none, a body that is not gzip or ends early, and other encodings are refused")
    func refused() async throws {
        let folder = try BatchFolder()
        let fixture = try APIFixture(scopes: [.batch], batches: folder.service)
        for text in ["", "serial\n1\n", "ref,ref\n1,2\n", "ref,issuer_id,serial_number"] {
            #expect(try await send(fixture, Array(text.utf8)).status == 400, "\(text)")
        }
        let packed = try #require(decodeBase64(BatchFormTests.packed))
        #expect(try await send(fixture, packed, encoding: "br").problem == "unsupported_media_type")
        #expect(try await send(fixture, Array(BatchFormTests.table.utf8), encoding: "gzip").status == 400)
        #expect(try await send(fixture, packed.dropLast(), encoding: "gzip").status == 400)
        #expect(try await send(fixture, packed + [0], encoding: "gzip").status == 400)
        var damaged = packed
        damaged[damaged.count - 6] ^= 1
        #expect(try await send(fixture, damaged, encoding: "gzip").status == 400)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/jobs") == [])
    }

    @Test("Rows in, rows out; a faulty row costs itself; packed or not is the same")
    func table() async throws {
        let plain = try await rows(Array(BatchFormTests.table.utf8))
        #expect(plain.count == 3)
        #expect(plain.first == Substring(BatchCSVWriter.statusColumns.joined(separator: ",")))
        #expect(plain[1].hasPrefix("1,\"a,1\",undetermined,"))
        #expect(plain[2].hasPrefix("2,,,") && plain[2].contains("invalid_csv_line"))
        let packed = try #require(decodeBase64(BatchFormTests.packed))
        let unpacked = try await rows(packed, encoding: "gzip")
        #expect(unpacked == plain)
    }

    @Test(
        "What is no row of CSV is none",
        arguments: ["\"a", "a\"b,c", "\"a\"b,c", "\"a\",\"b"])
    func faulty(row: String) throws {
        var reader = BatchCSVReader(columns: ["ref", "issuer_id"], longestLine: 100)
        let lines = try reader.take(Array("ref,issuer_id\n\(row)\n\"x\"\"y\",\n".utf8))
        #expect(String(decoding: lines, as: UTF8.self) == "\n{\"ref\":\"x\\\"y\"}\n")
    }
}
