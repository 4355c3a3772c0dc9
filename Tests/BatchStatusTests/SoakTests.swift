import BatchStatus
import CertificateIssuing
import Foundation
import JPKIProfile
import Organizations
import PKIX
import RevocationIndexFiles
import RevocationLists
import RevocationUpdating
import SQLiteStore
import SignatureAlgorithms
import SystemClock
import Testing
import Verification

/// `AKASHI_SOAK_DAYS=10` for the full length; the build servers take one day.
@Suite("Days of lists and jobs by a clock that is set by hand", .serialized)
struct SoakTests {
    private static let days = ProcessInfo.processInfo.environment["AKASHI_SOAK_DAYS"].flatMap { Int($0) } ?? 1
    /// Hours that superseded lists and finished jobs are kept.
    private static let kept = 12

    /// Everything of one platform that keeps something.
    fileprivate struct Parts: Sendable {
        let fixture: ProofFixture
        let lists: ListFileStore
        let updater: RevocationUpdater
        let service: BatchService

        init() throws {
            fixture = try ProofFixture()
            let base = fixture.base
            lists = try ListFileStore(
                path: base.folder + "/lists", environment: .sandbox, work: WorkerQueue(width: 1))
            let source = CRLSource(
                id: "whole", issuerID: "issuer-a", issuerName: base.authority.name,
                issuerKey: base.authority.key.publicKeyInfo, location: .http(url: "http://lists.invalid/a.crl"),
                scope: .complete)
            updater = RevocationUpdater(
                sources: [source], fetcher: Nothing(), store: lists, pending: lists.pendingLists, marks: base.store,
                records: base.store, work: WorkInPlace(), clock: base.clock, randomness: SystemRandomness(),
                settings: .init(environment: .sandbox), logger: .quiet)
            service = try base.service(
                BatchSettings(checkpointLines: 500, retentionSeconds: Int64(SoakTests.kept) * 3_600),
                lists: HeldLists(updater, store: lists))
        }
    }

    private struct Nothing: CRLFetcher {
        func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
            .failure(.connectionFailed)
        }
    }

    private struct Sample: Sendable {
        let hour: Int
        let descriptors: Int
        let residentKiB: Int
        let archived: Int
        let jobs: Int
    }

    @Test("Lists arrive, jobs run, archives and jobs are purged; memory and descriptors stay flat")
    func soak() async throws {
        let parts = try Parts()
        try await parts.updater.load()
        let samples = try await parts.fixture.base.running(parts.service) {
            var samples: [Sample] = []
            for hour in 0..<(SoakTests.days * 24) {
                try await SoakTests.pass(hour, parts)
                // A quarter of the time for caches to fill.
                if hour % 6 == 5 { samples.append(try await SoakTests.sample(hour, parts)) }
            }
            return samples
        }
        for sample in samples where sample.hour % 24 == 23 { print("soak: \(sample)") }
        let (first, last) = (try #require(samples.dropFirst(samples.count / 4).first), try #require(samples.last))
        #expect(samples.map(\.descriptors).max() ?? 0 <= first.descriptors + 8)
        #expect(last.residentKiB <= first.residentKiB + 16_384)
        #expect(last.archived <= SoakTests.kept + 2 && last.jobs <= (SoakTests.kept + 2) * 2)
        #expect(try await parts.lists.scopes().count == 1)
    }

    /// One hour: a list, a job of status lines, a job of proofs of the hours before, and what housekeeping does.
    private static func pass(_ hour: Int, _ parts: Parts) async throws {
        let clock = parts.fixture.base.clock
        clock.advance(bySeconds: 3_600)
        let now = clock.reading().now
        let outcome = try await parts.updater.offer(
            FetchedList(octets: try parts.list(UInt64(hour + 1), at: now)), to: "whole", by: .schedule)
        #expect(outcome.code == "activated")
        let status = try await BatchFixture.submit(BatchFixture.lines(0..<2_000), to: parts.service)
        let proofs = try (0..<8).map { back in
            try parts.fixture.line("r\(back)", now.advanced(bySeconds: -Int64(back) * 3_600))
        }
        let proof = try await BatchFixture.submit(proofs.joined(), to: parts.service, ProofFixture.order())
        let counts = try await BatchFixture.finished(status.job.id, parts.service).progress.counts
        #expect(counts == ["good": 1_996, "revoked": 4])
        let outcomes = try await BatchFixture.finished(proof.job.id, parts.service, kind: .verification)
            .progress.counts
        // Of the hours before the first list there is none.
        let known = min(hour + 1, 8)
        #expect(outcomes["confirmed"] == known && (outcomes["undetermined"] ?? 0) == 8 - known)
        _ = try await BatchFixture.result(status.job.id, parts.service)
        await parts.service.engine.purge()
        _ = try await parts.lists.purge(supersededBefore: now.advanced(bySeconds: -Int64(kept) * 3_600))
        _ = try await parts.fixture.base.store.purge(now: now, requestID: "req_soak")
    }

    private static func sample(_ hour: Int, _ parts: Parts) async throws -> Sample {
        let scope = try #require(try await parts.lists.scopes().first)
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return Sample(
            hour: hour, descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
            residentKiB: line.flatMap { Int($0.filter(\.isNumber)) } ?? 0,
            archived: try await parts.lists.archived(ofScope: scope.scopeID).count,
            jobs: try FileManager.default.contentsOfDirectory(atPath: parts.fixture.base.jobFolder).count)
    }
}

extension SoakTests.Parts {
    /// The list of one hour: 2,000 entries, four of them among the serials that jobs ask about.
    fileprivate func list(_ number: UInt64, at now: ValidationTime) throws -> [UInt8] {
        let authority = fixture.base.authority
        let serials = [3, 5, 8, 1_999] + (0..<1_996).map { 1_000_000 + $0 + number }
        let tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: now,
            nextUpdate: now.advanced(bySeconds: 7_200),
            entries: serials.map {
                RevokedEntry(
                    serialNumber: SerialNumber($0), revokedAt: now.advanced(bySeconds: -86_400), reason: .superseded,
                    certificateIssuer: nil)
            }, crlNumber: CRLNumber(number),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.key.keyIdentifier[...]))
        return try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }.der
    }
}
