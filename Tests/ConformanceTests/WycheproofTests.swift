import Foundation
import PKIX
import Testing

/// Wycheproof's signature checks through `akashi batch`.
@Suite("Wycheproof")
struct WycheproofTests {
    struct File: Decodable { let testGroups: [Group] }

    struct Group: Decodable {
        let publicKeyDer: String
        let sha: String
        let mgfSha: String?
        let sLen: Int?
        let tests: [Case]
    }

    struct Case: Decodable {
        let tcId: Int
        let msg: String
        let sig: String
        let result: String
    }

    @Test(
        "Every valid signature is accepted and every other refused",
        arguments: [
            ("ecdsa_secp256r1_sha256_test", "ecdsa-with-SHA256", 484),
            ("ecdsa_secp384r1_sha384_test", "ecdsa-with-SHA384", 504),
            ("rsa_signature_2048_sha256_test", "sha256WithRSAEncryption", 259),
            ("rsa_pss_2048_sha256_mgf1_32_test", "rsassaPss", 108),
        ])
    func signatures(file: String, algorithm: String, count: Int) throws {
        guard let suite = try PublicSuites.json("wycheproof/\(file).json", as: File.self) else { return }
        var tried = 0
        for group in suite.testGroups {
            let key = base64(try #require([UInt8](hex: group.publicKeyDer)))
            for test in group.tests {
                let answer = try PublicSuites.answer([
                    "op": "verify_signature", "id": test.tcId, "public_key": key,
                    "signature_algorithm": name(algorithm, group),
                    "message": base64(try #require([UInt8](hex: test.msg))),
                    "signature": base64(try #require([UInt8](hex: test.sig))),
                ])
                // The one acceptable case lacks the NULL of the DigestInfo; it is refused.
                #expect(answer["valid"] as? Bool == (test.result == "valid"), "\(file) \(test.tcId)")
                tried += 1
            }
        }
        #expect(tried == count)
    }

    private func name(_ algorithm: String, _ group: Group) -> [String: Any] {
        guard algorithm == "rsassaPss" else { return ["name": algorithm] }
        return ["name": algorithm, "hash": group.sha, "mgf_hash": group.mgfSha ?? "", "salt_length": group.sLen ?? 0]
    }
}
