import Crypto
import Foundation
import KeyFiles
import OfflineEvidence
import PKIX
import TerminalFiles
import TerminalSession
import Testing
import Verification

@Suite("Sealed records")
struct SealedRecordTests {
    private static func records(_ count: Int) async throws -> (RecordFixture, [WaitingRecord]) {
        let fixture = try RecordFixture()
        let queue = try fixture.queue()
        for number in 0..<count { _ = try await queue.append(RecordFixture.proof("\(number)")) }
        return (fixture, try await queue.waiting(limit: count))
    }

    @Test("Any changed octet is found: by the decoder, the signature or the seal")
    func everyOctet() async throws {
        let (fixture, waiting) = try await SealedRecordTests.records(1)
        let octets = try #require(waiting.first).octets
        let key = try fixture.key()
        for index in octets.indices {
            var changed = octets
            changed[index] ^= 0x01
            guard let record = try? SealedRecord(der: changed) else { continue }
            #expect(!record.isSigned(by: key), "octet \(index)")
        }
        for length in 0..<octets.count { #expect((try? SealedRecord(der: octets.prefix(length))) == nil) }
        #expect((try? SealedRecord(der: octets + [0])) == nil)
    }

    @Test("The centre opens what the device sealed, with that header and no other")
    func bound() async throws {
        let (fixture, waiting) = try await SealedRecordTests.records(2)
        let records = try RecordFixture.chain(waiting)
        for record in records { #expect(record.isSigned(by: try fixture.key())) }
        let text = String(decoding: try fixture.opened(records[0]), as: UTF8.self)
        #expect(text.contains(base64(RecordFixture.proof("0").certificate)))
        let sealed = SealedOctets(
            encapsulatedKey: Array(records[0].encapsulatedKey), ciphertext: Array(records[0].ciphertext))
        let other = try #require(
            RecordOrigin(
                environment: "sandbox", municipality: "131016", site: "hall", terminal: "t-1", device: "dev_1"))
        for (info, data) in [
            (other.sealingInfo, records[0].header.der), (fixture.origin.sealingInfo, records[1].header.der),
        ] {
            #expect(throws: (any Error).self) {
                try fixture.keyring.open(
                    sealed, keyID: records[0].header.sealingKey, info: info, associatedData: data)
            }
        }
    }

    @Test("Dropped, swapped, forked, repeated and rewritten records have their place in the chain")
    func chain() async throws {
        let (_, waiting) = try await SealedRecordTests.records(3)
        let (_, others) = try await SealedRecordTests.records(3)
        let (records, foreign) = (try RecordFixture.chain(waiting), try RecordFixture.chain(others))
        func place(_ record: SealedRecord, _ neighbours: ChainNeighbours) -> ChainPlace {
            ChainPlace(of: record, among: neighbours)
        }
        #expect(place(records[0], ChainNeighbours()) == .linked)
        #expect(place(records[2], ChainNeighbours()) == .afterGap)
        #expect(place(records[1], ChainNeighbours(before: records[0].digest)) == .linked)
        #expect(place(records[1], ChainNeighbours(before: foreign[0].digest)) == .broken)
        #expect(place(records[1], ChainNeighbours(same: records[1].digest)) == .repeated)
        #expect(place(foreign[1], ChainNeighbours(same: records[1].digest)) == .conflicting)
        #expect(place(records[1], ChainNeighbours(after: records[2].header.previous)) == .afterGap)
        #expect(place(foreign[1], ChainNeighbours(after: records[2].header.previous)) == .broken)
    }

    @Test("Lengths say little: contents of one and of a thousand octets seal to the same size")
    func padding() {
        #expect(SealedContents.padded([1])?.count == SealedContents.padded([UInt8](repeating: 1, count: 1_000))?.count)
        #expect(SealedContents.padded([UInt8](repeating: 1, count: SealedContents.largest + 1)) == nil)
        var octets = SealedContents.padded([1, 2, 3]) ?? []
        #expect(SealedContents.unpadded(octets) == [1, 2, 3])
        octets[octets.count - 1] = 1
        #expect(SealedContents.unpadded(octets) == nil)
    }

    @Test("The suite's HPKE set of our kinds opens as RFC 9180 says")
    func vectors() throws {
        struct Vector: Decodable {
            struct Encryption: Decodable { let aad, ct, pt: String }
            let mode, kem_id, kdf_id, aead_id: Int
            let info, skRm, enc: String
            let encryptions: [Encryption]
        }
        let environment = ProcessInfo.processInfo.environment
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let suites = environment["AKASHI_SUITES"] ?? root.appending(path: "../shared/suites").path
        guard let data = FileManager.default.contents(atPath: suites + "/hpke/hpke-test-vectors.json") else {
            print("SKIPPED: no HPKE vectors at \(suites)")
            if environment["AKASHI_SUITES_OPTIONAL"] != "1" { Issue.record("no HPKE vectors at \(suites)") }
            return
        }
        let sets = try JSONDecoder().decode([Vector].self, from: data).filter {
            ($0.mode, $0.kem_id, $0.kdf_id, $0.aead_id) == (0, 32, 1, 2)
        }
        #expect(!sets.isEmpty)
        let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
        for set in sets {
            let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Data(hex: set.skRm))
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: suite, info: Data(hex: set.info), encapsulatedKey: Data(hex: set.enc))
            for encryption in set.encryptions {
                let opened = try recipient.open(Data(hex: encryption.ct), authenticating: Data(hex: encryption.aad))
                #expect(opened == Data(hex: encryption.pt))
            }
        }
    }
}

extension Data {
    fileprivate init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self.init(stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
    }
}
