import Foundation
import ListProbeKit
import SQLiteStore
import Testing

@Suite("Failing system calls while a list is swapped", .serialized)
struct FaultTests {
    /// What fails, in which calls, and whether it lasts.
    struct Fault: CustomStringConvertible, Sendable {
        let name: String
        let code: Int32
        let calls: String
        var lasts = false
        /// Of so many calls one fails in the tests of every day.
        var share = 1

        var description: String { name }
    }

    static let faults = [
        Fault(name: "no space", code: ENOSPC, calls: "open,write,fsync,mkdir,rename", share: 6),
        Fault(name: "no space from then on", code: ENOSPC, calls: "open,write,mkdir", lasts: true, share: 3),
        Fault(
            name: "input/output error", code: EIO, calls: "open,read,write,fsync,close,rename,unlink,mkdir,opendir",
            share: 10),
        Fault(name: "input/output error from then on", code: EIO, calls: "read,write,fsync", lasts: true, share: 3),
        Fault(name: "short write", code: 0, calls: "write"),
        Fault(name: "failed fsync", code: EIO, calls: "fsync"),
        Fault(name: "failed rename", code: EACCES, calls: "rename"),
        Fault(name: "failed open", code: EMFILE, calls: "open"),
        Fault(name: "failed mmap", code: ENOMEM, calls: "mmap"),
    ]

    /// A scope's first list or a later one; from memory, or from a spool file that is mapped and taken over.
    static let situations =
        [(true, "memory"), (false, "spooled")] + (Thoroughness.isFull ? [(true, "spooled"), (false, "memory")] : [])

    @Test(
        "one after another, until a run meets none: the old list or the new, and the process goes on", arguments: faults
    )
    func oneAfterAnother(fault: Fault) async throws {
        guard let shim = try Probe.shim(in: NSTemporaryDirectory()) else { return }
        var runs = 0
        for (firstList, arrival) in Self.situations {
            // Every call with AKASHI_FULL=1; otherwise a share, beginning anywhere.
            let step = Thoroughness.step(of: fault.share)
            for call in stride(from: Int.random(in: 1...step), to: 1_000, by: step) {
                let fixture = try ListFixture()
                // The scope's first list, or one that replaces another.
                if firstList { try await fixture.started().store.close() } else { try await fixture.publish(1...2) }
                let (counted, failed) = try await run(fault, call, shim, fixture, arrival)
                runs += 1
                guard failed else {
                    #expect(counted < call)
                    break
                }
            }
        }
        #expect(runs > (fault.share == 1 ? Self.situations.count : 1), "\(fault): no call was met")
        print("\(fault): \(runs - Self.situations.count) calls failed one after another")
    }

    private func run(
        _ fault: Fault, _ call: Int, _ shim: String, _ fixture: ListFixture, _ arrival: String
    ) async throws -> (counted: Int, failed: Bool) {
        let lines = try await Probe.run(
            ["fault", fixture.folder, arrival],
            environment: [
                "LD_PRELOAD": shim, "AKASHI_FAULT_FOLDER": fixture.lists, "AKASHI_FAULT_CALLS": fault.calls,
                "AKASHI_FAULT_AT": String(call), "AKASHI_FAULT_WITH": String(fault.code),
                "AKASHI_FAULT_LASTS": fault.lasts ? "1" : "0",
            ])
        let place = "\(fault), call \(call): \(lines)"
        let outcome = try #require(lines.first { $0.hasPrefix("outcome ") }, "\(place)")
        #expect(["outcome activated", "outcome not_recorded"].contains(outcome), "\(place)")
        #expect(lines.filter { $0.hasPrefix("fault") }.isEmpty, "\(place)")
        // Who keeps the platform reads which call failed, on what, and why. A call that fails after the swap, while
        // leftovers are looked for, is named too and takes nothing back.
        let isNamed = lines.contains {
            $0.hasPrefix("reason list folder: ") || $0.hasPrefix("reason the index as read back: ")
        }
        #expect(isNamed || outcome == "outcome activated", "\(place)")
        let report = try String(contentsOfFile: fixture.lists + ".faults", encoding: .utf8)
            .split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
        try #require(report.count == 2, "\(place)")
        // And after a restart.
        let check = try await Probe.run(["check", fixture.folder])
        #expect(check.filter { $0.hasPrefix("fault") }.isEmpty, "\(place), then \(check)")
        #expect(check.contains("next activated"), "\(place), then \(check)")
        return (report[0], report[1] != 0)
    }
}
