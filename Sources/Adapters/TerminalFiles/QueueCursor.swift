internal import Foundation
internal import SignatureAlgorithms

/// How far the records of a queue have been handed over, in a file beside it: two places that are written in turn, so that
/// one of them is whole whatever happens. It is written over in place, since a full disk must not stop a hand-over.
///
/// ```
/// place = "AKASHIR1", queue (16), sequence of the queue file's first record (8), sequence of the last record that was
///         handed over (8), its digest (32), where it ends in the queue file (8), SHA-256 of the foregoing (32)
/// ```
struct QueueCursor {
    struct Position: Hashable {
        var queue: [UInt8]
        /// That the queue file begins with: a cursor of an earlier file says nothing.
        var first: UInt64
        var last: UInt64
        var digest: [UInt8]
        var end: Int

        fileprivate var octets: [UInt8] {
            let start =
                QueueCursor.magic + queue + QueueFile.octets(first, 8) + QueueFile.octets(last, 8) + digest
                + QueueFile.octets(UInt64(end), 8)
            return start + HashAlgorithm.sha256.digest(of: start)
        }

        fileprivate init?(_ octets: [UInt8]) {
            let body = QueueCursor.placeLength - 32
            guard octets.count == QueueCursor.placeLength, octets.starts(with: QueueCursor.magic),
                Array(octets[body...]) == HashAlgorithm.sha256.digest(of: Array(octets[..<body]))
            else { return nil }
            func number(_ start: Int) -> UInt64 { octets[start..<(start + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
            queue = Array(octets[8..<24])
            (first, last) = (number(24), number(32))
            digest = Array(octets[40..<72])
            guard let end = Int(exactly: number(72)) else { return nil }
            self.end = end
        }

        init(queue: [UInt8], first: UInt64, last: UInt64, digest: [UInt8], end: Int) {
            (self.queue, self.first, self.last, self.digest, self.end) = (queue, first, last, digest, end)
        }
    }

    private static let magic = Array("AKASHIR1".utf8)
    static let placeLength = 112

    let path: String

    /// What was handed over of the file with this head; nil for nothing.
    func position(of head: QueueFile.Head) throws(TerminalFileError) -> Position? {
        guard let octets = try OwnFile.read(path, limit: 4_096) else { return nil }
        return QueueCursor.positions(octets).compactMap { $0 }
            .filter { $0.queue == head.queue && $0.first == head.sequence }.max { $0.last < $1.last }
    }

    private static func positions(_ octets: [UInt8]) -> [Position?] {
        [0, placeLength].map { start in
            octets.count >= start + placeLength ? Position(Array(octets[start..<(start + placeLength)])) : nil
        }
    }

    /// Makes the file in its full size, so that later writes need no space.
    func make() throws(TerminalFileError) {
        guard access(path, F_OK) != 0 else { return }
        try OwnFile.replace(path, [UInt8](repeating: 0, count: 2 * QueueCursor.placeLength))
    }

    /// Durable on return.
    func write(_ position: Position) throws(TerminalFileError) {
        try make()
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        let places = QueueCursor.positions(try OwnFile.read(descriptor, from: 0, limit: 4_096))
        // The place that says the less: what the other says stands until this is whole.
        let isFirst = QueueCursor.rank(places[0], position) <= QueueCursor.rank(places[1], position)
        try OwnFile.write(position.octets, to: descriptor, at: isFirst ? 0 : QueueCursor.placeLength)
        guard fsync(descriptor) == 0 else { throw .last("fsync") }
    }

    private static func rank(_ place: Position?, _ now: Position) -> UInt64 {
        guard let place, place.queue == now.queue, place.first == now.first else { return 0 }
        return place.last
    }
}
