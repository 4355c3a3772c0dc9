import CardProtocol
import Foundation
import KeyFiles
import OfflineEvidence
import PKIX
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import Verification

/// A folder of keys, one device and one centre.
final class RecordFixture {
    let path: String
    let signer: FileSigner
    let keyring: SealingKeyring
    let sealer: CentreSealer
    let origin: RecordOrigin
    static let now = ValidationTime(secondsSince1970: 1_775_001_600)

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "akashi-device-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        signer = try FileSigner(path: path + "/device.key", whenMissing: .create(.p256))
        keyring = try SealingKeyring(path: path + "/centre.keys", whenMissing: .create)
        sealer = try #require(CentreSealer(keyring.currentKey))
        origin = try #require(
            RecordOrigin(
                environment: "sandbox", municipality: "011002", site: "hall", terminal: "t-1", device: "dev_1"))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func queue(_ name: String = "queue", limits: SealedQueueFolder.Limits = .init()) throws -> SealedQueueFolder {
        try SealedQueueFolder(
            path + "/" + name,
            maker: .init(
                origin: origin, signer: signer, sealer: sealer, clock: ManualClock(RecordFixture.now),
                randomness: SystemRandomness()), limits: limits)
    }

    static func proof(_ text: String = "") -> CardProof {
        let certificate = Array("CANARY-CERTIFICATE 山田太郎 19800101 \(text)".utf8)
        return CardProof(
            key: .userAuthentication, medium: .card, certificate: certificate,
            signature: [UInt8](repeating: 9, count: 256), algorithm: .rsa2048,
            message: .content(Array("challenge".utf8)), challenge: nil, purpose: "login")
    }

    /// What the centre reads in a record.
    func opened(_ record: SealedRecord) throws -> [UInt8] {
        let octets = try keyring.open(
            SealedOctets(encapsulatedKey: Array(record.encapsulatedKey), ciphertext: Array(record.ciphertext)),
            keyID: record.header.sealingKey, info: record.header.origin.sealingInfo,
            associatedData: record.header.der)
        return try #require(SealedContents.unpadded(octets))
    }

    func key() throws -> SubjectPublicKeyInfo { try SubjectPublicKeyInfo(der: signer.subjectPublicKeyInfo) }

    /// Records that stand in the queue, decoded, and that their chain holds.
    static func chain(_ waiting: [WaitingRecord]) throws -> [SealedRecord] {
        let records = try waiting.map { try SealedRecord(der: $0.octets) }
        for (earlier, later) in zip(records, records.dropFirst()) {
            let place = ChainPlace(of: later, among: ChainNeighbours(before: earlier.digest))
            #expect(place == .linked && later.header.sequence == earlier.header.sequence + 1)
        }
        return records
    }
}

/// The probe of the same build.
func probe(_ arguments: [String]) throws -> (Process, Pipe) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".build/release/QueueProbe")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    return (process, pipe)
}
