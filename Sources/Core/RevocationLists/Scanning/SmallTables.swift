/// Rows of serials below 2^32, kept apart by ranges: what is done range by range finds its memory in the cache, and an
/// octet less of each serial has to be sorted.
///
/// Ranges are of 2^20 up to 2^28, where a nation's counting serials are, and of 2^26 beyond: scattered serials would
/// touch another table each time.
struct SmallTables: ~Copyable, @unchecked Sendable {
    /// Serials of a range, as a power of two.
    private static let rangeShift: UInt64 = 20
    private static let wideRangeShift: UInt64 = 26
    private static let firstWide: UInt64 = 1 << 28

    private var tables: UnsafeMutablePointer<RecordTable<Record4>>?
    private var capacity = 0
    private(set) var count = 0
    private(set) var smallest = UInt64.max
    private(set) var largest: UInt64 = 0

    init() {}

    deinit {
        tables?.deinitialize(count: capacity)
        tables?.deallocate()
    }

    @inline(__always)
    mutating func append(_ key: EntryKey, _ payload: EntryPayload) {
        let range = SmallTables.range(of: key.low)
        if range >= capacity { grow(toHold: range) }
        tables?[range].append(key, payload)
        count &+= 1
        smallest = min(smallest, key.low)
        largest = max(largest, key.low)
    }

    /// Higher serials are in the same or in a higher range.
    @inline(__always)
    private static func range(of serial: UInt64) -> Int {
        guard serial >= firstWide else { return Int(truncatingIfNeeded: serial &>> rangeShift) }
        return Int(truncatingIfNeeded: firstWide &>> rangeShift &+ (serial &- firstWide) &>> wideRangeShift)
    }

    /// There are at most 316 ranges.
    private mutating func grow(toHold range: Int) {
        var wanted = max(8, capacity)
        while wanted <= range { wanted *= 2 }
        let larger = UnsafeMutablePointer<RecordTable<Record4>>.allocate(capacity: wanted)
        if let tables {
            larger.moveInitialize(from: tables, count: capacity)
            tables.deallocate()
        }
        for index in capacity..<wanted { (larger + index).initialize(to: RecordTable<Record4>()) }
        (tables, capacity) = (larger, wanted)
    }

    /// Calls `body` with the rows of each range, lowest first.
    mutating func forEachTable(_ body: (inout RecordTable<Record4>) -> Void) {
        guard let tables else { return }
        for index in 0..<capacity where tables[index].count > 0 { body(&tables[index]) }
    }

    /// Hands over all rows in order, and gives them back.
    ///
    /// - Parameter dropped: is told of each that does not count beside another one for the same serial.
    mutating func drainSorted(
        _ dropped: (EntryKey, EntryPayload) -> Void, _ body: (EntryKey, EntryPayload) -> Void
    ) {
        forEachTable { table in
            table.sort()
            table.combineDuplicates(dropped)
            for index in 0..<table.count { body(table.key(index), table.payload(index)) }
            table.removeAll()
        }
        count = 0
    }
}
