import Foundation

/// `akashi-growth [--repeats N] [--only TEXT]`: doubles the size of each shape of input and shows by how much
/// CPU time grows. The bar is 2.5 for each doubling; exit 1 when the median ratio of a shape is above.
@main
struct AkashiGrowth {
    static func main() throws {
        var repeats = 5
        var only = ""
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch argument {
            case "--repeats": repeats = arguments.popFirst().flatMap { Int($0) } ?? repeats
            case "--only": only = arguments.popFirst() ?? only
            default:
                FileHandle.standardError.write(Data("unknown option: \(argument)\n".utf8))
                exit(64)
            }
        }
        print("| shape | sizes | octets | µs at the largest | ratios | octets' ratio |\n|---|---|---:|---:|---|---:|")
        var isLinear = true
        for shape in Shape.all() where only.isEmpty || shape.name.contains(only) {
            let growth = try Growth(shape, repeats: repeats)
            print(growth.row)
            isLinear = isLinear && growth.isWithinBar
        }
        exit(isLinear ? 0 : 1)
    }
}

/// One way of making an input larger, and what is done with it.
struct Shape {
    let name: String
    /// Four sizes, each twice the one before.
    let sizes: [Int]
    /// The input of a size: how many octets it has, and the work on it, which says whether the answer was right.
    let make: (Int) throws -> Input

    struct Input {
        let octets: Int
        let work: () -> Bool
    }

    init(_ name: String, upTo largest: Int, _ make: @escaping (Int) throws -> Input) {
        (self.name, self.make) = (name, make)
        sizes = [largest / 8, largest / 4, largest / 2, largest]
    }
}

/// CPU time of a shape at its sizes.
struct Growth {
    static let bar = 2.5
    let shape: Shape
    let octets: [Int]
    let seconds: [Double]

    init(_ shape: Shape, repeats: Int) throws {
        self.shape = shape
        let inputs = try shape.sizes.map { try shape.make($0) }
        octets = inputs.map(\.octets)
        // One round over all sizes at a time: what disturbs the machine disturbs all of them.
        var samples = [[Double]](repeating: [], count: inputs.count)
        for _ in 0..<repeats {
            for (index, input) in inputs.enumerated() { samples[index].append(try Growth.time(input, shape.name)) }
        }
        // The least: whatever else runs on the machine only adds.
        seconds = samples.map { $0.min() ?? 0 }
    }

    /// Seconds of CPU for one run, of as many as take five milliseconds together.
    private static func time(_ input: Shape.Input, _ name: String) throws -> Double {
        var runs = 0
        let start = CPUClock.seconds
        var passed = 0.0
        repeat {
            guard input.work() else { throw GrowthError.wrongAnswer(name) }
            runs += 1
            passed = CPUClock.seconds - start
        } while passed < 0.005
        return passed / Double(runs)
    }

    /// By how much the time grows when the octets double: a step that makes a little more or less than twice the
    /// octets is counted as the part of a doubling that it is.
    var ratios: [Double] {
        (1..<seconds.count).map { index in
            let doublings = log2(Double(octets[index]) / Double(max(octets[index - 1], 1)))
            return pow(seconds[index] / seconds[index - 1], 1 / max(doublings, 0.5))
        }
    }
    var isWithinBar: Bool { ratios.median < Growth.bar && (ratios.last ?? 0) < Growth.bar }

    var row: String {
        let text = ratios.map { String(format: "%.2f", $0) }.joined(separator: " ")
        let share = Double(octets.last ?? 0) / Double(max(octets.dropLast().last ?? 1, 1))
        let mark = isWithinBar ? "" : " **above**"
        return "| \(shape.name) | \(shape.sizes.map(String.init).joined(separator: " ")) | \(octets.last ?? 0) | "
            + String(format: "%.1f", (seconds.last ?? 0) * 1e6)
            + " | \(text)\(mark) | \(String(format: "%.2f", share)) |"
    }
}

enum GrowthError: Error {
    case wrongAnswer(String)
}
