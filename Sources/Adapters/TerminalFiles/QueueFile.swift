internal import CProcess
internal import Foundation
internal import SignatureAlgorithms

/// The queue's one file: a head that says where the chain goes on, then records in their order.
///
/// ```
/// head   = "AKASHIQ1", queue (16), sequence of the first record (8), digest of the record before it (32),
///          SHA-256 of the foregoing (32)
/// record = length (4), SHA-256 of the octets (32), octets
/// ```
/// A record is acknowledged once it has been flushed. What a loss of power leaves behind the last whole record is cut off;
/// it was never acknowledged. Damage anywhere else is told, and nothing is cut.
///
/// What has been handed over is noted beside the file (``QueueCursor``) and leaves it when it is half of it or all, so
/// that handing over a whole queue costs in proportion to its size.
struct QueueFile {
    static let largestRecord = 73_728
    static let headLength = 96
    static let frameLength = 36
    private static let magic = Array("AKASHIQ1".utf8)

    struct Head: Hashable {
        var queue: [UInt8]
        var sequence: UInt64
        var previous: [UInt8]

        var octets: [UInt8] {
            let start = QueueFile.magic + queue + QueueFile.octets(sequence, 8) + previous
            return start + HashAlgorithm.sha256.digest(of: start)
        }

        init(queue: [UInt8], sequence: UInt64, previous: [UInt8]) {
            (self.queue, self.sequence, self.previous) = (queue, sequence, previous)
        }

        init(_ octets: [UInt8]) throws(TerminalFileError) {
            guard octets.count == QueueFile.headLength, octets.starts(with: QueueFile.magic),
                Array(octets[64...]) == HashAlgorithm.sha256.digest(of: Array(octets[..<64]))
            else { throw .damaged("the queue's head") }
            queue = Array(octets[8..<24])
            sequence = octets[24..<32].reduce(0) { $0 << 8 | UInt64($1) }
            previous = Array(octets[32..<64])
        }
    }

    /// Where a record stands in the file.
    struct Frame: Hashable {
        let offset: Int
        let length: Int
        var end: Int { offset + QueueFile.frameLength + length }
    }

    let path: String
    private let cursor: QueueCursor
    private(set) var head: Head
    /// Of the records that wait.
    private(set) var frames: ArraySlice<Frame> = []
    /// What was handed over and still stands in the file.
    private var handedOver: QueueCursor.Position?
    /// SHA-256 of the last record, or of the one before the first.
    private(set) var lastDigest: [UInt8]
    private(set) var end = QueueFile.headLength
    /// Octets that were cut off at the end when the file was opened.
    private(set) var cut = 0

    /// The number of the oldest record that waits, or of the next.
    var firstSequence: UInt64 { handedOver.map { $0.last &+ 1 } ?? head.sequence }
    var nextSequence: UInt64 { firstSequence &+ UInt64(frames.count) }
    private var start: Int { handedOver?.end ?? QueueFile.headLength }
    var hasHandedOver: Bool { handedOver != nil }

    /// Reads the file and cuts what is not whole at its end; makes a new queue where there is none.
    init(path: String, newQueue: () -> [UInt8], limit: Int) throws(TerminalFileError) {
        self.path = path
        cursor = QueueCursor(path: path + ".handed-over")
        if access(path, F_OK) != 0 {
            let none = [UInt8](repeating: 0, count: 32)
            try OwnFile.replace(path, Head(queue: newQueue(), sequence: 1, previous: none).octets)
        }
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        let octets = try OwnFile.read(descriptor, from: 0, limit: limit + QueueFile.largestRecord)
        head = try Head(Array(octets.prefix(QueueFile.headLength)))
        handedOver = try cursor.position(of: head)
        lastDigest = handedOver?.digest ?? head.previous
        end = start
        // Every record was durable before it was handed over.
        guard end <= octets.count else { throw .damaged("the queue is shorter than it was") }
        try scan(octets)
        cut = octets.count - end
        guard cut > 0 else { return }
        guard ftruncate(descriptor, off_t(end)) == 0 else { throw .last("ftruncate") }
        guard fsync(descriptor) == 0 else { throw .last("fsync") }
    }

    private mutating func scan(_ octets: [UInt8]) throws(TerminalFileError) {
        while end < octets.count {
            guard let (frame, digest) = QueueFile.frame(octets, at: end) else {
                return try checkTail(octets)
            }
            frames.append(frame)
            lastDigest = digest
            end = frame.end
        }
    }

    /// One append at a time reaches the file, so only the last one can be in part: behind it there is nothing.
    private func checkTail(_ octets: [UInt8]) throws(TerminalFileError) {
        let rest = octets.count - end
        guard rest <= QueueFile.frameLength + QueueFile.largestRecord else { throw .damaged("a record in the middle") }
        // A whole record behind it says that it was not the last one.
        for offset in end..<octets.count where QueueFile.frame(octets, at: offset) != nil {
            throw .damaged("a record in the middle")
        }
    }

    private static func frame(_ octets: [UInt8], at offset: Int) -> (Frame, digest: [UInt8])? {
        guard octets.count - offset >= frameLength else { return nil }
        let length = octets[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
        let frame = Frame(offset: offset, length: length)
        guard (1...largestRecord).contains(length), frame.end <= octets.count else { return nil }
        let digest = HashAlgorithm.sha256.digest(of: Array(octets[(offset + frameLength)..<frame.end]))
        return digest.elementsEqual(octets[(offset + 4)..<(offset + frameLength)]) ? (frame, digest) : nil
    }

    /// Whether the file is still as it was read: others can only append to it, or give it another head.
    func isCurrent() -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        var octets = [UInt8](repeating: 0, count: QueueFile.headLength)
        guard fstat(descriptor, &status) == 0, Int(status.st_size) == end,
            pread(descriptor, &octets, octets.count, 0) == octets.count, octets == head.octets
        else { return false }
        return (try? cursor.position(of: head)) == handedOver
    }

    /// Appends a record; durable on return. When it fails, the file is as before.
    mutating func append(_ record: [UInt8]) throws(TerminalFileError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        let digest = HashAlgorithm.sha256.digest(of: record)
        do throws(TerminalFileError) {
            try OwnFile.write(QueueFile.octets(UInt64(record.count), 4) + digest + record, to: descriptor, at: end)
            guard fsync(descriptor) == 0 else { throw .last("fsync") }
        } catch {
            // What the disk has of it is unknown now; it must not stand before the next record.
            _ = ftruncate(descriptor, off_t(end))
            _ = fsync(descriptor)
            throw error
        }
        let frame = Frame(offset: end, length: record.count)
        frames.append(frame)
        (lastDigest, end) = (digest, frame.end)
    }

    /// The oldest records that wait.
    func records(limit: Int) throws(TerminalFileError) -> [[UInt8]] {
        let wanted = frames.prefix(limit)
        guard let first = wanted.first, let last = wanted.last else { return [] }
        let octets = try octets(from: first.offset, to: last.end)
        return wanted.map { frame in
            let start = frame.offset - first.offset
            return Array(octets[(start + QueueFile.frameLength)..<(start + QueueFile.frameLength + frame.length)])
        }
    }

    private func octets(from start: Int, to end: Int) throws(TerminalFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw .last("open") }
        defer { close(descriptor) }
        let octets = try OwnFile.read(descriptor, from: start, to: end)
        guard octets.count == end - start else { throw .damaged("the queue is shorter than it was") }
        return octets
    }

    /// Notes durably that the `count` oldest records were handed over.
    mutating func removeFirst(_ count: Int) throws(TerminalFileError) {
        guard count > 0, count <= frames.count else { return }
        let last = frames[frames.startIndex + count - 1]
        let position = QueueCursor.Position(
            queue: head.queue, first: head.sequence, last: firstSequence + UInt64(count) - 1,
            digest: Array(try octets(from: last.offset + 4, to: last.offset + QueueFile.frameLength)), end: last.end)
        try cursor.write(position)
        frames = frames.dropFirst(count)
        handedOver = position
        guard frames.isEmpty || position.end > end / 2 else { return }
        do throws(TerminalFileError) {
            try compact()
        } catch {
            guard error == .full else { throw error }
            punch()
        }
    }

    /// Gives the file's space for what was handed over back: a new file takes the old one's place in one step.
    mutating func compact() throws(TerminalFileError) {
        guard let handedOver else { return }
        let head = Head(queue: head.queue, sequence: handedOver.last + 1, previous: handedOver.digest)
        try OwnFile.replace(path, head.octets + octets(from: handedOver.end, to: end))
        let moved = handedOver.end - QueueFile.headLength
        frames = ArraySlice(frames.map { Frame(offset: $0.offset - moved, length: $0.length) })
        (self.head, self.handedOver, end) = (head, nil, end - moved)
    }

    /// On a full disk: frees the blocks of what was handed over where they are. The cursor steps over them.
    private func punch() {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // A file system that cannot do it leaves all as it was.
        _ = akashi_punch_hole(descriptor, QueueFile.headLength, start - QueueFile.headLength)
    }

    static func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
        stride(from: (count - 1) * 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}
