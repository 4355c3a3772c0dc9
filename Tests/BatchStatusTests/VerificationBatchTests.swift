import BatchStatus
import CertificateIssuing
import Foundation
import OfflineEvidence
import PKIX
import SignatureAlgorithms
import Testing
import WireFormat

@Suite("Proofs that were collected offline, verified again")
struct VerificationBatchTests {
    @Test("A revocation before, at and after the check is told apart by its date")
    func revocation() async throws {
        let fixture = try ProofFixture()
        let revokedAt = fixture.time(1, 3_600)
        try fixture.archive(1)
        fixture.base.lists.use(try fixture.list(of: 0, revoking: revokedAt))
        let (job, items) = try await fixture.run(
            try fixture.line("after", revokedAt.advanced(bySeconds: 1)) + fixture.line("at", revokedAt)
                + fixture.line("before", revokedAt.advanced(bySeconds: -1)))
        #expect(
            items.map { $0.text("outcome") } == [
                "revoked_before_check", "revoked_before_check", "revoked_after_check",
            ])
        #expect(job.progress.counts == ["revoked_before_check": 2, "revoked_after_check": 1])
        // The list of then did not know it yet; the list of now names reason and time.
        #expect(items[0].member("status_at_check")?.text("status") == "good")
        #expect(items[0].member("status_now")?.text("revocation_reason") == "affiliationChanged")
    }

    @Test("A list missing for that day, or run out on it, gives undetermined and no guess")
    func missing() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        try fixture.archive(3)
        // Of two days ago there is none; that of three days ago had run out by then.
        let stale = try fixture.list(of: 5)
        fixture.base.lists.past.add(stale, since: fixture.time(5), until: fixture.time(4, 3_600))
        let (job, items) = try await fixture.run(
            try fixture.line("known", fixture.time(1)) + fixture.line("gap", fixture.time(2))
                + fixture.line("stale", fixture.time(4, 1_800)))
        #expect(items.map { $0.text("outcome") } == ["confirmed", "undetermined", "undetermined"])
        #expect(items[1].member("status_at_check")?.text("undetermined_reason") == "source_unavailable")
        #expect(items[2].member("status_at_check")?.text("undetermined_reason") == "source_stale")
        #expect(items[1].member("status_now")?.text("status") == "good")
        #expect(job.progress.counts == ["confirmed": 1, "undetermined": 2])
    }

    @Test("Expired at the check is said so; one that has expired since is confirmed by the list of then")
    func expiry() async throws {
        let fixture = try ProofFixture(notAfter: ProofFixture.now.advanced(bySeconds: -2 * ProofFixture.day))
        try fixture.archive(1)
        try fixture.archive(3)
        let (_, items) = try await fixture.run(
            try fixture.line("late", fixture.time(1)) + fixture.line("in time", fixture.time(3)))
        #expect(items.map { $0.text("outcome") } == ["expired_at_check", "confirmed"])
        #expect(items[1].member("status_now")?.text("undetermined_reason") == "certificate_expired")
    }

    @Test("A signature over something else proves nothing; its report says why")
    func unsound() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        let other = Array("something else".utf8)
        var tampered = try fixture.line("tampered", fixture.time(1))
        let signature = try fixture.key.signature(over: other, scheme: .rsaPKCS1(.sha256))
        let own = try fixture.key.signature(over: ProofFixture.challenge, scheme: .rsaPKCS1(.sha256))
        tampered = tampered.replacingOccurrences(of: base64(own), with: base64(signature))
        let (_, items) = try await fixture.run(
            try tampered + fixture.line("replayed", fixture.time(1), over: other) + fixture.line("own", fixture.time(1))
        )
        #expect(items.map { $0.text("outcome") } == ["undetermined", "undetermined", "confirmed"])
        #expect(items.map { $0.text("result") } == ["invalid", "invalid", "valid"])
    }

    @Test("Every item says that its time is a declared one (申告時刻)")
    func declared() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        let (_, items) = try await fixture.run(try fixture.line("a", fixture.time(1)))
        #expect(items.map { $0.text("time_source") } == ["declared"])
        #expect(items.first?.text("certificate_type") == "card_digital_signature")
    }

    @Test("A poison line costs itself only, whatever it is")
    func poison() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        let good = try fixture.line("good", fixture.time(1))
        let ahead = try fixture.line("ahead", fixture.time(-1))
        let poison = [
            "", "{", "[]", "null", "{}", #"{"ref":"x"}"#, "\u{0}", String(repeating: "{", count: 5_000),
            good.dropLast().replacingOccurrences(of: #""checked_at""#, with: #""checkedat""#),
            good.dropLast().replacingOccurrences(of: "sha256With", with: "md5With"),
            good.dropLast().replacingOccurrences(of: #""challenge":""#, with: #""challenge":"*"#),
            String(ahead.dropLast()),
        ]
        let (job, items) = try await fixture.run(good + poison.map { $0 + "\n" }.joined() + good)
        #expect(items.count == poison.count + 2)
        #expect(items.first?.text("outcome") == "confirmed" && items.last?.text("outcome") == "confirmed")
        #expect(job.state == .succeeded && job.progress.counts["confirmed"] == 2)
        // An algorithm that is not known makes a report, as it does for a single verification.
        for (index, line) in poison.enumerated() {
            let item = items[index + 1]
            let isReport = line.contains("md5With")
            #expect((item.member("error") == nil) == isReport, "\(index)")
            #expect(item.text("outcome") == (isReport ? "undetermined" : nil))
        }
        #expect(items[items.count - 2].text("ref") == "ahead")
    }

    @Test("A certificate that cannot be decoded is undetermined, and no error")
    func undecodable() async throws {
        let fixture = try ProofFixture()
        let line = try fixture.line("a", fixture.time(1))
            .replacingOccurrences(of: base64(fixture.certificate.der), with: "AAAA")
        let (_, items) = try await fixture.run(line)
        #expect(items.map { $0.text("outcome") } == ["undetermined"])
    }

    @Test("Cancelled, replayed, and unseen by others and as the other kind")
    func lifecycle() async throws {
        let fixture = try ProofFixture()
        let service = try fixture.base.service()
        let line = try fixture.line("a", fixture.time(1))
        let made = try await BatchFixture.submit(line, to: service, ProofFixture.order(key: "k"))
        let again = try await BatchFixture.submit(line, to: service, ProofFixture.order(key: "k"))
        #expect(!made.isReplayed && again.isReplayed && again.job.id == made.job.id)
        await #expect(throws: BatchError.idempotencyKeyReused) {
            try await BatchFixture.submit(line + line, to: service, ProofFixture.order(key: "k"))
        }
        let (id, own) = (made.job.id, BatchFixture.context())
        let stranger = BatchFixture.context(BatchFixture.other)
        await #expect(throws: BatchError.notFound) {
            _ = try await service.job(id, kind: .verification, context: stranger)
        }
        await #expect(throws: BatchError.notFound) {
            _ = try await service.cancel(id, kind: .verification, context: stranger)
        }
        await #expect(throws: BatchError.notFound) { _ = try await service.job(id, kind: .status, context: own) }
        let cancelled = try await service.cancel(id, kind: .verification, context: own)
        #expect(cancelled.job.state == .cancelled)
        await #expect(throws: BatchError.noResult) {
            _ = try await service.result(id, kind: .verification, context: own)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.base.jobFolder).isEmpty)
    }

    @Test("Reconciling the same proofs twice gives the same octets")
    func twice() async throws {
        let fixture = try ProofFixture()
        try fixture.archive(1)
        let text = try (0..<30).map { try fixture.line("r\($0)", fixture.time($0.isMultiple(of: 3) ? 2 : 1)) }.joined()
        let (first, items) = try await fixture.run(text)
        let (second, others) = try await fixture.run(text)
        #expect(items == others && first.resultDigest == second.resultDigest && first.id != second.id)
    }
}
