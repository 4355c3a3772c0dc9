import Foundation
import OfflineEvidence
import PKIX
import TerminalFiles
import TerminalSession
import Testing

/// `AKASHI_QUEUE_KILLS=1000` for the full number; the build servers take a share.
@Suite("The sealed queue", .serialized)
struct SealedQueueTests {
    private static let kills = ProcessInfo.processInfo.environment["AKASHI_QUEUE_KILLS"].flatMap { Int($0) } ?? 40

    @Test("A tail that is torn at any octet is cut off, and nothing before it")
    func torn() async throws {
        let fixture = try RecordFixture()
        let queue = try fixture.queue()
        for number in 0..<3 { _ = try await queue.append(RecordFixture.proof("\(number)")) }
        let path = fixture.path + "/queue/records"
        let whole = try #require(FileManager.default.contents(atPath: path))
        let waiting = try await queue.waiting(limit: 10)
        let start = whole.count - waiting[2].octets.count - 36
        for length in stride(from: start, to: whole.count, by: 7) {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            let reopened = try fixture.queue()
            #expect(try await reopened.waiting(limit: 10) == Array(waiting.prefix(2)), "\(length)")
            // The next one takes the cut one's place in the chain.
            #expect(try await reopened.append(RecordFixture.proof()).sequence == 3)
            _ = try RecordFixture.chain(try await reopened.waiting(limit: 10))
        }
        // A file that grew before its octets came: zeros.
        try (whole.prefix(start) + Data(count: 500)).write(to: URL(fileURLWithPath: path))
        #expect(try await fixture.queue().waiting(limit: 10) == Array(waiting.prefix(2)))
    }

    @Test("Damage before the end is told, and nothing is cut")
    func damaged() async throws {
        let fixture = try RecordFixture()
        let queue = try fixture.queue()
        for number in 0..<3 { _ = try await queue.append(RecordFixture.proof("\(number)")) }
        let path = fixture.path + "/queue/records"
        let whole = try #require(FileManager.default.contents(atPath: path))
        for index in [10, 97, 140, 1_000] {
            var changed = whole
            changed[index] ^= 0xFF
            try changed.write(to: URL(fileURLWithPath: path))
            await #expect(throws: QueueFailure.notDurable, "\(index)") { try await fixture.queue().waiting(limit: 10) }
            #expect(FileManager.default.contents(atPath: path) == changed)
        }
    }

    @Test("What was handed over does not come again, whatever became of the note beside the queue")
    func handedOver() async throws {
        let fixture = try RecordFixture()
        let queue = try fixture.queue()
        for number in 0..<9 { _ = try await queue.append(RecordFixture.proof("\(number)")) }
        let note = fixture.path + "/queue/records.handed-over"
        try await queue.remove(through: 2, keeping: [])
        let first = try #require(FileManager.default.contents(atPath: note))
        try await queue.remove(through: 3, keeping: [])
        let both = try #require(FileManager.default.contents(atPath: note))
        let places = both.count / 2
        #expect(both != first && both.count == first.count)
        func waits() async throws -> [UInt64] { try await fixture.queue().waiting(limit: 10).map(\.sequence) }
        #expect(try await waits() == Array(4...9))
        // The later place torn in its writing: the earlier one counts, and a record comes twice, never not at all.
        let later = first.prefix(places) == both.prefix(places) ? places : 0
        var torn = both
        for index in (later + 60)..<(later + places) { torn[index] = 0 }
        try torn.write(to: URL(fileURLWithPath: note))
        #expect(try await waits() == Array(3...9))
        try both.write(to: URL(fileURLWithPath: note))
        _ = try await fixture.queue().append(RecordFixture.proof())
        _ = try RecordFixture.chain(try await fixture.queue().waiting(limit: 20))
        // More than half: the file is made anew, and the note of the former one says nothing of it.
        try await fixture.queue().remove(through: 7, keeping: [])
        #expect(try await waits() == [8, 9, 10])
        try both.write(to: URL(fileURLWithPath: note))
        #expect(try await waits() == [8, 9, 10])
        let reopened = try fixture.queue()
        try await reopened.remove(through: 10, keeping: [])
        #expect(try await reopened.append(RecordFixture.proof()).sequence == 11)
        let records = FileManager.default.contents(atPath: fixture.path + "/queue/records")
        #expect(try await waits() == [11] && (records?.count ?? 0) < 5_000)
    }

    @Test("A queue that another process has handed over from is read anew")
    func otherProcess() async throws {
        let fixture = try RecordFixture()
        let (one, other) = (try fixture.queue(), try fixture.queue())
        for _ in 0..<5 { _ = try await one.append(RecordFixture.proof()) }
        #expect(try await other.count() == 5)
        try await one.remove(through: 1, keeping: [])
        #expect(try await other.waiting(limit: 10).map(\.sequence) == [2, 3, 4, 5])
        try await other.remove(through: 1, keeping: [])
        #expect(try await other.count() == 4)
        try await other.remove(through: 5, keeping: [])
        #expect(try await one.count() == 0)
        #expect(try await one.append(RecordFixture.proof()).sequence == 6)
    }

    @Test("What is full is said, and takes nothing with it")
    func full() async throws {
        let fixture = try RecordFixture()
        let small = try fixture.queue("small", limits: .init(records: 2))
        for _ in 0..<2 { _ = try await small.append(RecordFixture.proof()) }
        await #expect(throws: QueueFailure.full) { try await small.append(RecordFixture.proof()) }
        #expect(try await small.waiting(limit: 10).count == 2)
        // A disk that takes a part of a record and no more.
        let (process, pipe) = try probe([
            "append", fixture.path + "/disk", fixture.path + "/device.key", fixture.path + "/centre.keys", "20000",
        ])
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        process.waitUntilExit()
        #expect(said.last == "queue_full" && said.count > 2)
        let waiting = try await fixture.queue("disk").waiting(limit: 100)
        #expect(waiting.map { String($0.sequence) } == Array(said.dropLast()))
        _ = try RecordFixture.chain(waiting)
    }

    @Test("Two processes append to one queue without losing a record or forking the chain")
    func turns() async throws {
        let fixture = try RecordFixture()
        let arguments = [
            "append", fixture.path + "/queue", fixture.path + "/device.key", fixture.path + "/centre.keys", "200000",
        ]
        let both = [try probe(arguments), try probe(arguments)]
        var said: [Int] = []
        for (process, pipe) in both {
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            said += text.split(separator: "\n").compactMap { Int($0) }
            process.waitUntilExit()
        }
        let records = try RecordFixture.chain(try await fixture.queue().waiting(limit: 1_000))
        #expect(said.sorted() == Array(1...records.count))
    }

    @Test("kill -9 at any point of appending and handing over loses nothing that was acknowledged")
    func killed() async throws {
        let fixture = try RecordFixture()
        let (queue, ledger) = (fixture.path + "/queue", fixture.path + "/ledger")
        let keys = [fixture.path + "/device.key", fixture.path + "/centre.keys"]
        var acknowledged: Set<Int> = []
        for number in 0..<SealedQueueTests.kills {
            let (appending, pipe) = try probe(["append", queue] + keys)
            // From the first instruction to the middle of the work.
            usleep(UInt32(number * 7_919 % 40_000))
            kill(appending.processIdentifier, SIGKILL)
            appending.waitUntilExit()
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            acknowledged.formUnion(text.split(separator: "\n").compactMap { Int($0) })
            let (handing, _) = try probe(["hand-over", queue] + keys + [ledger])
            usleep(UInt32(number * 6_841 % 25_000))
            kill(handing.processIdentifier, SIGKILL)
            handing.waitUntilExit()
        }
        let waiting = try await fixture.queue().waiting(limit: 1_000_000)
        let records = try RecordFixture.chain(waiting)
        var digests: [Int: Set<String>] = [:]
        let lines = (FileManager.default.contents(atPath: ledger) ?? Data()).split(separator: 0x0A)
        for line in lines {
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard parts.count == 2, let sequence = Int(parts[0]) else { continue }
            digests[sequence, default: []].insert(String(parts[1]))
        }
        for record in records { digests[Int(record.header.sequence), default: []].insert(record.digest.hexString) }
        print(
            "queue kill: \(SealedQueueTests.kills) kills of each, \(acknowledged.count) acknowledged, \(digests.count) found"
        )
        #expect(acknowledged.count > SealedQueueTests.kills / 4)
        #expect(acknowledged.subtracting(digests.keys) == [])
        // Each number is one record, however often it was handed over.
        #expect(digests.values.allSatisfy { $0.count == 1 } && Set(digests.keys) == Set(1...(digests.keys.max() ?? 1)))
    }

    @Test("A seized disk shows nothing of whoever was checked")
    func seized() async throws {
        let fixture = try RecordFixture()
        let queue = try fixture.queue()
        for number in 0..<20 { _ = try await queue.append(RecordFixture.proof("\(number)")) }
        let canaries = ["CANARY-CERTIFICATE", "山田太郎", "19800101", base64Text("CANARY-CERT")]
        var searched = 0
        for file in FileManager.default.enumerator(atPath: fixture.path + "/queue")?.compactMap({ $0 as? String }) ?? []
        {
            let octets = FileManager.default.contents(atPath: fixture.path + "/queue/" + file) ?? Data()
            searched += octets.count
            for canary in canaries { #expect(octets.range(of: Data(canary.utf8)) == nil, "\(file)") }
        }
        #expect(searched > 20_000)
    }

    /// Base64 without what a neighbour would change.
    private func base64Text(_ text: String) -> String {
        String(Data(text.utf8).base64EncodedString().prefix { $0 != "=" }.dropLast())
    }
}
