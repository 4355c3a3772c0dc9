import BatchStatus
import Organizations
import PKIX
import Testing

@Suite("Whose turn it is")
struct FairnessTests {
    @Test("Municipalities take turns, and within one its jobs do")
    func turns() {
        var queue = FairQueue()
        for job in ["a1", "a2", "a3"] { queue.add(job, of: BatchFixture.city) }
        queue.add("b1", of: BatchFixture.other)
        queue.add("a1", of: BatchFixture.city)
        let order = (0..<8).compactMap { _ in queue.next { _ in true } }
        #expect(order == ["a1", "b1", "a2", "b1", "a3", "b1", "a1", "b1"])
        #expect((0..<2).compactMap { _ in queue.next { $0 == "a2" } } == ["a2", "a2"])
        #expect(queue.next { _ in false } == nil)
        queue.remove("b1")
        #expect(queue.jobs.sorted() == ["a1", "a2", "a3"])
    }

    @Test("A small job of one municipality ends long before the large ones of another")
    func small() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(BatchSettings(sliceSize: 4_096))
        for _ in 0..<5 { try await BatchFixture.submit(BatchFixture.lines(1...30_000), to: service) }
        let guest = BatchFixture.context(BatchFixture.other)
        let id = try await BatchFixture.submit(BatchFixture.lines(1...100), to: service, as: guest).job.id
        try await fixture.running(service) {
            _ = try await BatchFixture.finished(id, service, as: guest)
            for large in try await service.jobs(.status, limit: 10, after: nil, context: BatchFixture.context()) {
                #expect(large.job.progress.done < 15_000)
            }
        }
    }

    @Test("Fifty jobs of five municipalities at once: each has its own answers")
    func crowd() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(BatchSettings(sliceSize: 2_048, checkpointLines: 300))
        let towns = try ["011002", "131016", "141003", "221007", "271004"].map { try #require(MunicipalityCode($0)) }
        try await fixture.running(service) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let context = BatchFixture.context(towns[number % 5])
                        let serials = (0..<UInt64(200 + number)).map { $0 * 7 + UInt64(number) }
                        let id = try await BatchFixture.submit(BatchFixture.lines(serials), to: service, as: context)
                            .job.id
                        _ = try await BatchFixture.finished(id, service, as: context)
                        let text = String(
                            decoding: try await BatchFixture.result(id, service, as: context), as: UTF8.self)
                        let lines = text.split(separator: "\n")
                        #expect(lines.count == serials.count)
                        for (index, pair) in zip(serials, lines).enumerated() {
                            #expect(pair.1.hasPrefix(#"{"line":\#(index + 1),"ref":"r\#(pair.0)","#))
                            #expect(
                                pair.1.contains(#""status":"revoked""#) == BatchFixture.revoked.contains(pair.0))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
