/// Rows of serials below 2^32, kept apart by ranges of 2^20: what is done range by range finds its memory in the
/// cache, and an octet less of each serial has to be sorted.
struct SmallTables: ~Copyable, @unchecked Sendable {
    /// Serials of a range, as a power of two.
    private static let rangeShift: UInt64 = 20

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
        let range = Int(truncatingIfNeeded: key.low >> SmallTables.rangeShift)
        if range >= capacity { grow(toHold: range) }
        tables?[range].append(key, payload)
        count &+= 1
        smallest = min(smallest, key.low)
        largest = max(largest, key.low)
    }

    /// There are at most 4,096 ranges.
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
