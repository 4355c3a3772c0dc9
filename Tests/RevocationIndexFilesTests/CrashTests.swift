import Foundation
import ListProbeKit
import Testing

@Suite("Crashes while lists are swapped", .serialized)
struct CrashTests {
    /// 1,000 with AKASHI_FULL=1.
    static let kills = Thoroughness.isFull ? 1_000 : 50

    @Test("After kill -9 the old list is in force or the new one, never a mix; what was acknowledged is not lost")
    func killed() async throws {
        let fixture = try ListFixture()
        var acknowledged: UInt64 = 0
        var inMidSwap = 0
        for round in 0..<Self.kills {
            let (process, output) = try Probe.start(["publish", fixture.folder])
            // One in five is hit while it starts, the others somewhere in their first swaps.
            var said = Data()
            if !round.isMultiple(of: 5) { said = output.fileHandleForReading.availableData }
            try await Task.sleep(for: .microseconds(Int.random(in: 0..<60_000)))
            kill(process.processIdentifier, SIGKILL)
            let lines = String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init)
            for line in lines + (await Probe.finish(process, output)) {
                let words = line.split(separator: " ")
                // The last line may be cut.
                guard words.count == 2, let number = UInt64(words[1]) else { continue }
                if words[0] == "ack" { acknowledged = max(acknowledged, number) }
            }
            inMidSwap += try leftOvers(fixture) ? 1 : 0
            let check = try await Probe.run(["check", fixture.folder])
            let number = try #require(
                check.compactMap { $0.hasPrefix("number ") ? UInt64($0.dropFirst(7)) : nil }.first)
            #expect(check.filter { $0.hasPrefix("fault") }.isEmpty, "round \(round): \(check)")
            #expect(number == acknowledged || number == acknowledged + 1, "round \(round)")
            #expect(check.contains("next activated"), "round \(round): \(check)")
            acknowledged = number + 1
        }
        #expect(acknowledged > UInt64(Self.kills), "the probe hardly published")
        print("\(Self.kills) kills, \(acknowledged) lists in force one after another, \(inMidSwap) kills in mid-swap")
    }

    /// Whether the kill came between the files of a swap.
    private func leftOvers(_ fixture: ListFixture) throws -> Bool {
        // A first process may have died before it had made the folder of its scope.
        let scopes = fixture.lists + "/scopes"
        guard let scope = try? FileManager.default.contentsOfDirectory(atPath: scopes).first else { return false }
        let names = try FileManager.default.contentsOfDirectory(atPath: scopes + "/" + scope)
        return names.contains { $0.hasSuffix(".partial") } || names.count { $0.hasSuffix(".image") } > 1
    }
}
