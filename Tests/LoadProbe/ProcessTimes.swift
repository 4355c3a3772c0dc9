import Foundation

/// Seconds of CPU, user and system, of the processes that share the machine.
struct ProcessTimes {
    let probe: Double
    let platform: Double?
    let sandbox: Double?

    init(_ options: ProbeOptions) {
        probe = ProcessTimes.seconds(of: "self") ?? 0
        platform = options.platformPID.flatMap { ProcessTimes.seconds(of: String($0)) }
        sandbox = options.sandboxPID.flatMap { ProcessTimes.seconds(of: String($0)) }
    }

    private init(probe: Double, platform: Double?, sandbox: Double?) {
        (self.probe, self.platform, self.sandbox) = (probe, platform, sandbox)
    }

    static func - (left: ProcessTimes, right: ProcessTimes) -> ProcessTimes {
        func difference(_ left: Double?, _ right: Double?) -> Double? {
            guard let left, let right else { return nil }
            return left - right
        }
        return ProcessTimes(
            probe: left.probe - right.probe, platform: difference(left.platform, right.platform),
            sandbox: difference(left.sandbox, right.sandbox))
    }

    var json: [String: Any] {
        var document: [String: Any] = ["probe": probe]
        document["platform"] = platform
        document["sandbox"] = sandbox
        return document
    }

    /// utime and stime of proc(5), in clock ticks of 1/100 s; nil when the process is gone.
    private static func seconds(of process: String) -> Double? {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // After the name: state is field 3, utime 14 and stime 15.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / 100
    }
}
