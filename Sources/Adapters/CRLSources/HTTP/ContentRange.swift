internal import Glibc
internal import OutgoingHTTP
internal import PKIX
internal import RevocationUpdating

/// `Content-Range: bytes 100-199/200` of a 206 (RFC 9110 §14.4), the total included.
struct ContentRange: Hashable, Sendable {
    let first: Int
    let last: Int
    let total: Int

    var count: Int { last - first + 1 }

    /// Nil unless all three numbers are there and fit.
    init?(_ field: String?) {
        guard let field, field.lowercased().hasPrefix("bytes ") else { return nil }
        let parts = field.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = ContentRange.number(ends[0]), let last = ContentRange.number(ends[1]),
            let total = ContentRange.number(parts[1]), first <= last, last < total
        else { return nil }
        (self.first, self.last, self.total) = (first, last, total)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.count <= 18 && text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? Int(text) : nil
    }
}

extension OutgoingHead {
    /// What tells these octets from all others (RFC 9110 §8.8): an entity tag that is not weak, or else a date that is
    /// at least a second older than the response.
    var strongValidator: DownloadNote.Validator? {
        if let tag = header("etag") { return OutgoingHead.isStrong(tag) ? .entityTag(tag) : nil }
        guard let modified = header("last-modified"), let date = header("date"), let then = HTTPDate.time(modified),
            let now = HTTPDate.time(date), now.seconds(since: then) >= 1
        else { return nil }
        return .lastModified(modified)
    }

    /// The field of this response that the part's validator must equal.
    func validator(like other: DownloadNote.Validator?) -> DownloadNote.Validator? {
        switch other {
        case .entityTag: header("etag").map { .entityTag($0) }
        case .lastModified: header("last-modified").map { .lastModified($0) }
        case nil: nil
        }
    }

    private static func isStrong(_ tag: String) -> Bool {
        tag.utf8.count >= 2 && tag.utf8.count <= 1_024 && tag.hasPrefix("\"") && tag.hasSuffix("\"")
    }
}

/// Dates of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Nil for the obsolete forms, which only costs a resumption.
    static func time(_ text: String) -> ValidationTime? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = (month < 9 ? "0" : "") + String(month + 1)
        return ValidationTime(rfc3339: "\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }
}

extension ListDownload {
    /// A content encoding would have to be undone before anything can be checked, so none is taken.
    static func isPlain(_ head: OutgoingHead) -> Bool {
        let type = head.header("content-type")?.lowercased() ?? ""
        return head.header("content-encoding")?.lowercased() ?? "identity" == "identity"
            && !type.hasPrefix("multipart/byteranges")
    }

    static func remove(_ path: String) { unlink(path) }
}

extension CRLFetchFailure {
    init(_ failure: OutgoingFailure) {
        self =
            switch failure {
            case .badURL: .badLocation
            case .connectionFailed: .connectionFailed
            case .timedOut: .timedOut
            case .tooSlow: .tooSlow
            case .tooLarge: .tooLarge
            case .cancelled: .cancelled
            }
    }
}
