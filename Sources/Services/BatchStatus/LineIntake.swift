/// Counts the lines of an input while it passes, cuts those that are too long and ends the last one.
///
/// A line that is cut keeps one octet more than the limit, so that it is told
/// from one of the greatest length and answered as too long. Pure and of constant size.
struct LineIntake {
    private let longest: Int
    private(set) var lines = 0
    /// Octets of the line that has begun, as kept.
    private var pending = 0

    init(longestLine: Int) { longest = longestLine }

    /// What of `octets` is to be kept.
    mutating func take(_ octets: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var start = 0
        octets.withUnsafeBufferPointer { bytes in
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
                let room = longest + 1 - pending
                let length = end - start
                if kept.isEmpty { kept.reserveCapacity(bytes.count) }
                kept.append(contentsOf: bytes[start..<(start + min(length, max(room, 0)))])
                pending += min(length, max(room, 0))
                guard end < bytes.count else { break }
                kept.append(0x0A)
                lines += 1
                pending = 0
                start = end + 1
            }
        }
        return kept
    }

    /// The end of a last line that has none.
    mutating func finish() -> [UInt8] {
        guard pending > 0 else { return [] }
        (pending, lines) = (0, lines + 1)
        return [0x0A]
    }
}
