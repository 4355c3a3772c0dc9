import Foundation
import ListProbeKit
import RevocationUpdating

/// The second process of the list store's tests.
///
///     ListProbe publish FOLDER COUNT   publishes lists after the one in force, until it is killed; `ack N` once N is in force
///     ListProbe fault FOLDER spooled|memory   publishes one list while a call fails (scripts/faults/listfaults.c), then one more
///     ListProbe check FOLDER           starts, and says which list is in force and what does not fit together
///     ListProbe hold FOLDER            holds the list folder until it is killed
@main
struct ListProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("akashi: ListProbe publish|fault|check|hold FOLDER …\n".utf8))
            exit(2)
        }
        let (platform, log): (ProbePlatform, ReasonLog)
        do {
            log = ReasonLog()
            platform = try ProbePlatform(arguments[2], authority: ProbeAuthority(), logger: log.logger)
        } catch {
            say("refused \(error)")
            exit(3)
        }
        try await platform.updater.load()
        switch arguments[1] {
        case "publish": try await publish(platform, Int(arguments.dropFirst(3).first ?? "") ?? 1_000_000)
        case "fault":
            try await fault(platform, arguments[2], arguments.dropFirst(3).first ?? "spooled")
            for reason in log.all { say("reason \(reason)") }
        case "check": try await check(platform)
        case "hold":
            say("held")
            while true { try await Task.sleep(for: .seconds(60)) }
        default: exit(2)
        }
    }

    static func publish(_ platform: ProbePlatform, _ count: Int) async throws {
        say("start \(platform.number)")
        for _ in 0..<count {
            let next = platform.number + 1
            let code = try await next.isMultiple(of: 2) ? platform.offerSpooled(next) : platform.offer(next)
            guard code == "activated" else { return say("refused \(next) \(code)") }
            say("ack \(next)")
        }
    }

    static func check(_ platform: ProbePlatform) async throws {
        for fault in try await platform.faults() { say("fault \(fault)") }
        // Nothing that a crash has left is in the way.
        let next = platform.number + 1
        say("number \(next - 1)")
        say("next \(try await platform.offer(next))")
    }

    static func fault(_ platform: ProbePlatform, _ folder: String, _ arrival: String) async throws {
        let former = platform.number
        let list: FetchedList =
            try arrival == "spooled"
            ? platform.spooled(former + 1) : FetchedList(octets: platform.authority.list(former + 1))
        let octets = list.octets
        _ = open(folder + "/lists/.arm", O_RDONLY)
        let code = try await platform.offer(list)
        _ = open(folder + "/lists/.disarm", O_RDONLY)
        say("outcome \(code)")
        let now = platform.number
        if code == "activated" ? now != former + 1 : now != former { say("fault \(code), but \(now) is in force") }
        for fault in platform.inForce.map({ platform.authority.faults(of: $0.verified) }) ?? [] {
            say("fault \(fault)")
        }
        // The same process goes on: what failed is tried again and then the next.
        let again = try await platform.offer(FetchedList(octets: octets))
        if again != (code == "activated" ? "unchanged" : "activated") { say("fault then \(again)") }
        let next = try await platform.offer(former + 2)
        if next != "activated" { say("fault next \(next)") }
        for fault in try await platform.faults() { say("fault \(fault)") }
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
}
