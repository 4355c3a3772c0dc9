internal import PKIX

/// A file that is read in pieces: what it says about its own length is checked before the next piece is asked for.
struct FileAssembly: Hashable, Sendable {
    let file: CardFile
    private(set) var octets: [UInt8] = []
    /// Known once the header is there.
    private var total: Int?

    /// Octets of one READ BINARY, the most that a short answer holds.
    static let piece = 256
    /// Enough for a tag of two octets, a length of up to three, and the two octets that some cards are said to put before.
    static let header = 8

    init(_ file: CardFile) {
        self.file = file
        if case .fixed(let count) = file.extent { total = count }
    }

    /// The next command; nil when the file is whole.
    var next: CommandAPDU? {
        guard let total else {
            return .readBinary(offset: 0, count: file.extent == .der ? FileAssembly.piece : FileAssembly.header)
        }
        let left = total - octets.count
        return left > 0 ? .readBinary(offset: octets.count, count: min(left, FileAssembly.piece)) : nil
    }

    /// Takes the answer to ``next``.
    mutating func append(_ data: [UInt8]) throws(CardFault) {
        guard let expected = next?.expected else { throw .malformedAnswer(.unexpectedContents) }
        guard !data.isEmpty else { throw .malformedAnswer(.truncated) }
        guard data.count <= expected else { throw .malformedAnswer(.tooLong) }
        octets += data
        if total == nil {
            total = try length()
        }
        // What stands behind the file's own end is filler.
        if let total, octets.count > total { octets.removeLast(octets.count - total) }
    }

    private func length() throws(CardFault) -> Int {
        let found: Int
        if file.extent == .der {
            guard octets.first == 0x30 else { throw .malformedAnswer(.unexpectedContents) }
            guard
                let header = try? DERHeader.decode(arriving: octets.span, at: 0, limit: CardFile.largest)
            else { throw .malformedAnswer(.unexpectedContents) }
            found = header.end
        } else {
            let start = RecordHeader.start(of: octets)
            guard let header = try? RecordHeader(octets[start...]) else {
                throw .malformedAnswer(.unexpectedContents)
            }
            found = start + header.headerLength + header.length
        }
        guard found <= CardFile.largest else { throw .malformedAnswer(.tooLong) }
        return found
    }
}
