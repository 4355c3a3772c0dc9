import CertificateIssuing
import Foundation
import PKIX

/// A nation's lists beside those of the three municipalities: how many, and how many entries each has.
///
/// Sizes are log-normal, as municipalities' populations are: of 1,741 at scale 1 the median has 8,000 entries, the
/// largest half a million, all together 28 million, in the range that 10-30 million live entries make likely.
package struct PartitionPlan: Hashable, Sendable {
    /// 0 to ``mostPartitions``.
    package let count: Int
    /// Entries are multiplied by it; every list keeps at least one.
    package let scale: Double

    /// Municipalities of Japan, with the wards of Tokyo.
    package static let nation = 1_741
    /// As many codes begin with 97 and 98.
    package static let mostPartitions = 1_998
    package static let none = PartitionPlan(count: 0, scale: 1)
    private static let medianEntries = 8_000.0
    private static let deviation = 1.2

    package init(count: Int, scale: Double) {
        self.count = min(max(count, 0), PartitionPlan.mostPartitions)
        self.scale = min(max(scale, 0), 2)
    }

    /// Entries of each list, in the order of ``municipalities``: the quantiles of the distribution, dealt out so
    /// that large and small ones stand beside each other.
    package var sizes: [Int] {
        let order = SeededOrder(count: count)
        return (0..<count).map { index in
            let share = (Double(order.place(index)) + 0.5) / Double(count)
            let entries = PartitionPlan.medianEntries * exp(PartitionPlan.deviation * normalQuantile(share))
            return max(1, Int(entries * scale))
        }
    }

    /// Invented ones; no real code begins with 97 or 98.
    package var municipalities: [SandboxMunicipality] {
        (0..<count).compactMap { SandboxMunicipality(partition: $0 + 1) }
    }
}

/// The numbers below `count` in an order that is always the same and looks like none.
private struct SeededOrder {
    let count: Int

    /// A step that has no divisor in common with the count visits every place once.
    func place(_ index: Int) -> Int {
        var step = max(count * 618 / 1_000, 1)
        while !isCoprime(step, max(count, 1)) { step += 1 }
        return index * step % max(count, 1)
    }

    private func isCoprime(_ left: Int, _ right: Int) -> Bool {
        var (a, b) = (left, right)
        while b != 0 { (a, b) = (b, a % b) }
        return a == 1
    }
}

/// The number below which `share` of a normal distribution lies, by halving.
private func normalQuantile(_ share: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
        let middle = (low + high) / 2
        if 0.5 * erfc(-middle / 2.squareRoot()) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
}

/// The made-up entries of the partitions' lists: serial numbers of one counter, each on one list alone.
struct PartitionEntries: Sendable {
    /// Numbers that the made-up entries are drawn from: below those of the residents.
    private static let universe = 100_000_000

    private let serials: MadeUpSerials
    private let ranges: [SandboxMunicipality: Range<Int>]

    init(_ plan: PartitionPlan, seed: String) {
        var (ranges, next) = ([SandboxMunicipality: Range<Int>](), 0)
        for (municipality, size) in zip(plan.municipalities, plan.sizes) {
            ranges[municipality] = next..<next + size
            next += size
        }
        self.ranges = ranges
        serials = MadeUpSerials(.dense, count: next, seed: "partitions:\(seed)", universe: PartitionEntries.universe)
    }

    /// Of a municipality, revoked before `time`; nil for one that is no partition.
    func entries(of municipality: SandboxMunicipality, until time: ValidationTime) -> MadeUpEntries? {
        ranges[municipality].map { MadeUpEntries(serials, range: $0, until: time) }
    }

    func count(of municipality: SandboxMunicipality) -> Int { ranges[municipality]?.count ?? 0 }
}
