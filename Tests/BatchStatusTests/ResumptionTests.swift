import BatchStatus
import Foundation
import PKIX
import SystemClock
import Testing
import Verification

@Suite("Jobs that were interrupted")
struct ResumptionTests {
    private static let lines = BatchFixture.lines(1...6_000)
    private static let settings = BatchSettings(sliceSize: 700, checkpointLines: 50)

    /// Runs the engine until `count` lines are done, then ends it.
    private func interrupt(_ fixture: BatchFixture, _ id: String, after count: Int) async throws {
        let service = try fixture.service(ResumptionTests.settings)
        try await fixture.running(service) {
            for _ in 0..<20_000 {
                let job = try await service.job(id, kind: .status, context: BatchFixture.context()).job
                if job.progress.done >= count || job.state.isFinal { return }
                try await Task.sleep(for: .microseconds(200))
            }
        }
    }

    private func undisturbed() async throws -> [UInt8] {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        return try await fixture.running(service) {
            let id = try await BatchFixture.submit(ResumptionTests.lines, to: service).job.id
            _ = try await BatchFixture.finished(id, service)
            return try await BatchFixture.result(id, service)
        }
    }

    @Test("However often a job is interrupted, its result is that of an undisturbed run, octet for octet")
    func resumed() async throws {
        let fixture = try BatchFixture()
        let id = try await BatchFixture.submit(ResumptionTests.lines, to: try fixture.service()).job.id
        for stop in [1, 700, 2_000, 3_500] {
            try await interrupt(fixture, id, after: stop)
            // What an ended process had written beyond its last checkpoint.
            let handle = try #require(FileHandle(forWritingAtPath: fixture.jobFolder + "/\(id).result"))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("half a li".utf8))
            try handle.close()
            // Time goes on; what lines are judged at does not.
            fixture.clock.advance(bySeconds: 600)
        }
        let service = try fixture.service(ResumptionTests.settings)
        let (job, result) = try await fixture.running(service) {
            let job = try await BatchFixture.finished(id, service)
            return (job, try await BatchFixture.result(id, service))
        }
        #expect(job.state == .succeeded && job.restarts == 0 && job.progress.done == 6_000)
        #expect(job.progress.counts == ["good": 5_995, "revoked": 4, "on_hold": 1])
        let expected = try await undisturbed()
        #expect(result == expected)
        #expect(try fixture.events() == ["batch_created", "batch_completed", "batch_read"])
    }

    @Test("A result that lost what had been made durable is made again, to the same octets")
    func truncated() async throws {
        let fixture = try BatchFixture()
        let id = try await BatchFixture.submit(ResumptionTests.lines, to: try fixture.service()).job.id
        try await interrupt(fixture, id, after: 2_000)
        try Data("{".utf8).write(to: URL(filePath: fixture.jobFolder + "/\(id).result"))
        let service = try fixture.service()
        let result = try await fixture.running(service) {
            _ = try await BatchFixture.finished(id, service)
            return try await BatchFixture.result(id, service)
        }
        let expected = try await undisturbed()
        #expect(result == expected)
    }

    @Test("When the lists it was answered from are gone, a job begins again from the new ones, and says so")
    func restarted() async throws {
        let fixture = try BatchFixture()
        let id = try await BatchFixture.submit(ResumptionTests.lines, to: try fixture.service()).job.id
        try await interrupt(fixture, id, after: 1_000)
        fixture.lists.use(try BatchFixture.list(fixture.authority, number: 11))
        let service = try fixture.service()
        let (job, result) = try await fixture.running(service) {
            let job = try await BatchFixture.finished(id, service)
            return (job, try await BatchFixture.result(id, service))
        }
        #expect(job.restarts == 1 && job.basis?.listSetDigest == "set-11")
        let text = String(decoding: result, as: UTF8.self)
        #expect(text.split(separator: "\n").count == 6_000)
        #expect(!text.contains(#""crl_number":"0A""#) && !text.contains(#""crl_number":"10""#))
        #expect(try fixture.events().contains("batch_restarted"))
    }

    @Test("An input that is not whole fails its job, and only its job")
    func damagedInput() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        let broken = try await BatchFixture.submit(ResumptionTests.lines, to: service).job.id
        let sound = try await BatchFixture.submit(ResumptionTests.lines, to: service).job.id
        try Data("x\n".utf8).write(to: URL(filePath: fixture.jobFolder + "/\(broken).input"))
        try await fixture.running(service) {
            let failed = try await BatchFixture.finished(broken, service)
            #expect(failed.state == .failed && failed.failure == .inputDamaged)
            #expect(try await BatchFixture.finished(sound, service).state == .succeeded)
        }
    }

    @Test("Lists that come into force while a job runs change none of its items")
    func pinned() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(ResumptionTests.settings)
        let (job, result) = try await fixture.running(service) {
            let id = try await BatchFixture.submit(ResumptionTests.lines, to: service).job.id
            while try await service.job(id, kind: .status, context: BatchFixture.context()).job.progress.done == 0 {
                try await Task.sleep(for: .microseconds(200))
            }
            fixture.lists.use(try BatchFixture.list(fixture.authority, number: 11))
            let job = try await BatchFixture.finished(id, service)
            return (job, try await BatchFixture.result(id, service))
        }
        #expect(job.basis?.listSetDigest == "set-10")
        let expected = try await undisturbed()
        #expect(result == expected)
    }
}
