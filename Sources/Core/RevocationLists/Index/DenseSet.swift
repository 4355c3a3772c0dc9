import PKIX

/// An exact set of small counting serials with a date and a reason for each: one bit a possible serial, and five
/// octets an entry in the order of serials.
///
/// A line is 64 octets: a word of counts, then 448 bits. The counts are the entries before the line (28 bits) and
/// those of the line before its words 0, 2, 4 and 6 (9 bits each), so that a look-up counts at most two words and
/// touches two lines of cache.
struct DenseSet {
    /// Octets of a line.
    @usableFromInline static let lineSize = 64
    /// Serials in a line.
    static let lineLength = 448
    /// Octets of an entry's date and reason.
    static let payloadSize = 5
    /// The dense form may take this many octets of bits an entry: with more, rows are smaller.
    static let largestLineShare = 8
    /// Marks a payload that is not written; no reason has this number.
    private static let unwritten: UInt8 = 0xFE

    private(set) var base: UInt64 = 0
    /// 8 words a line.
    private(set) var lines: [UInt64] = []
    private(set) var payloads: [UInt8] = []

    var lineCount: Int { lines.count / 8 }
    var count: Int { payloads.count / DenseSet.payloadSize }

    init() {}

    /// Lines for serials from `smallest` to `largest`; nil when rows would be smaller.
    static func lineCount(from smallest: UInt64, to largest: UInt64, entries: Int) -> Int? {
        let distance = largest - smallest
        let lines = distance / UInt64(lineLength) + 1
        guard lines <= UInt64(entries * largestLineShare / lineSize) else { return nil }
        return Int(lines)
    }

    /// From rows in any order, which are given back. Range by range, so that bits and payloads stay in the cache.
    ///
    /// - Parameter dropped: is told of each entry that does not count beside another one for the same serial.
    init(_ rows: inout SmallTables, lineCount: Int, dropped: (EntryKey, EntryPayload) -> Void) {
        base = rows.smallest
        lines = [UInt64](repeating: 0, count: lineCount * 8)
        lines.withUnsafeMutableBufferPointer { lines in
            rows.forEachTable { table in
                for index in 0..<table.count {
                    let place = DenseSet.place(of: table.key(index).low &- base)
                    lines[place.word] |= place.mask
                }
            }
        }
        let distinct = countLines()
        payloads = [UInt8](repeating: DenseSet.unwritten, count: distinct * DenseSet.payloadSize)
        lines.withUnsafeBufferPointer { lines in
            payloads.withUnsafeMutableBytes { payloads in
                rows.forEachTable { table in
                    DenseSet.fill(payloads, lines, base: base, from: table, dropped: dropped)
                    table.removeAll()
                }
            }
        }
    }

    private static func fill(
        _ payloads: UnsafeMutableRawBufferPointer, _ lines: UnsafeBufferPointer<UInt64>, base: UInt64,
        from table: borrowing RecordTable<Record4>, dropped: (EntryKey, EntryPayload) -> Void
    ) {
        for index in 0..<table.count {
            let key = table.key(index)
            let payload = table.payload(index)
            let start = rank(lines, place(of: key.low &- base)) &* payloadSize
            let held = self.payload(UnsafeRawBufferPointer(payloads), start)
            if held.reason != unwritten {
                let wins = payload.outweighs(held)
                dropped(key, wins ? held : payload)
                if !wins { continue }
            }
            payloads.storeBytes(of: payload.date.littleEndian, toByteOffset: start, as: UInt32.self)
            payloads[start &+ 4] = payload.reason
        }
    }

    /// The lines as octets.
    func writeLines(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        let isLittleEndian = UInt64(1).littleEndian == 1
        try (isLittleEndian ? lines : lines.map(\.littleEndian)).withUnsafeBytes(write)
    }

    private struct Place {
        /// The word that holds the bit.
        let word: Int
        let mask: UInt64
    }

    @inline(__always)
    private static func place(of distance: UInt64) -> Place {
        let line = distance / UInt64(lineLength)
        let bit = distance &- line &* UInt64(lineLength)
        return Place(word: Int(line &* 8 &+ 1 &+ bit >> 6), mask: 1 << (bit & 63))
    }

    /// Entries before the one whose bit is at `place`.
    @inline(__always)
    private static func rank(_ lines: UnsafeBufferPointer<UInt64>, _ place: Place) -> Int {
        let line = place.word & ~7
        let index = (place.word & 7) &- 1
        let counts = lines[line]
        var rank = Int(counts & 0xFFF_FFFF) &+ Int(counts >> UInt64(28 &+ 9 &* (index >> 1)) & 0x1FF)
        if index & 1 == 1 { rank &+= lines[place.word &- 1].nonzeroBitCount }
        return rank &+ (lines[place.word] & (place.mask &- 1)).nonzeroBitCount
    }

    @inline(__always)
    private static func payload(_ octets: UnsafeRawBufferPointer, _ start: Int) -> EntryPayload {
        EntryPayload(
            date: UInt32(littleEndian: octets.loadUnaligned(fromByteOffset: start, as: UInt32.self)),
            reason: octets[start &+ 4])
    }

    /// Writes the counts of every line; gives back how many bits are set.
    private mutating func countLines() -> Int {
        var sum: UInt64 = 0
        lines.withUnsafeMutableBufferPointer { lines in
            for line in stride(from: 0, to: lines.count, by: 8) {
                var counts = sum
                var inLine: UInt64 = 0
                for index in 0..<7 {
                    if index & 1 == 0 { counts |= inLine << UInt64(28 &+ 9 &* (index >> 1)) }
                    inLine &+= UInt64(lines[line &+ 1 &+ index].nonzeroBitCount)
                }
                lines[line] = counts
                sum &+= inLine
            }
        }
        return Int(sum)
    }

    /// Whether the counts of every line of an image are those of its bits, `total` in all.
    static func isConsistent(_ image: RawSpan, _ lines: Range<Int>, total: Int) -> Bool {
        var sum: UInt64 = 0
        for line in stride(from: lines.lowerBound, to: lines.upperBound, by: lineSize) {
            var counts = sum
            var inLine: UInt64 = 0
            for index in 0..<7 {
                if index & 1 == 0 { counts |= inLine << UInt64(28 &+ 9 &* (index >> 1)) }
                inLine &+= UInt64(image.word64(line &+ 8 &+ index &* 8).nonzeroBitCount)
            }
            guard image.word64(line) == counts else { return false }
            sum &+= inLine
        }
        return sum == UInt64(total)
    }

    /// Adds up the entries of an image, in the order of their serials.
    static func add(_ image: RawSpan, _ header: ImageHeader, to sum: inout ListFingerprint) {
        let layout = header.layout
        var payload = layout.densePayloads.lowerBound
        var base = header.denseBase
        for line in stride(
            from: layout.denseLines.lowerBound, to: layout.denseLines.upperBound, by: lineSize)
        {
            for index in 0..<7 {
                var bits = image.word64(line &+ 8 &+ index &* 8)
                while bits != 0 {
                    let serial = base &+ UInt64(bits.trailingZeroBitCount)
                    sum.add(EntryKey(low: serial), image.payload(payload))
                    payload &+= payloadSize
                    bits &= bits &- 1
                }
                base &+= 64
            }
        }
    }
}

extension RawSpan {
    /// The date and the reason at `offset`.
    @inline(__always)
    func payload(_ offset: Int) -> EntryPayload {
        EntryPayload(date: word32(offset), reason: octet(offset &+ 4))
    }
}
