import Demonstration
import Foundation
import JPKIProfile
import Logging
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SystemClock
import Testing
import WireFormat

/// A nation's partitions over sockets, in the built server. `AKASHI_PARTITIONS=1741 AKASHI_PARTITION_SCALE=1` takes all
/// of them in their full sizes.
@Suite("A nation's partitions in the built server", .serialized)
struct NationTests {
    private static let environment = ProcessInfo.processInfo.environment
    static let partitions = environment["AKASHI_PARTITIONS"].flatMap(Int.init) ?? 300
    static let scale = environment["AKASHI_PARTITION_SCALE"].flatMap(Double.init) ?? 0.001

    @Test("All are in force before the counters open; one that is missing touches its own residents alone")
    func openingTime() async throws {
        let nation = try await Nation.start(
            partitions: NationTests.partitions, scale: NationTests.scale, missing: NationTests.partitions / 2)
        do { try await nation.morning() } catch {
            await nation.stop()
            throw error
        }
        await nation.stop()
    }

    @Test("Lists of which none was published for five days: an alarm can see it, and nothing is good by them")
    func alarms() async throws {
        let sixDays: Int64 = 6 * 86_400
        let nation = try await Nation.start(partitions: 60, scale: 0.001, publishedBefore: sixDays)
        do {
            _ = try await nation.seconds(until: 60) { try await !nation.admin("/readyz").contains("crl_missing") }
            let resident = try nation.resident(of: 0)
            let status = try await nation.status(of: resident)
            #expect(status.status == "undetermined" && status.undeterminedReason == "source_stale")
            #expect(status.rung == nil)
            let readiness = try await nation.admin("/readyz")
            #expect(readiness.components(separatedBy: "crl_past_policy:").count == 60 + 12 + 1)
            // Written every 15 seconds.
            let series = "{issuer=\"sandbox-card-sign-g2\",source=\"all\"}"
            let held = try await nation.awaitMetric("akashi_crl_lists" + series) { $0 == 63 }
            #expect(held == 63)
            #expect(try await nation.metric("akashi_crl_stale_lists" + series) == 63)
            #expect(try await nation.metric("akashi_crl_sources_without_list" + series) == 0)
            let age = try #require(try await nation.metric("akashi_crl_age_seconds" + series))
            #expect(age >= Double(sixDays) && age < Double(sixDays) + 3_600)
        } catch {
            await nation.stop()
            throw error
        }
        await nation.stop()
    }
}

extension Nation {
    /// A start with one list missing, a publication, and the missing list.
    fileprivate func morning() async throws {
        let missing = partitions / 2
        let waiting = "not ready: crl_missing:\(list(missing))\n"
        let toForce = try await seconds(until: 1_800) { try await admin("/readyz") == waiting }
        let neighbours = try [missing - 1, missing + 1].map { try resident(of: $0) }
        let own = try resident(of: missing)
        for resident in neighbours {
            let status = try await status(of: resident)
            #expect(status.status == "good" && status.rung == "fresh_crl" && !status.degraded)
        }
        var lost = try await status(of: own)
        #expect(lost.status == "undetermined" && lost.undeterminedReason == "source_unavailable")

        // A day later: everything anew, with one more revocation in the list before the missing one.
        try sandbox.revoke(neighbours[0].id, kind: .cardDigitalSignature, reason: .keyCompromise)
        try sandbox.publishLists()
        let toEffect = try await publicationToEffect(but: 1)
        #expect(try await status(of: neighbours[0]).status == "revoked")
        #expect(try await status(of: neighbours[1]).status == "good")

        server.sandbox.faults.clearAll()
        let back = ContinuousClock.now
        _ = try await operatorConsole.refreshCRLs(sourceID: list(missing))
        lost = try await status(of: own)
        let toReturn = (ContinuousClock.now - back) / .seconds(1)
        #expect(lost.status == "good")
        #expect(try await admin("/readyz") == "ready\n")
        let entries = try server.sandbox.lists().filter(\.list.isPartition).reduce(0) { $0 + $1.entryCount }
        print(
            """
            flow: \(partitions) partitions, \(entries) entries: all but the missing one in force \
            \(rounded(toForce)) s after the start, a publication in effect after \(rounded(toEffect)) s, the missing \
            one after \(rounded(toReturn)) s; resident memory \(platform.peakKiB / 1_024) MiB at most
            """)
    }

    private func rounded(_ seconds: Double) -> String { String(format: "%.2f", seconds) }
}

extension Nation {
    /// Seconds from now, when a publication is out and an operator has the platform look, until every list but
    /// some is the new one.
    fileprivate func publicationToEffect(but missing: Int) async throws -> Double {
        let oldest = try sandbox.lists().map(\.number).min() ?? 0
        let published = ContinuousClock.now
        let refresh = Task { try? await operatorConsole.refreshCRLs().decoded(as: RefreshAnswer.self) }
        var count = 0
        while count < partitions + 12 - missing {
            guard ContinuousClock.now - published < .seconds(1_800) else {
                throw PlatformProcess.Failure(description: "\(count) lists are new after half an hour")
            }
            try await Task.sleep(for: .milliseconds(100))
            let lists = try await operatorConsole.systemStatus().decoded(as: SystemAnswer.self).crls
            count = lists.count { ($0.crl_number.flatMap(UInt64.init) ?? 0) >= oldest }
        }
        let seconds = (ContinuousClock.now - published) / .seconds(1)
        if let outcomes = await refresh.value?.items.flatMap(\.outcomes) {
            #expect(outcomes.count { $0 == "activated" } == partitions + 12 - missing)
            #expect(outcomes.count { $0 == "connection_failed" } == missing)
        }
        return seconds
    }
}

/// What a test reads of `POST /v1/crls/refresh`.
private struct RefreshAnswer: Decodable {
    struct Item: Decodable { let outcomes: [String] }
    let items: [Item]
}

/// What a test reads of `GET /v1/system/status`.
private struct SystemAnswer: Decodable {
    struct List: Decodable { let crl_number: String? }
    let crls: [List]
}
