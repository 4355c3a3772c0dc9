extension RecordTable {
    /// Up to this many records are sorted by insertion.
    private static var small: Int { 24 }

    /// Sorts by serial in place: a radix sort from the most significant octet, no second buffer.
    mutating func sort() {
        guard !isSorted else { return }
        sort(0..<count, digit: 0)
    }

    private mutating func sort(_ range: Range<Int>, digit: Int) {
        guard range.count > Self.small else { return insertionSort(range) }
        guard digit < Form.width else { return }
        var ends = [Int](repeating: 0, count: 257)
        partition(range, digit: digit, ends: &ends)
        guard digit + 1 < Form.width else { return }
        var start = range.lowerBound
        for value in 0..<256 {
            if ends[value] - start > 1 { sort(start..<ends[value], digit: digit + 1) }
            start = ends[value]
        }
    }

    /// Brings records with the same octet together, in the octet's order; `ends` becomes where each value ends.
    private mutating func partition(_ range: Range<Int>, digit: Int, ends: inout [Int]) {
        var counts = [Int](repeating: 0, count: 256)
        for index in range { counts[self.digit(digit, of: index)] &+= 1 }
        var next = [Int](repeating: 0, count: 256)
        var sum = range.lowerBound
        for value in 0..<256 {
            next[value] = sum
            sum += counts[value]
            ends[value] = sum
            if counts[value] == range.count {
                return ends.replaceSubrange(value..<256, with: repeatElement(sum, count: 256 - value))
            }
        }
        for value in 0..<256 {
            while next[value] < ends[value] {
                let place = next[value]
                let held = self.digit(digit, of: place)
                if held == value {
                    next[value] &+= 1
                } else {
                    swap(place, next[held])
                    next[held] &+= 1
                }
            }
        }
    }

    @inline(__always)
    private mutating func swap(_ one: Int, _ other: Int) {
        let (key, payload) = (self.key(one), self.payload(one))
        set(one, self.key(other), self.payload(other))
        set(other, key, payload)
    }

    private mutating func insertionSort(_ range: Range<Int>) {
        for index in range.dropFirst() {
            let (key, payload) = (self.key(index), self.payload(index))
            var place = index
            while place > range.lowerBound, key < self.key(place - 1) {
                set(place, self.key(place - 1), self.payload(place - 1))
                place -= 1
            }
            if place != index { set(place, key, payload) }
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
