internal import Foundation

/// What is known of the list of which a part lies in the spool: enough to ask for the rest of the same one.
struct DownloadNote: Hashable, Sendable {
    /// A strong validator (RFC 9110 §8.8.1): the same one means the same octets.
    enum Validator: Hashable, Sendable {
        case entityTag(String)
        case lastModified(String)

        /// As If-Range takes it (RFC 9110 §13.1.5).
        var text: String {
            switch self {
            case .entityTag(let text), .lastModified(let text): text
            }
        }
    }

    let url: String
    let validator: Validator
    /// Octets of the whole list; nil when the server did not say.
    let total: Int?

    init(url: String, validator: Validator, total: Int?) {
        (self.url, self.validator, self.total) = (url, validator, total)
    }

    private static let firstLine = "akashi-part 1"

    /// Reads a note of at most 8 KiB; nil when there is none, or one that this program did not write whole.
    init?(path: String) {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 8_193), data.count <= 8_192 else { return nil }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, lines[0] == DownloadNote.firstLine, lines[5].isEmpty else { return nil }
        let text = String(lines[3])
        switch lines[2] {
        case "etag": validator = .entityTag(text)
        case "last-modified": validator = .lastModified(text)
        default: return nil
        }
        guard lines[4] == "-" || Int(lines[4]) != nil else { return nil }
        (url, total) = (String(lines[1]), Int(lines[4]))
    }

    /// Writes the note; a note that cannot be written is none, and then the download begins anew.
    func write(to path: String) {
        let kind =
            switch validator {
            case .entityTag: "etag"
            case .lastModified: "last-modified"
            }
        let lines = [DownloadNote.firstLine, url, kind, validator.text, total.map(String.init) ?? "-", ""]
        guard lines.dropLast().allSatisfy({ !$0.contains(where: \.isNewline) }) else { return }
        try? Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
