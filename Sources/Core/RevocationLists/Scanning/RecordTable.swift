/// How wide the serials of a table are.
protocol RecordForm {
    /// Octets of a serial: 4, 8, 16 or 20.
    static var width: Int { get }
    /// Records in a block of memory, as a power of two.
    static var blockShift: Int { get }
}

/// For one range of small serials among many: small blocks. Never in an image.
enum Record4: RecordForm {
    static var width: Int { 4 }
    static var blockShift: Int { 12 }
}

enum Record8: RecordForm {
    static var width: Int { 8 }
    static var blockShift: Int { 16 }
}

enum Record16: RecordForm {
    static var width: Int { 16 }
    static var blockShift: Int { 16 }
}

enum Record20: RecordForm {
    static var width: Int { 20 }
    static var blockShift: Int { 16 }
}

/// Rows of packed records: serial, date, reason, all little-endian, the serial's most significant word first.
///
/// The rows of a scan and the general form of an image are the same octets, so that an image is written without a
/// second copy. Memory comes in blocks that are given back one by one while the rows are written.
struct RecordTable<Form: RecordForm>: ~Copyable, @unchecked Sendable {
    static var stride: Int { Form.width + 5 }
    static var shift: Int { Form.blockShift }
    /// Records in a block.
    static var blockLength: Int { 1 << shift }

    private var blocks: [UnsafeMutableRawPointer] = []
    private(set) var count = 0
    /// Whether each record was appended with a greater serial than the one before it.
    private(set) var isSorted = true
    private var last = EntryKey(low: 0)

    init() {}

    deinit {
        for block in blocks { block.deallocate() }
    }

    @inline(__always)
    mutating func append(_ key: EntryKey, _ payload: EntryPayload) {
        if count >> Self.shift == blocks.count {
            blocks.append(.allocate(byteCount: Self.blockLength * Self.stride, alignment: 64))
        }
        isSorted = isSorted && (count == 0 || last < key)
        last = key
        count &+= 1
        set(count &- 1, key, payload)
    }

    /// Where record `index` lies. Every index comes from this file, the sort or a loop below ``count``.
    @inline(__always)
    private func address(_ index: Int) -> UnsafeMutableRawPointer {
        blocks[index >> Self.shift] + (index & (Self.blockLength &- 1)) &* Self.stride
    }

    @inline(__always)
    func key(_ index: Int) -> EntryKey { Self.key(UnsafeRawPointer(address(index))) }

    @inline(__always)
    private static func key(_ place: UnsafeRawPointer) -> EntryKey {
        func word(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: place.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        return switch Form.width {
        case 4: EntryKey(low: UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self))))
        case 8: EntryKey(low: word(0))
        case 16: EntryKey(high: word(0), low: word(8))
        default:
            EntryKey(
                top: UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)), high: word(4),
                low: word(12))
        }
    }

    @inline(__always)
    func payload(_ index: Int) -> EntryPayload {
        let place = address(index) + Form.width
        return EntryPayload(
            date: UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)),
            reason: place.load(fromByteOffset: 4, as: UInt8.self))
    }

    @inline(__always)
    mutating func set(_ index: Int, _ key: EntryKey, _ payload: EntryPayload) {
        let place = address(index)
        switch Form.width {
        case 4: place.storeBytes(of: UInt32(truncatingIfNeeded: key.low).littleEndian, as: UInt32.self)
        case 8: place.storeBytes(of: key.low.littleEndian, as: UInt64.self)
        case 16:
            place.storeBytes(of: key.high.littleEndian, as: UInt64.self)
            place.storeBytes(of: key.low.littleEndian, toByteOffset: 8, as: UInt64.self)
        default:
            place.storeBytes(of: key.top.littleEndian, as: UInt32.self)
            place.storeBytes(of: key.high.littleEndian, toByteOffset: 4, as: UInt64.self)
            place.storeBytes(of: key.low.littleEndian, toByteOffset: 12, as: UInt64.self)
        }
        place.storeBytes(of: payload.date.littleEndian, toByteOffset: Form.width, as: UInt32.self)
        place.storeBytes(of: payload.reason, toByteOffset: Form.width + 4, as: UInt8.self)
    }

    /// The records without checks, for the sort.
    func withRows(_ body: (RecordRows<Form>) -> Void) {
        blocks.withUnsafeBufferPointer { pointers in
            if let first = pointers.baseAddress { body(RecordRows(blocks: first)) }
        }
    }

    /// Forgets records from `count` on.
    mutating func truncate(to count: Int) {
        self.count = Swift.min(count, self.count)
        let needed = (self.count + Self.blockLength - 1) >> Self.shift
        while blocks.count > needed { blocks.removeLast().deallocate() }
    }

    mutating func removeAll() { truncate(to: 0) }

    /// Calls `body` with the records as octets, block by block.
    func forEachBlock(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for (index, block) in blocks.enumerated() {
            let records = Swift.min(Self.blockLength, count - index * Self.blockLength)
            if records > 0 {
                try body(UnsafeRawBufferPointer(start: block, count: records * Self.stride))
            }
        }
    }

    /// The same, giving each block back after `body` has seen it. The table is empty afterwards.
    mutating func drain(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        var left = count
        blocks.reverse()
        count = 0
        defer { truncate(to: 0) }
        while let block = blocks.popLast() {
            defer { block.deallocate() }
            let records = Swift.min(Self.blockLength, left)
            left -= records
            if records > 0 {
                try body(UnsafeRawBufferPointer(start: block, count: records * Self.stride))
            }
        }
    }
}
