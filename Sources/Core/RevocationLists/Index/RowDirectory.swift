/// Where rows of a table begin, by the leading bits of their serials: a look-up searches some 32 rows instead of all.
///
/// It is made while an image is checked and is no part of it. Serials are told apart by their bit length first, so that
/// lists that mix short and long ones are served as well; whatever the serials are, the range that it names holds
/// every row that can match.
struct RowDirectory {
    /// Every so many rows one is noted.
    static let step = 16
    private static let samplesInBucket = 1

    /// For each bit length of the leading word: where its part of ``buckets`` begins, and how far a word is shifted.
    private var starts = [Int](repeating: 0, count: 66)
    private var shifts = [UInt64](repeating: 0, count: 66)
    /// How many noted rows lie below each bucket, and below the end of the last one of a bit length.
    private var buckets: [UInt32] = []

    init() {}

    /// - Parameter samples: the leading words of rows 0, 16, 32, … in ascending order.
    init(samples: [UInt64]) {
        var index = 0
        for length in 0...64 {
            let from = index
            while index < samples.count, UInt64.bitWidth - samples[index].leadingZeroBitCount == length { index += 1 }
            append(samples, from..<index, length: length)
        }
    }

    private mutating func append(_ samples: [UInt64], _ range: Range<Int>, length: Int) {
        var bits = 0
        while bits < length - 1, range.count >> bits > Self.samplesInBucket { bits += 1 }
        starts[length] = buckets.count
        shifts[length] = UInt64(max(0, length - 1 - bits))
        let lowest: UInt64 = length == 0 ? 0 : 1 << UInt64(length - 1)
        var below = range.lowerBound
        for bucket in 0..<(1 << bits) {
            let first = lowest | UInt64(bucket) << shifts[length]
            while below < range.upperBound, samples[below] < first { below += 1 }
            buckets.append(UInt32(below))
        }
        buckets.append(UInt32(range.upperBound))
    }

    /// The rows among which one with this leading word must be, of `count` in all.
    @inline(__always)
    func rows(_ word: UInt64, of count: Int) -> Range<Int> {
        let length = UInt64.bitWidth &- word.leadingZeroBitCount
        let bits = word & ~(1 << UInt64(truncatingIfNeeded: max(0, length &- 1)))
        let bucket = starts[length] &+ Int(truncatingIfNeeded: bits &>> shifts[length])
        guard bucket &+ 1 < buckets.count else { return 0..<count }
        // A row before the first one noted in the bucket may belong to it as well.
        let first = max(0, (Int(buckets[bucket]) &- 1) &* RowDirectory.step)
        return first..<max(first, min(count, Int(buckets[bucket &+ 1]) &* RowDirectory.step))
    }
}
