package import PKIX

/// The serial numbers of a made-up list: any number of them, all different, determined by a seed and never kept.
///
/// Number `index` stands on the list when `index < count`; those from `count` up to ``limit`` exist too and do not.
package struct MadeUpSerials: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A random part of 1, 2, 3, … as JPKI's counters give: 3 in 20 are on the list.
        case dense
        /// 4 to 8 octets.
        case mixed
        /// 16 octets.
        case random
    }

    package let kind: Kind
    package let count: Int
    /// There are as many different numbers as this.
    package let limit: Int
    private let seed: UInt64
    /// By octets of the serial number; one for all in the dense kind.
    private let orders: [SeededPermutation]

    /// The longest list: 60 million.
    package static let largestCount = 60_000_000

    /// - Parameters:
    ///   - count: 0 to ``largestCount``.
    ///   - universe: of the dense kind, how many numbers there are beside and on the list; nil for JPKI's density.
    package init(_ kind: Kind, count: Int, seed: String, universe: Int? = nil) {
        self.kind = kind
        self.count = min(max(count, 0), MadeUpSerials.largestCount)
        let seed = mixed(seed.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        self.seed = seed
        switch kind {
        case .dense:
            limit = max(universe ?? self.count * 20 / 3 + 8, self.count)
            orders = [SeededPermutation(bound: UInt64(limit), seed: seed)]
        case .mixed:
            limit = 1 << 30
            orders = (4...8).map { SeededPermutation(bound: 1 << (8 * $0 - 2), seed: seed &+ $0) }
        case .random:
            limit = 1 << 30
            orders = [SeededPermutation(bound: 1 << 62, seed: seed)]
        }
    }

    /// Serial number `index`, 0 up to ``limit``.
    package func serial(_ index: Int) -> SerialNumber {
        let index = UInt64(clamping: index)
        switch kind {
        case .dense: return SerialNumber(orders[0](index) + 1)
        case .mixed:
            let length = length(of: index)
            // The second highest bit makes it as long as that; the rest is one-to-one within the length.
            return SerialNumber(1 << UInt64(8 * length - 2) | orders[length - 4](index))
        case .random:
            return MadeUpSerials.sixteenOctets(high(index), orders[0](index))
        }
    }

    /// Which of the numbers `serial` is; nil for none of them.
    package func index(of serial: SerialNumber) -> Int? {
        let found: UInt64
        switch kind {
        case .dense:
            guard let value = serial.unsigned64, value >= 1, value <= UInt64(limit) else { return nil }
            found = orders[0].inverse(value - 1)
        case .mixed:
            guard let value = serial.unsigned64, (4...8).contains(serial.octets.count) else { return nil }
            let length = serial.octets.count
            let top: UInt64 = 1 << UInt64(8 * length - 2)
            guard value & top != 0, value < top << 1 else { return nil }
            found = orders[length - 4].inverse(value ^ top)
            guard found < UInt64(limit), self.length(of: found) == length else { return nil }
        case .random:
            guard serial.octets.count == 16 else { return nil }
            let low = serial.octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
            guard low < 1 << 62 else { return nil }
            found = orders[0].inverse(low)
        }
        guard found < UInt64(limit), self.serial(Int(found)) == serial else { return nil }
        return Int(found)
    }

    /// Whether `serial` stands on the list.
    package func contains(_ serial: SerialNumber) -> Bool { index(of: serial).map { $0 < count } ?? false }

    private func length(of index: UInt64) -> Int { 4 + Int(mixed(index ^ seed ^ 0xABCD_EF) % 5) }

    /// The first eight of sixteen octets: positive, never shorter.
    private func high(_ index: UInt64) -> UInt64 { 1 << 62 | mixed(index ^ ~seed) >> 2 }

    static func sixteenOctets(_ high: UInt64, _ low: UInt64) -> SerialNumber {
        let octets = (0..<16).map { place in
            UInt8(truncatingIfNeeded: (place < 8 ? high : low) >> UInt64(56 - 8 * (place % 8)))
        }
        return SerialNumber(magnitude: octets) ?? SerialNumber(low)
    }
}
