/// Four words over all octets of an image: notices decay of what is stored, at the speed of memory.
///
/// Each of four lanes takes every fourth word and is a bijection of it and of itself, so one changed word,
/// whatever the change, always changes the sum; other changes pass with a chance of 2^-64. No defence against
/// somebody who writes images: who can do that can write the sum too.
package struct ImageChecksum {
    package static let size = 32

    private var lanes = InlineArray<4, UInt64>(repeating: 0)
    private var pending: [UInt8] = []
    private var count: UInt64 = 0

    package init() {
        let seeds: InlineArray<4, UInt64> = [
            0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89,
        ]
        lanes = seeds
        pending.reserveCapacity(64)
    }

    package mutating func update(_ octets: UnsafeRawBufferPointer) {
        count &+= UInt64(octets.count)
        var rest = octets[...]
        if !pending.isEmpty {
            let missing = min(32 - pending.count, rest.count)
            pending.append(contentsOf: rest.prefix(missing))
            rest = rest.dropFirst(missing)
            guard pending.count == 32 else { return }
            let stripe = pending
            pending.removeAll(keepingCapacity: true)
            stripe.withUnsafeBytes { absorb($0) }
        }
        let whole = rest.count & ~31
        absorb(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
        pending.append(contentsOf: rest.dropFirst(whole))
    }

    /// Whole stripes of 32 octets.
    private mutating func absorb(_ stripes: UnsafeRawBufferPointer) {
        var (one, two, three, four) = (lanes[0], lanes[1], lanes[2], lanes[3])
        var offset = 0
        while offset &+ 32 <= stripes.count {
            one = ImageChecksum.step(one, stripes, offset)
            two = ImageChecksum.step(two, stripes, offset &+ 8)
            three = ImageChecksum.step(three, stripes, offset &+ 16)
            four = ImageChecksum.step(four, stripes, offset &+ 24)
            offset &+= 32
        }
        lanes = [one, two, three, four]
    }

    @inline(__always)
    private static func step(_ lane: UInt64, _ octets: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        let word = UInt64(littleEndian: octets.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let sum = (lane ^ word) &* 0x9E37_79B1_85EB_CA87
        return sum << 31 | sum >> 33
    }

    /// The sum so far; a last piece counts as filled up with zeros, and the number of octets counts too.
    package var value: [UInt8] {
        var closed = self
        if !pending.isEmpty {
            let padding = [UInt8](repeating: 0, count: 32 - pending.count)
            padding.withUnsafeBytes { closed.update($0) }
        }
        var octets: [UInt8] = []
        for index in 0..<4 {
            var word = closed.lanes[index] ^ count
            word = (word ^ word >> 32) &* 0xC2B2_AE3D_27D4_EB4F
            word ^= word >> 29
            for shift in stride(from: 0, to: 64, by: 8) {
                octets.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return octets
    }
}
