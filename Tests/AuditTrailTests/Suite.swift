import AuditTrail
import Foundation
import PKIX
import Testing

/// The published vectors, read where they lie.
enum Suite {
    static func cases<Case: Decodable>(_ file: String, as type: Case.Type) -> [Case] {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let suites =
            environment["AKASHI_SUITES"].map { URL(filePath: $0, relativeTo: root) }
            ?? root.deletingLastPathComponent().appending(path: "shared/suites")
        let url = suites.appending(path: "merkle-rfc6962").appending(path: file)
        guard let data = try? Data(contentsOf: url) else {
            print("AuditTrailTests: no suite at \(url.path); set AKASHI_SUITES")
            if environment["AKASHI_SUITES_OPTIONAL"] != "1" { Issue.record("the suite \(file) is absent") }
            return []
        }
        do {
            return try JSONDecoder().decode([Case].self, from: data)
        } catch {
            Issue.record("\(file) cannot be read: \(error)")
            return []
        }
    }
}

struct InclusionCase: Decodable, Sendable {
    let leafIdx: UInt64
    let treeSize: UInt64
    let root: String?
    let leafHash: String?
    let proof: [String]?
    let desc: String
    let wantErr: Bool
}

struct ConsistencyCase: Decodable, Sendable {
    let size1: UInt64
    let size2: UInt64
    let root1: String?
    let root2: String?
    let proof: [String]?
    let desc: String
    let wantErr: Bool
}

func octets(_ text: String?) -> [UInt8] { text.flatMap { decodeBase64($0) } ?? [] }

/// Nil when it is not the base64 of 32 octets: such input is refused before any proof is looked at.
func hash(_ text: String?) -> MerkleHash? { text.flatMap { decodeBase64($0) }.flatMap { MerkleHash($0) } }

func hashes(_ texts: [String]?) -> [MerkleHash]? {
    let all = (texts ?? []).map { hash($0) }
    return all.contains(nil) ? nil : all.compactMap { $0 }
}

/// Leaves that differ from each other.
func leaves(_ count: Int) -> [MerkleHash] { (0..<count).map { .leaf(Array("leaf \($0)".utf8)) } }
