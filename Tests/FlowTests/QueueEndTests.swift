import CardProtocol
import Demonstration
import Foundation
import OfflineEvidence
import PlatformClient
import SandboxAuthority
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import Verification
import VirtualCard
import WireFormat

/// What an operator can still see when a device's clock, its queue's end or the centre's key is not what it was.
@Suite("Sealed records under doubt", .serialized)
struct QueueEndTests {
    private func withTown(_ body: (DeviceTown) async throws -> Void) async throws {
        let town = try await DeviceTown()
        do { try await body(town) } catch {
            await town.stop()
            throw error
        }
        await town.stop()
    }

    private func seal(_ count: Int, _ queue: SealedQueueFolder, _ town: DeviceTown) async throws {
        let resident = try town.server.sandbox.mint()
        let chip = try VirtualChip(CardProfile(resident, in: town.server.sandbox, as: .card))
        let parts = TerminalParts(
            slot: InProcessReader(chip, keypad: .init(typed: resident.authenticationPIN)), gateway: NoLine(),
            clock: try SystemClock(markPath: nil), queue: queue)
        for _ in 0..<count { _ = await DeviceFlowTests.check(parts) }
    }

    @Test("A record under a clock that the device does not trust is judged by the centre's time, and says so")
    func doubtfulClock() async throws {
        try await withTown { town in
            _ = try await town.enrol()
            // Ten years ahead, an hour back, and never set.
            for ahead in [315_360_000, -3_600, -1_700_000_000] as [Int64] {
                try await seal(1, try town.queue(ahead: ahead, trust: .untrusted(reason: "set")), town)
            }
            try await seal(1, try town.queue(), town)
            let sync = try await town.sync()
            #expect(sync.status == 0, "\(sync.errors)")
            #expect((sync.json["outcomes"] as? [String: Int]) == ["confirmed": 4])
            let items = try await town.newestItems()
            #expect(items.map { $0["time_source"] as? String } == ["centre", "centre", "centre", "device"])
            #expect(items.map { $0["clock_untrusted"] as? Bool } == [true, true, true, nil])
            #expect(items.prefix(3).allSatisfy { $0["claimed_time"] as? String != $0["checked_at"] as? String })
        }
    }

    @Test("Records that are dropped at the end of a queue are missed once the device has spoken of them")
    func droppedEnd() async throws {
        try await withTown { town in
            let id = try await town.enrol()
            let queue = try town.queue()
            try await seal(4, queue, town)
            // The line goes after the device has said how far its queue goes.
            let position = try await queue.position()
            let client = try town.deviceClient()
            try await client.reportQueue(position.queue, last: position.last)
            await client.shutdown()
            let none = try #require(try await town.operate(["show", id]).queues?.first)
            #expect(none.records == 0 && none.reportedSequence == 4 && none.missing == 4)
            // Two are handed over; whoever has the device drops the others.
            let records = try await queue.waiting(limit: 2)
            let receipts = try await town.withClient(.counterSystem) {
                try await SealedRecordDelivery($0).deliver(records, purpose: "login")
            }
            #expect(receipts == [1: .reconciled("confirmed"), 2: .reconciled("confirmed")])
            try FileManager.default.removeItem(atPath: town.device.queuePath)
            let dropped = try #require(try await town.operate(["show", id]).queues?.first)
            #expect(dropped.records == 2 && dropped.lastSequence == 2 && dropped.missing == 2)
            // It cannot be taken back.
            let later = try town.deviceClient()
            try await later.reportQueue(position.queue, last: 0)
            await later.shutdown()
            #expect(try await town.operate(["show", id]).queues?.map(\.missing) == [2])
        }
    }

    @Test("After a new sealing key, records to the former one still open, and devices seal to the new one")
    func rotation() async throws {
        try await withTown { town in
            _ = try await town.enrol()
            try await seal(2, try town.queue(), town)
            let former = try #require(try town.device.description()).sealingKeyID
            let configuration = town.folder + "/platform/akashi.yaml"
            let run = try await TerminalRun.finish(
                ["terminal", "rotate-sealing-key", "--config", configuration], program: "akashi")
            #expect(run.status == 0, "\(run.errors)")
            await town.platform.stop()
            try await town.restart()
            let first = try await town.sync()
            #expect((first.json["outcomes"] as? [String: Int]) == ["confirmed": 2], "\(first.errors)")
            let present = try #require(try town.device.description()).sealingKeyID
            #expect(present != former && run.output.contains(present))
            let queue = try town.queue()
            try await seal(1, queue, town)
            let record = try SealedRecord(der: try #require(try await queue.waiting(limit: 1).first).octets)
            #expect(record.header.sealingKey == present)
            let second = try await town.sync()
            #expect((second.json["outcomes"] as? [String: Int]) == ["confirmed": 1], "\(second.errors)")
        }
    }
}
