import Foundation
import MappedFiles
import PKIX
import RevocationLists

/// `akashi-bench lists --index FILE --probes FILE [--repeats N] [--json]`: re-opening a saved index and looking up in it,
/// one thread, CPU time. Lines of a probe file are `H hex` for a listed serial and `M hex` for one that is not.
struct ListBench {
    private var index = ""
    private var probes = ""
    private var repeats = 9

    /// As many as the tools of the peers take.
    private static let largestProbeCount = 200_000

    static func run(_ arguments: some Sequence<String>) throws {
        var bench = ListBench()
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--index": bench.index = rest.popFirst() ?? ""
            case "--probes": bench.probes = rest.popFirst() ?? ""
            case "--repeats": bench.repeats = rest.popFirst().flatMap { Int($0) } ?? bench.repeats
            case "--json": break
            default: throw BenchmarkError.usage(argument)
            }
        }
        try bench.run()
    }

    private struct Probe {
        let serial: SerialNumber
        /// Its value, when it fits.
        let value: UInt64?
        let isListed: Bool
    }

    private func run() throws {
        let image = try RevocationIndexImage(MappedFile.open(index, access: .random))
        let all = try readProbes()
        let (hits, misses) = (all.filter(\.isListed), all.filter { !$0.isListed })
        var document: [String: Any] = [
            "entries": image.entryCount,
            "reopen_cpu_seconds": try reopening(),
            "wrong": all.count { isListed($0, image) != $0.isListed },
        ]
        for (name, part) in [("hits", hits), ("misses", misses), ("both", all)] {
            document["\(name)_per_second"] = try rate(part, in: image)
        }
        let data = try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }

    /// Mapping and checking the saved index, every octet of it.
    private func reopening() throws -> Double {
        try (0..<repeats).map { _ in
            let start = CPUClock.seconds
            let image = try RevocationIndexImage(MappedFile.open(index, access: .random))
            guard image.entryCount > 0 else { throw BenchmarkError.usage("an index without entries") }
            return CPUClock.seconds - start
        }.median
    }

    /// Look-ups a second: by number where all serials fit 64 bits, else by serial of any length.
    private func rate(_ probes: [Probe], in image: RevocationIndexImage) throws -> Double {
        guard !probes.isEmpty else { return 0 }
        let listed = probes.count(where: \.isListed)
        let values = probes.compactMap(\.value)
        let serials = probes.map(\.serial)
        let rounds = try (0..<repeats).map { _ in
            let start = CPUClock.seconds
            let found =
                values.count == probes.count ? ListBench.count(values, in: image) : ListBench.count(serials, in: image)
            let seconds = CPUClock.seconds - start
            guard found == listed else { throw BenchmarkError.usage("a wrong answer") }
            return Double(probes.count) / seconds
        }
        return rounds.median
    }

    @inline(never)
    private static func count(_ values: [UInt64], in image: RevocationIndexImage) -> Int {
        var found = 0
        var dates: Int64 = 0
        for value in values {
            guard let finding = image.find(value) else { continue }
            found &+= 1
            dates &+= finding.secondsSince1970
        }
        return dates == .min ? -1 : found
    }

    @inline(never)
    private static func count(_ serials: [SerialNumber], in image: RevocationIndexImage) -> Int {
        var found = 0
        for serial in serials where image.entry(for: serial, issuer: image.issuer) != nil { found &+= 1 }
        return found
    }

    private func isListed(_ probe: Probe, _ image: RevocationIndexImage) -> Bool {
        image.entry(for: probe.serial, issuer: image.issuer) != nil
    }

    private func readProbes() throws -> [Probe] {
        let text = try String(contentsOfFile: probes, encoding: .utf8)
        return try text.split(separator: "\n").prefix(ListBench.largestProbeCount).map { line in
            guard let serial = SerialNumber(hex: String(line.dropFirst(2))) else {
                throw BenchmarkError.usage("unreadable probe")
            }
            return Probe(serial: serial, value: serial.unsigned64, isListed: line.hasPrefix("H"))
        }
    }
}
