package import PKIX

/// Questions about a made-up list with their answers: half of the serial numbers stand on it.
///
/// Of those that do not, every second one is a near miss: one bit beside a number of the list, in octets that
/// somebody might have thought not to matter.
package struct MadeUpProbes: Sequence, Sendable {
    package struct Probe: Hashable, Sendable {
        package let serial: SerialNumber
        package let isListed: Bool

        /// `H` for hit or `M` for miss, a space, and the serial number in hex.
        package var line: String { (isListed ? "H " : "M ") + serial.hex.lowercased() }
    }

    private let serials: MadeUpSerials
    private let count: Int

    package init(_ serials: MadeUpSerials, count: Int) { (self.serials, self.count) = (serials, count) }

    package func makeIterator() -> AnyIterator<Probe> {
        var next = 0
        return AnyIterator {
            guard next < count else { return nil }
            defer { next += 1 }
            return probe(UInt64(next))
        }
    }

    private func probe(_ number: UInt64) -> Probe {
        let draw = mixed(number &* 7 &+ 5)
        let place = mixed(number &+ 0x99_0000)
        let listed = UInt64(serials.count)
        if draw & 1 == 1, listed > 0 {
            return Probe(serial: serials.serial(Int(place % listed)), isListed: true)
        }
        if draw & 2 == 2, listed > 0, let near = near(serials.serial(Int(place % listed)), place) { return near }
        let others = UInt64(serials.limit) - listed
        return Probe(serial: serials.serial(Int(listed + place % Swift.max(others, 1))), isListed: false)
    }

    /// `serial` with one bit turned over; nil when that is no serial number, or one of the list.
    private func near(_ serial: SerialNumber, _ draw: UInt64) -> Probe? {
        var octets = Array(serial.octets)
        let place = Int(draw >> 8 % UInt64(octets.count))
        octets[place] ^= 1 << UInt8(draw % 7)
        guard let other = SerialNumber(magnitude: octets), other.isPositive, !serials.contains(other) else {
            return nil
        }
        return Probe(serial: other, isListed: false)
    }
}
