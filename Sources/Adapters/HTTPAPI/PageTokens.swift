internal import Crypto
internal import Organizations
internal import PKIX
internal import Verification

/// Opaque, signed tokens that lead to the next page of exactly the list that gave them out.
package struct PageTokens: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: at least 32 octets, the same on every node of a site.
    package init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// A token for the records of `query` after `last`.
    func token(for query: RecordQuery, after last: String) -> String { token(for: filters(query), after: last) }

    /// A token for the list that `filters` describe, each of its own place.
    func token(for filters: [String], after last: String) -> String {
        let content = Array(last.utf8)
        return urlSafe(base64(Array(tag(content, filters)) + content))
    }

    /// The id that `token` continues after; nil when it was not given out for this query.
    func position(in token: String, for query: RecordQuery) -> String? { position(in: token, for: filters(query)) }

    /// The same for the list that `filters` describe.
    func position(in token: String, for filters: [String]) -> String? {
        guard token.utf8.count <= 256, let octets = decodeBase64(standard(token)), octets.count > 32 else { return nil }
        let content = Array(octets.dropFirst(32))
        let tag = tag(content, filters)
        // Compared in constant time.
        guard
            HMAC<SHA256>.isValidAuthenticationCode(
                octets.prefix(32), authenticating: input(content, filters), using: key),
            tag.byteCount == 32
        else { return nil }
        return String(validating: content, as: UTF8.self)
    }

    private func tag(_ content: [UInt8], _ filters: [String]) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: input(content, filters), using: key)
    }

    /// The filters are under the tag, so that a token cannot be moved to another list or another municipality.
    private func input(_ content: [UInt8], _ filters: [String]) -> [UInt8] {
        Array(filters.joined(separator: "\n").utf8) + [0] + content
    }

    private func filters(_ query: RecordQuery) -> [String] {
        [
            query.kind.rawValue, query.municipality.digits, query.createdSince?.description ?? "",
            query.createdUntil?.description ?? "",
        ]
    }

    private func urlSafe(_ text: String) -> String {
        String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }.filter { $0 != "=" })
    }

    private func standard(_ text: String) -> String {
        let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        return plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
    }
}
