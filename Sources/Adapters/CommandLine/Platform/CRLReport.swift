internal import Foundation

/// What a platform says of its revocation lists, as lines for people.
package struct CRLReport: Sendable {
    private struct Collection<Item: Decodable>: Decodable {
        var items: [Item]
    }

    private struct List: Decodable {
        var id: String?
        var issuerID: String
        var sourceID: String
        var state: String
        var crlNumber: String?
        var thisUpdate: String?
        var nextUpdate: String?
        var entries: Int?
        var form: String
        var lastOutcomes: [String]
        var refusal: String?
        var proposal: Proposal?

        struct Proposal: Decodable {
            var proposedBy: String
            var reason: String
            var expiresAt: String
        }

        var line: String {
            var parts = [
                state, sourceID, id ?? "-", "number \(crlNumber ?? "-")", thisUpdate ?? "-", nextUpdate ?? "-",
            ]
            parts.append(entries.map { "\($0) entries" } ?? "-")
            if form == "delta" { parts.append("delta") }
            if id == nil, !lastOutcomes.isEmpty { parts.append(lastOutcomes.joined(separator: ",")) }
            if let refusal { parts.append(refusal) }
            if let proposal { parts.append("proposed by \(proposal.proposedBy) until \(proposal.expiresAt)") }
            return parts.joined(separator: "  ")
        }
    }

    private struct Refresh: Decodable {
        var sourceID: String
        var outcomes: [String]
    }

    private struct Import: Decodable {
        var outcome: String
        var sourceID: String?
        var crl: List?
    }

    /// For stdout.
    package let lines: [String]
    /// A code for each list that was looked at: `activated`, `unchanged`, `proposed`, or why not.
    package let outcomes: [String]

    /// The answer of `GET /v1/crls`; nil when it is none.
    package static func lists(_ body: [UInt8]) -> CRLReport? {
        decode(Collection<List>.self, body).map { CRLReport(lines: $0.items.map(\.line), outcomes: []) }
    }

    /// The answer of `POST /v1/crls/refresh`.
    package static func refresh(_ body: [UInt8]) -> CRLReport? {
        decode(Collection<Refresh>.self, body).map { answer in
            CRLReport(
                lines: answer.items.map { "\($0.sourceID)  \($0.outcomes.joined(separator: " "))" },
                outcomes: answer.items.flatMap(\.outcomes))
        }
    }

    /// The answer of `POST /v1/crls` and of `POST /v1/crls/{crl_id}/accept`.
    package static func change(_ body: [UInt8]) -> CRLReport? {
        decode(Import.self, body).map { answer in
            let list = answer.crl.map { "  " + $0.line } ?? ""
            return CRLReport(lines: [answer.outcome + list], outcomes: [answer.outcome])
        }
    }

    private static func decode<Body: Decodable>(_ type: Body.Type, _ body: [UInt8]) -> Body? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let words = (path.last?.stringValue ?? "").split(separator: "_").map(String.init)
            let rest = words.dropFirst().map { $0 == "id" ? "ID" : $0.capitalized }
            return Key(stringValue: ([words.first ?? ""] + rest).joined())
        }
        return try? decoder.decode(type, from: Data(body))
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
