/// A one-to-one mapping of the numbers below a bound onto themselves, in an order that looks random and that a seed
/// determines. Both ways cost the same, so that a set of numbers need not be kept to know what is in it.
struct SeededPermutation: Sendable {
    private let bound: UInt64
    private let halfBits: UInt64
    private let seed: UInt64

    /// Of the numbers below `bound`, 1 to 2^62.
    init(bound: UInt64, seed: UInt64) {
        (self.bound, self.seed) = (max(bound, 1), seed)
        var bits: UInt64 = 1
        while bits < 31, 1 << (2 * bits) < self.bound { bits += 1 }
        halfBits = bits
    }

    private var mask: UInt64 { 1 << halfBits - 1 }
    private static let rounds: UInt64 = 4

    /// Where `number`, which is below the bound, is mapped to.
    func callAsFunction(_ number: UInt64) -> UInt64 {
        // Four Feistel rounds over an even number of bits, again until the result is below the bound.
        var value = number
        repeat {
            var (left, right) = (value >> halfBits, value & mask)
            for round in 0..<SeededPermutation.rounds { (left, right) = (right, left ^ key(right, round)) }
            value = left << halfBits | right
        } while value >= bound
        return value
    }

    /// The number that is mapped to `image`, which is below the bound.
    func inverse(_ image: UInt64) -> UInt64 {
        var value = image
        repeat {
            var (left, right) = (value >> halfBits, value & mask)
            for round in (0..<SeededPermutation.rounds).reversed() { (left, right) = (right ^ key(left, round), left) }
            value = left << halfBits | right
        } while value >= bound
        return value
    }

    private func key(_ half: UInt64, _ round: UInt64) -> UInt64 { mixed(half ^ seed ^ round << 56) & mask }
}

/// A number that looks random and that `number` determines: the finalizer of SplitMix64, itself one-to-one.
func mixed(_ number: UInt64) -> UInt64 {
    var value = number &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
}
