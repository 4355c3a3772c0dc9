import Foundation
import Testing

/// NIST PKITS through `akashi batch`: every verdict, and the user-constrained policy set of every valid path.
@Suite("PKITS")
struct PKITSTests {
    struct Manifest: Decodable {
        let validation_time: String
        let tests: [Case]
    }

    struct Case: Decodable {
        let id: String
        let trust_anchor: String
        let target: String
        let intermediates: [String]
        let crls: [String]
        let initial_policy_set: [String]
        let initial_explicit_policy: Bool
        let initial_policy_mapping_inhibit: Bool
        let initial_inhibit_any_policy: Bool
        let expected: String
        let expected_user_constrained_policy_set: [String]
    }

    @Test("249 verdicts and policy sets, of which only the known divergences differ")
    func verdicts() throws {
        guard let manifest = try PublicSuites.json("pkits/manifest.json", as: Manifest.self) else { return }
        let known = try KnownDivergences.read("pkits")
        var seen: Set<String> = []
        for test in manifest.tests {
            let answer = try PublicSuites.answer(try request(test, manifest.validation_time))
            let isExpected = try agrees(answer, test)
            if known.contains(test.id) {
                seen.insert(test.id)
                #expect(!isExpected, "\(test.id) is a known divergence and now agrees: take it off the list")
            } else {
                #expect(isExpected, "\(test.id): expected \(test.expected), got \(answer["result"] ?? "nothing")")
            }
        }
        #expect(manifest.tests.count == 249)
        #expect(seen == known)
    }

    private func agrees(_ answer: [String: Any], _ test: Case) throws -> Bool {
        guard answer["result"] as? String == test.expected else { return false }
        guard test.expected == "valid" else { return true }
        return try #require(answer["policies"] as? [String]).sorted()
            == test.expected_user_constrained_policy_set.sorted()
    }

    private func request(_ test: Case, _ time: String) throws -> [String: Any] {
        func base64(_ path: String) throws -> String {
            try #require(PublicSuites.data("pkits/\(path)")).base64EncodedString()
        }
        return [
            "op": "validate_path", "id": test.id, "certificate": try base64(test.target),
            "intermediates": try test.intermediates.map(base64), "trust_anchors": [try base64(test.trust_anchor)],
            "crls": try test.crls.map(base64), "validation_time": time, "revocation": "chain",
            "initial_policy_set": test.initial_policy_set,
            "require_explicit_policy": test.initial_explicit_policy,
            "inhibit_policy_mapping": test.initial_policy_mapping_inhibit,
            "inhibit_any_policy": test.initial_inhibit_any_policy,
        ]
    }
}

/// Cases whose answer differs on purpose: `docs/known-divergences.tsv`, suite, case and why.
enum KnownDivergences {
    static func read(_ suite: String) throws -> Set<String> {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let url = package.appending(path: "docs/known-divergences.tsv")
        let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: "\t")
        }
        return Set(rows.filter { $0.count == 3 && $0[0] == suite }.map { String($0[1]) })
    }
}
