import Foundation
import PKIX

/// `akashi-bench lists …`: see ``ListBench``. Else
/// `akashi-bench [--rounds N] [--repeats N] [--peer CHAIN_OPENSSL] [--json] [--only WORKLOAD]`.
///
/// Every repeat runs every workload and the peer once, so that the ratios come from one run; medians are shown.
@main
struct AkashiBench {
    private var rounds = 10
    private var repeats = 7
    private var peer: URL?
    private var format = Format.table
    private var only: Workload?

    private enum Format {
        case table
        case json
    }

    static func main() throws {
        var bench = AkashiBench()
        var arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "lists" { return try ListBench.run(arguments.dropFirst()) }
        while let argument = arguments.popFirst() {
            switch argument {
            case "--rounds": bench.rounds = arguments.popFirst().flatMap { Int($0) } ?? bench.rounds
            case "--repeats": bench.repeats = arguments.popFirst().flatMap { Int($0) } ?? bench.repeats
            case "--peer": bench.peer = arguments.popFirst().map { URL(fileURLWithPath: $0) }
            case "--json": bench.format = .json
            case "--only":
                let name = arguments.popFirst() ?? ""
                bench.only = Workload.allCases.first { "\($0)" == name }
            default:
                FileHandle.standardError.write(Data("unknown option: \(argument)\n".utf8))
                exit(64)
            }
        }
        try bench.run()
    }

    private func run() throws {
        let fixture = try BenchmarkFixture(
            at: ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970)))
        let runner = try WorkloadRunner(fixture)
        if let only {
            // For a profiler: one workload and nothing else.
            return print("\(only.rawValue): \(try runner.run(only, rounds: rounds) * 1e6) µs")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try fixture.write(to: folder)
        let other = peer.map { OpenSSLPeer(executable: $0, data: folder.appendingPathComponent("data")) }

        for workload in Workload.allCases { _ = try runner.run(workload, rounds: 1) }
        var own: [Workload: [Double]] = [:]
        var others: [String: [Double]] = [:]
        for _ in 0..<repeats {
            for workload in Workload.allCases {
                own[workload, default: []].append(try runner.run(workload, rounds: rounds))
            }
            for (name, seconds) in try other?.run(rounds: rounds) ?? [:] { others[name, default: []].append(seconds) }
        }
        let result = BenchmarkResult(own: own.mapValues(\.median), peer: others.mapValues(\.median))
        print(format == .json ? try result.json : result.table)
    }
}
