import AuditTrail
import Crypto
import Foundation
import PKIX
import Testing

@Suite("Signed checkpoints")
struct CheckpointTests {
    let key = Curve25519.Signing.PrivateKey()
    let origin = "akashi.example/audit/sandbox"

    private func publicKey(_ name: String) throws -> CheckpointKey {
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        return try CheckpointKey(name: name, subjectPublicKeyInfo: prefix + Array(key.publicKey.rawRepresentation))
    }

    private func checkpoint(size: UInt64 = 7) throws -> Checkpoint {
        try Checkpoint(
            origin: origin, treeSize: size, rootHash: merkleRoot(leaves(Int(size))[...]),
            time: ValidationTime(secondsSince1970: 1_795_404_161))
    }

    private func signed(size: UInt64 = 7) throws -> SignedCheckpoint {
        try SignedCheckpoint(checkpoint(size: size), key: publicKey(origin)) { try Array(key.signature(for: $0)) }
    }

    @Test(
        "Text that is no checkpoint is refused",
        arguments: [
            "", "\n", "a\n1\n", "a b\n1\nAAAA\ntime 2026-11-23T03:22:41Z\n", "a\n01\nROOT\ntime 2026-11-23T03:22:41Z\n",
            "a\n+1\nROOT\ntime 2026-11-23T03:22:41Z\n", "a\n1\nROOT\n", "a\n1\nROOT\ntime 2026-11-23T03:22:41+09:00\n",
            "a\n1\nROOT\ntime 2026-11-23T03:22:41Z\nmore\n",
            "a\n99999999999999999999\nROOT\ntime 2026-11-23T03:22:41Z\n",
            "a\n1\nROOT\ntime 2026-11-23T03:22:41Z", "a\r\n1\nROOT\ntime 2026-11-23T03:22:41Z\n",
        ])
    func malformed(_ text: String) {
        let root = base64(MerkleHash.emptyRoot.octets)
        let text = text.replacing("ROOT", with: root)
        #expect(throws: AuditTrailError.malformedCheckpoint) { try Checkpoint(text: text) }
    }

    @Test("Any octet of a note that is changed is found")
    func everyOctet() throws {
        let note = Array(try signed().note.utf8)
        let verifier = try publicKey(origin)
        for index in note.indices {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var octets = note
                octets[index] ^= change
                guard let text = String(validating: octets, as: UTF8.self) else { continue }
                #expect(throws: AuditTrailError.self, "octet \(index)") {
                    try SignedCheckpoint(note: text, verifiedWith: verifier)
                }
            }
        }
    }

    @Test("A note of another key, or of another log, is refused")
    func otherKey() throws {
        let note = try signed().note
        let other = Curve25519.Signing.PrivateKey()
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let stranger = try CheckpointKey(
            name: origin, subjectPublicKeyInfo: prefix + Array(other.publicKey.rawRepresentation))
        #expect(throws: AuditTrailError.signatureMissing) { try SignedCheckpoint(note: note, verifiedWith: stranger) }
        let otherName = try publicKey("akashi.example/audit/production")
        #expect(throws: AuditTrailError.signatureMissing) { try SignedCheckpoint(note: note, verifiedWith: otherName) }
    }

    @Test("A key does not sign for a log of another name")
    func otherOrigin() throws {
        let name = "akashi.example/audit/production"
        let note = try SignedCheckpoint(checkpoint(), key: publicKey(name)) { try Array(key.signature(for: $0)) }.note
        let verifier = try publicKey(name)
        #expect(throws: AuditTrailError.otherOrigin) { try SignedCheckpoint(note: note, verifiedWith: verifier) }
    }

    @Test("A signer whose signature does not verify signs nothing")
    func brokenSigner() throws {
        let verifier = try publicKey(origin)
        let body = try checkpoint()
        #expect(throws: AuditTrailError.signatureInvalid) {
            try SignedCheckpoint(body, key: verifier) { _ in [UInt8](repeating: 0, count: 64) }
        }
    }

    @Test("A note with a witness's signature beside the log's is accepted")
    func witness() throws {
        let signed = try signed()
        let witnessed = signed.note + "\u{2014} witness.example \(base64([1, 2, 3, 4, 5, 6]))\n"
        #expect(try SignedCheckpoint(note: witnessed, verifiedWith: publicKey(origin)).checkpoint == signed.checkpoint)
    }

    @Test("Ed25519 and P-256 notes come back with what was signed")
    func roundTrip() throws {
        let edwards = try signed()
        #expect(try SignedCheckpoint(note: edwards.note, verifiedWith: publicKey(origin)) == edwards)
        let p256 = P256.Signing.PrivateKey()
        let verifier = try CheckpointKey(
            name: origin, subjectPublicKeyInfo: Array(p256.publicKey.derRepresentation))
        let note = try SignedCheckpoint(checkpoint(), key: verifier) {
            try Array(p256.signature(for: $0).derRepresentation)
        }
        #expect(try SignedCheckpoint(note: note.note, verifiedWith: CheckpointKey(text: verifier.text)) == note)
    }

    @Test("The example key of C2SP signed-note has the key id that the specification gives")
    func specifiedKeyID() throws {
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        let verifier = try CheckpointKey(text: text)
        #expect(verifier.keyID.hexString == "C74F20A3")
        #expect(throws: AuditTrailError.malformedKey) { try CheckpointKey(text: text.replacing("c74f", with: "c74e")) }
    }
}
