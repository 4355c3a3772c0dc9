import JPKIProfile
import PKIX
import RevocationUpdating
import SandboxAuthority
import SystemClock
import Testing
import Verification

/// Days on which nothing comes, as the new year and a disaster bring them. The clock is set by hand; the sandbox
/// answers over sockets.
@Suite("Lists over days without publication and without a line", .serialized)
struct CalendarTests {
    private static let partitions = 24
    /// Of the three municipalities and of the partitions, all generations.
    private static let lists = 12 + partitions

    private func time(_ text: String) throws -> ValidationTime {
        try #require(ValidationTime(rfc3339: text + "+09:00"))
    }

    private func inOffice(
        at text: String,
        _ change: (inout SandboxSettings) -> Void = { _ in },
        _ body: (Office) async throws -> Void
    ) async throws {
        let office = try await Office.open(at: try time(text), partitions: CalendarTests.partitions, change)
        do { try await body(office) } catch {
            await office.close()
            throw error
        }
        await office.close()
    }

    private static let fresh = "good by fresh_crl"
    private static let lastGood = "good by last_good_crl degraded"
    private static let stale = "undetermined (source_stale)"
    /// The last thing that was tried is the responder.
    private static let unavailable = "undetermined (source_unavailable)"

    @Test("Five days without publication, 12/29 to 1/3: each procedure answers as long as it was told to, none longer")
    func newYear() async throws {
        try await inOffice(at: "2026-12-28T06:00:00") { office in
            let good = try office.resident(of: office.partition(3))
            let listed = try office.resident(of: office.partition(3), revokedFor: .keyCompromise)
            try office.sandbox.publishLists()
            office.clock.set(try time("2026-12-28T08:00:00"))
            #expect(try await office.refresh() == ["activated": CalendarTests.lists])
            #expect(
                try await office.answers(good) == [
                    "strict: " + CalendarTests.fresh, "week: " + CalendarTests.fresh, "shelter: " + CalendarTests.fresh,
                ])
            // The responder rests too; a card that is lost meanwhile is on no list yet.
            try office.sandbox.set(.down, on: .responder(.card))
            let lost = try office.resident(of: office.partition(3), revokedFor: .cessationOfOperation)
            for day in ["12-29", "12-30", "12-31"].map({ "2026-" + $0 })
                + ["01-01", "01-02", "01-03"].map({ "2027-" + $0 })
            {
                office.clock.set(try time(day + "T09:00:00"))
                #expect(try await office.refresh() == ["unchanged": CalendarTests.lists], "\(day)")
                for resident in [good, lost] {
                    #expect(
                        try await office.answers(resident) == [
                            "strict: " + CalendarTests.unavailable, "week: " + CalendarTests.stale,
                            "shelter: " + CalendarTests.lastGood,
                        ], "\(day)")
                }
                for answer in try await office.answers(listed) { #expect(answer.contains(": revoked"), "\(day)") }
            }
            // Two weeks after its thisUpdate no procedure takes the list any longer.
            office.clock.set(try time("2027-01-11T08:00:00"))
            #expect(try await office.ask(good, "shelter").description == CalendarTests.unavailable)
            #expect(try await office.ask(listed, "shelter").status == .revoked)
            office.clock.set(try time("2027-01-04T06:00:00"))
            try office.sandbox.publishLists()
            office.clock.set(try time("2027-01-04T08:20:00"))
            #expect(try await office.refresh() == ["activated": CalendarTests.lists])
            #expect(try await office.ask(good, "strict").description == CalendarTests.fresh)
            for resident in [lost, listed] { #expect(try await office.ask(resident, "strict").status == .revoked) }
        }
    }

    @Test("Announced with a nextUpdate after the holidays, a list answers for a week, and not where a day is the limit")
    func announced() async throws {
        try await inOffice(at: "2026-12-28T06:00:00", { $0.listValidity = 8 * 86_400 }) { office in
            let good = try office.resident(of: office.partition(5))
            #expect(try await office.refresh() == ["activated": CalendarTests.lists])
            try office.sandbox.set(.down, on: .responder(.card))
            office.clock.set(try time("2026-12-29T05:59:00"))
            #expect(try await office.ask(good, "strict").description == CalendarTests.fresh)
            office.clock.set(try time("2027-01-03T09:00:00"))
            #expect(
                try await office.answers(good) == [
                    "strict: " + CalendarTests.unavailable, "week: " + CalendarTests.fresh,
                    "shelter: " + CalendarTests.fresh,
                ])
            // With the responder back, the strict procedure has an answer again, and says that it is not the usual one.
            office.sandbox.faults.clearAll()
            #expect(try await office.ask(good, "strict").description == "good by ocsp degraded")
        }
    }

    @Test("Three days without a line, a restart among them: the last lists answer, and nothing comes in their place")
    func withoutLine() async throws {
        try await inOffice(at: "2026-06-01T06:00:00", { $0.publication = .daily }) { office in
            let good = try office.resident(of: office.partition(0))
            let listed = try office.resident(of: office.partition(1), revokedFor: .superseded)
            try office.sandbox.publishLists()
            #expect(try await office.refresh() == ["activated": CalendarTests.lists])
            let before = Set(try office.updater.holder.current.lists.map(\.id))
            for target in [FaultTarget.everyList, .responder(.card)] { try office.sandbox.set(.down, on: target) }
            for (day, isRestarted) in [("02", false), ("03", true), ("04", false)] {
                office.clock.set(try time("2026-06-\(day)T09:00:00"))
                if isRestarted { try await office.restart() }
                #expect(try await office.refresh() == ["connection_failed": CalendarTests.lists], "\(day)")
                #expect(Set(try office.updater.holder.current.lists.map(\.id)) == before, "\(day)")
                #expect(
                    try await office.answers(good) == [
                        "strict: " + CalendarTests.unavailable, "week: " + CalendarTests.stale,
                        "shelter: " + CalendarTests.lastGood,
                    ], "\(day)")
                for answer in try await office.answers(listed) { #expect(answer.contains(": revoked"), "\(day)") }
            }
            office.sandbox.faults.clearAll()
            #expect(try await office.refresh() == ["activated": CalendarTests.lists])
            #expect(Set(try office.updater.holder.current.lists.map(\.id)).isDisjoint(with: before))
            #expect(try await office.ask(good, "strict").description == CalendarTests.fresh)
        }
    }

    @Test("One partition that is missing touches its own residents alone, until it is there")
    func missing() async throws {
        try await inOffice(at: "2026-06-01T06:00:00") { office in
            let missing = 7
            try office.sandbox.set(.down, on: .list(id: office.list(missing)))
            try office.sandbox.set(.down, on: .responder(.card))
            var residents: [Resident] = []
            for index in 0..<CalendarTests.partitions {
                residents.append(try office.resident(of: office.partition(index)))
            }
            let revoked = try office.resident(of: office.partition(missing), revokedFor: .keyCompromise)
            try office.sandbox.publishLists()
            #expect(try await office.refresh() == ["activated": CalendarTests.lists - 1, "connection_failed": 1])
            #expect(try office.updater.holder.current.missingSources.map(\.id) == [office.list(missing)])
            for (index, resident) in residents.enumerated() {
                let expected = index == missing ? CalendarTests.unavailable : CalendarTests.fresh
                #expect(try await office.ask(resident, "strict").description == expected, "partition \(index)")
            }
            // Revoked, and on no list that is held: undetermined, never good.
            #expect(try await office.ask(revoked, "shelter").description == CalendarTests.unavailable)
            office.sandbox.faults.clearAll()
            _ = try await office.updater.refresh(office.list(missing), by: .schedule)
            #expect(try office.updater.holder.current.missingSources.isEmpty)
            #expect(try await office.ask(residents[missing], "strict").description == CalendarTests.fresh)
            #expect(try await office.ask(revoked, "shelter").status == .revoked)
        }
    }
}
