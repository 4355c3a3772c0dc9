import Foundation
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import Testing
import Verification

@Suite("No serial in clear")
struct PrivacyTests {
    @Test("A canary serial is in no file of the store in any form, and not beside it")
    func canary() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        let sealer = try FileSerialSealer(path: fixture.folder + "/serials.keys", whenMissing: .create)
        let serial = try #require(SerialNumber(hex: "7C0FFEE50C0E7B"))
        for number in 0..<50 {
            let sealed = try sealer.seal(serial, issuerKeyIdentifier: [1, 2], of: StoreFixture.sapporo)
            try await store.commit(
                fixture.record("ver_\(number)", serial: sealed), consuming: nil, audit: fixture.event())
        }
        _ = try await store.signCheckpoint()
        _ = try await store.backup(to: fixture.folder + "/backup.db", audit: fixture.event(.storeBackedUp))
        #expect(try await store.delete("ver_1", of: StoreFixture.sapporo, audit: fixture.event(.verificationDeleted)))
        let value = try #require(serial.unsigned64)
        let canaries = [
            Data(serial.octets), Data(serial.hex.utf8), Data(serial.hex.lowercased().utf8), Data(String(value).utf8),
            Data(withUnsafeBytes(of: value.littleEndian) { Array($0.prefix(7)) }), Data(base64(serial.octets).utf8),
        ]
        let files = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder)
        #expect(files.contains("akashi.db-wal"))
        for file in files {
            guard let data = FileManager.default.contents(atPath: fixture.folder + "/" + file) else { continue }
            for canary in canaries { #expect(data.range(of: canary) == nil, "\(file)") }
        }
    }

    @Test("What is deleted is gone from the file")
    func deleted() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let canary = "canary-d7e1c0a9"
        let record = VerificationRecord(
            id: "ver_1", kind: .verification, municipality: StoreFixture.sapporo, environment: .sandbox,
            actor: "city-system", site: nil, purpose: "seal_certificate", createdAt: StoreFixture.start,
            result: "valid", body: Array(canary.utf8), serial: nil, requestID: "req_1", idempotency: nil)
        try await store.commit(record, consuming: nil, audit: fixture.event())
        #expect(try await store.delete("ver_1", of: StoreFixture.sapporo, audit: fixture.event(.verificationDeleted)))
        try store.close()
        for suffix in ["", "-wal"] {
            let data = FileManager.default.contents(atPath: fixture.path + suffix) ?? Data()
            #expect(data.range(of: Data(canary.utf8)) == nil, "\(suffix)")
        }
    }
}
