import BatchStatus
import Foundation
import Organizations
import PKIX
import SystemClock
import Testing
import Verification

@Suite("Bulk jobs")
struct JobTests {
    @Test("Without the scope, the purpose or the procedure there is no job, and the refusal is on record")
    func refused() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        await #expect(throws: BatchError.scopeMissing) {
            try await BatchFixture.submit("x", to: service, as: BatchFixture.context(scopes: [.status]))
        }
        await #expect(throws: BatchError.purposeNotAllowed) {
            try await BatchFixture.submit("x", to: service, BatchFixture.order(purpose: "other"))
        }
        await #expect(throws: BatchError.unknownPolicy) {
            try await BatchFixture.submit("x", to: service, BatchFixture.order(policy: "nothing"))
        }
        await #expect(throws: BatchError.empty) { try await BatchFixture.submit("", to: service) }
        #expect(try fixture.events() == ["request_refused", "request_refused", "request_refused"])
    }

    @Test("More lines than a job may have leave nothing behind")
    func tooLarge() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(BatchSettings(maximumLines: 100, maximumInput: 60_000))
        await #expect(throws: BatchError.tooLarge) {
            try await BatchFixture.submit(String(repeating: "\n", count: 101), to: service)
        }
        await #expect(throws: BatchError.tooLarge) {
            try await BatchFixture.submit(String(repeating: "x", count: 100_000), to: service)
        }
        await #expect(throws: BatchError.tooLarge) {
            try await BatchFixture.submit(String(repeating: "\n", count: 100) + "x", to: service)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.jobFolder) == [])
        #expect(try await BatchFixture.submit(String(repeating: "\n", count: 100), to: service).job.input.lines == 100)
    }

    @Test("A municipality's jobs do not exist for another one")
    func isolation() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        let stranger = BatchFixture.context(BatchFixture.other)
        try await fixture.running(service) {
            let id = try await BatchFixture.submit(BatchFixture.lines(1...9), to: service).job.id
            _ = try await BatchFixture.finished(id, service)
            for name in [id, "stb_00000000000000000000000000"] {
                await #expect(throws: BatchError.notFound) {
                    _ = try await service.job(name, kind: .status, context: stranger)
                }
                await #expect(throws: BatchError.notFound) {
                    _ = try await service.result(name, kind: .status, context: stranger)
                }
                await #expect(throws: BatchError.notFound) {
                    _ = try await service.cancel(name, kind: .status, context: stranger)
                }
                await #expect(throws: BatchError.notFound) {
                    try await service.delete(name, kind: .status, context: stranger)
                }
            }
            await #expect(throws: BatchError.notFound) {
                _ = try await service.job(id, kind: .verification, context: BatchFixture.context())
            }
            #expect(try await service.jobs(.status, limit: 10, after: nil, context: stranger).isEmpty)
            #expect(try await service.jobs(.status, limit: 10, after: id, context: stranger).isEmpty)
            #expect(try await service.jobs(.status, limit: 10, after: nil, context: BatchFixture.context()).count == 1)
            // Nothing of it has changed.
            #expect(try await BatchFixture.result(id, service).isEmpty == false)
        }
    }

    @Test("The same request under one key makes one job; another body under it is refused")
    func idempotency() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        let order = BatchFixture.order(key: "k")
        let first = try await BatchFixture.submit(BatchFixture.lines(1...9), to: service, order)
        let again = try await BatchFixture.submit(BatchFixture.lines(1...9), to: service, order)
        #expect(again.isReplayed && again.job.id == first.job.id)
        await #expect(throws: BatchError.idempotencyKeyReused) {
            try await BatchFixture.submit(BatchFixture.lines(1...8), to: service, order)
        }
        let other = try await BatchFixture.submit(
            BatchFixture.lines(1...8), to: service, as: BatchFixture.context(BatchFixture.other), order)
        #expect(!other.isReplayed)
        #expect(try await service.jobs(.status, limit: 10, after: nil, context: BatchFixture.context()).count == 1)
        let files = try FileManager.default.contentsOfDirectory(atPath: fixture.jobFolder)
        #expect(Set(files) == [first.job.id + ".input", other.job.id + ".input"])
    }

    @Test("A cancelled job has no items, no files, and stays cancelled")
    func cancelled() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(BatchSettings(sliceSize: 100, checkpointLines: 10))
        let id = try await BatchFixture.submit(BatchFixture.lines(1...20_000), to: service).job.id
        try await fixture.running(service) {
            while try await service.job(id, kind: .status, context: BatchFixture.context()).job.progress.done == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
            await #expect(throws: BatchError.notFinished) {
                _ = try await service.result(id, kind: .status, context: BatchFixture.context())
            }
            let cancelled = try await service.cancel(id, kind: .status, context: BatchFixture.context())
            #expect(cancelled.job.state == .cancelled)
            try await Task.sleep(for: .milliseconds(50))
            #expect(
                try await service.cancel(id, kind: .status, context: BatchFixture.context()).job.state == .cancelled)
        }
        await #expect(throws: BatchError.noResult) {
            _ = try await service.result(id, kind: .status, context: BatchFixture.context())
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.jobFolder) == [".lock"])
        #expect(try fixture.events() == ["batch_created", "batch_cancelled"])
    }

    @Test("A job past its time goes with its files, and the audit trail says so")
    func expiry() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service(BatchSettings(retentionSeconds: 3_600))
        try await fixture.running(service) {
            let id = try await BatchFixture.submit(BatchFixture.lines(1...9), to: service).job.id
            _ = try await BatchFixture.finished(id, service)
            _ = try await BatchFixture.result(id, service)
            fixture.clock.advance(bySeconds: 3_599)
            await service.engine.purge()
            _ = try await service.job(id, kind: .status, context: BatchFixture.context())
            fixture.clock.advance(bySeconds: 1)
            await service.engine.purge()
            await #expect(throws: BatchError.notFound) {
                _ = try await service.job(id, kind: .status, context: BatchFixture.context())
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.jobFolder) == [".lock"])
        #expect(try fixture.events() == ["batch_created", "batch_completed", "batch_read", "records_purged"])
    }

    @Test("Files are the owner's alone, and no serial stands in the store or in a name")
    func privacy() async throws {
        let fixture = try BatchFixture()
        let service = try fixture.service()
        let canary: UInt64 = 0x7C0F_FEE5_0C0E_7B
        let id = try await BatchFixture.submit(BatchFixture.lines([canary]), to: service).job.id
        let manager = FileManager.default
        func mode(_ path: String) throws -> Int? {
            try manager.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(fixture.jobFolder) == 0o700)
        #expect(try mode(fixture.jobFolder + "/\(id).input") == 0o600)
        try await fixture.running(service) { _ = try await BatchFixture.finished(id, service) }
        #expect(try mode(fixture.jobFolder + "/\(id).result") == 0o600)
        #expect(!manager.fileExists(atPath: fixture.jobFolder + "/\(id).input"))
        for file in try manager.subpathsOfDirectory(atPath: fixture.folder) {
            let data = manager.contents(atPath: fixture.folder + "/" + file) ?? Data()
            #expect(data.range(of: Data(SerialNumber(canary).hex.utf8)) == nil, "\(file)")
        }
    }
}
