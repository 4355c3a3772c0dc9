extension RecordTable {
    /// Sorts by serial in place: a radix sort from the most significant bits, no second buffer.
    ///
    /// Each level looks at as many bits as fit the number of records, 8 at most, so that the work is bounded by the
    /// serials' bits whatever they are.
    mutating func sort() {
        guard !isSorted, count > 1 else { return }
        let count = count
        withRows { rows in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: RadixSort<Form>.scratch) { scratch in
                guard let scratch = scratch.baseAddress else { return }
                RadixSort<Form>(rows: rows).sort(0, count, word: 0, scratch)
            }
        }
    }

    /// Of records with one serial, keeps the one that counts; the table must be sorted.
    ///
    /// - Parameter dropped: is told of each record that does not count.
    mutating func combineDuplicates(_ dropped: (EntryKey, EntryPayload) -> Void) {
        guard !isSorted, count > 1 else { return }
        var kept = 0
        for index in 1..<count {
            let (key, payload) = (self.key(index), self.payload(index))
            if key != self.key(kept) {
                kept += 1
                if kept != index { set(kept, key, payload) }
            } else if payload.outweighs(self.payload(kept)) {
                dropped(key, self.payload(kept))
                set(kept, key, payload)
            } else {
                dropped(key, payload)
            }
        }
        truncate(to: kept + 1)
    }
}

/// The records of a table by index, without its checks: for the sort alone, whose indices are all below the count.
struct RecordRows<Form: RecordForm> {
    let blocks: UnsafePointer<UnsafeMutableRawPointer>

    @inline(__always)
    func address(_ index: Int) -> UnsafeMutableRawPointer {
        blocks[index >> RecordTable<Form>.shift]
            + (index & (RecordTable<Form>.blockLength &- 1)) &* RecordTable<Form>.stride
    }

    /// A whole record as words, the last of which ends with it and overlaps the one before.
    struct Held {
        var first: UInt64
        var second: UInt64
        var third: UInt64
        var last: UInt64
    }

    @inline(__always)
    func held(_ index: Int) -> Held {
        let place = address(index), stride = RecordTable<Form>.stride
        func word(_ offset: Int) -> UInt64 { place.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        return Held(
            first: word(0), second: stride > 16 ? word(8) : 0, third: stride > 24 ? word(16) : 0,
            last: word(stride &- 8))
    }

    @inline(__always)
    func put(_ held: Held, _ index: Int) {
        let place = address(index), stride = RecordTable<Form>.stride
        place.storeBytes(of: held.first, as: UInt64.self)
        if stride > 16 { place.storeBytes(of: held.second, toByteOffset: 8, as: UInt64.self) }
        if stride > 24 { place.storeBytes(of: held.third, toByteOffset: 16, as: UInt64.self) }
        place.storeBytes(of: held.last, toByteOffset: stride &- 8, as: UInt64.self)
    }

    /// Words of a serial; number 0 is the most significant.
    static var words: Int { (Form.width + 7) / 8 }

    @inline(__always)
    func word(_ number: Int, of index: Int) -> UInt64 {
        let place = address(index)
        // Widths 4 and 20 begin with half a word.
        let half = Form.width & 7
        if half != 0, number == 0 { return UInt64(UInt32(littleEndian: place.loadUnaligned(as: UInt32.self))) }
        return UInt64(littleEndian: place.loadUnaligned(fromByteOffset: number &* 8 &- half, as: UInt64.self))
    }

    @inline(__always)
    func precedes(_ one: Int, _ other: Int) -> Bool {
        for number in 0..<Self.words {
            let (left, right) = (word(number, of: one), word(number, of: other))
            if left != right { return left < right }
        }
        return false
    }
}

/// "American flag": counts, then moves each record to its place in cycles.
private struct RadixSort<Form: RecordForm> {
    let rows: RecordRows<Form>

    /// Up to this many records are sorted by insertion.
    private static var small: Int { 32 }
    private static var mostBits: Int { 8 }
    /// From this many records on they are told apart by length first.
    private static var large: Int { 4_096 }
    /// Levels are at most ceil(64 / 3) a word: more than 32 records have digits of 3 bits or more.
    static var scratch: Int { RecordRows<Form>.words * (130 + 23 * 2 << mostBits) }

    /// Sorts `start..<end`, alike in the words before number `word`.
    func sort(_ start: Int, _ end: Int, word: Int, _ scratch: UnsafeMutablePointer<Int>) {
        guard end &- start > 1, word < RecordRows<Form>.words else { return }
        if end &- start <= Self.small { return insertionSort(start, end) }
        // Leading bits that all have in common are no work.
        let first = rows.word(word, of: start)
        var different: UInt64 = 0
        var longest: UInt64 = 0
        for index in start..<end {
            let value = rows.word(word, of: index)
            different |= value ^ first
            longest |= value
        }
        let top = UInt64.bitWidth &- different.leadingZeroBitCount
        guard end &- start > Self.large, top == UInt64.bitWidth &- longest.leadingZeroBitCount else {
            return sort(start, end, word: word, top: top, scratch)
        }
        sortByLength(start, end, word: word, scratch)
    }

    /// The same for many records: by the bit length of the word first, so that short and long serials in one list
    /// are told apart at once.
    private func sortByLength(_ start: Int, _ end: Int, word: Int, _ scratch: UnsafeMutablePointer<Int>) {
        let ends = scratch + 65
        partition(start, end, next: scratch, ends: ends, values: 65) { index in
            UInt64.bitWidth &- rows.word(word, of: index).leadingZeroBitCount
        }
        var from = start
        for length in 0...64 {
            let until = ends[length]
            if until &- from > 1 { sort(from, until, word: word, top: max(0, length &- 1), scratch + 130) }
            from = until
        }
    }

    /// The same for records that are alike above bit `top` of the word too.
    private func sort(_ start: Int, _ end: Int, word: Int, top: Int, _ scratch: UnsafeMutablePointer<Int>) {
        let count = end &- start
        if count <= Self.small { return insertionSort(start, end) }
        guard top > 0 else { return sort(start, end, word: word &+ 1, scratch) }
        let fitting = Int.bitWidth &- count.leadingZeroBitCount &- 2
        let bits = min(fitting, Self.mostBits, top)
        let shift = top &- bits
        let ends = scratch + (1 << bits)
        let mask: UInt64 = 1 << UInt64(truncatingIfNeeded: bits) &- 1
        partition(start, end, next: scratch, ends: ends, values: 1 << bits) { index in
            Int(truncatingIfNeeded: rows.word(word, of: index) &>> UInt64(truncatingIfNeeded: shift) & mask)
        }
        var from = start
        for value in 0..<(1 << bits) {
            let until = ends[value]
            if until &- from > 1 { sort(from, until, word: word, top: shift, scratch + (2 << bits)) }
            from = until
        }
    }

    /// Brings records with the same digit together, in the digit's order; `ends` becomes where each value ends.
    @inline(__always)
    private func partition(
        _ start: Int, _ end: Int, next: UnsafeMutablePointer<Int>, ends: UnsafeMutablePointer<Int>, values: Int,
        digit: (Int) -> Int
    ) {
        for value in 0..<values { ends[value] = 0 }
        for index in start..<end { ends[digit(index)] &+= 1 }
        var sum = start
        for value in 0..<values {
            next[value] = sum
            sum &+= ends[value]
            ends[value] = sum
        }
        for value in 0..<values {
            while next[value] < ends[value] {
                let hole = next[value]
                var wanted = digit(hole)
                if wanted != value {
                    var moving = rows.held(hole)
                    repeat {
                        let place = next[wanted]
                        next[wanted] = place &+ 1
                        let held = rows.held(place)
                        wanted = digit(place)
                        rows.put(moving, place)
                        moving = held
                    } while wanted != value
                    rows.put(moving, hole)
                }
                next[value] = hole &+ 1
            }
        }
    }

    private func insertionSort(_ start: Int, _ end: Int) {
        for index in (start &+ 1)..<end where rows.precedes(index, index &- 1) {
            let moving = rows.held(index)
            // The record moves to where it belongs among those before it; all but the moved one stay comparable.
            var place = index
            let key = (0..<RecordRows<Form>.words).reduce(into: (UInt64(0), UInt64(0), UInt64(0))) { key, number in
                let word = rows.word(number, of: index)
                switch number {
                case 0: key.0 = word
                case 1: key.1 = word
                default: key.2 = word
                }
            }
            while place > start, isGreater(place &- 1, key) {
                rows.put(rows.held(place &- 1), place)
                place &-= 1
            }
            rows.put(moving, place)
        }
    }

    @inline(__always)
    private func isGreater(_ index: Int, _ key: (UInt64, UInt64, UInt64)) -> Bool {
        let first = rows.word(0, of: index)
        if RecordRows<Form>.words == 1 || first != key.0 { return first > key.0 }
        let second = rows.word(1, of: index)
        if RecordRows<Form>.words == 2 || second != key.1 { return second > key.1 }
        return rows.word(2, of: index) > key.2
    }
}
