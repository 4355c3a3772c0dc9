import CounterApplications
import CounterService
import GRDB
import PKIX
import SQLiteStore
import Testing
import Verification

/// Money and sheets, as they are noted.
@Suite struct AccountTests {
    @Test("A reduced fee is booked as what was taken, and staff are told that the printed 領収書 states another amount")
    func reducedFee() async throws {
        let bench = CounterBench(retention: 86_400)
        let application = try await bench.submitted(as: "R-1", copies: 2)
        try await bench.settle()
        let taken = try await bench.desk().settleFee(
            .exempted("scholar"), of: application.id, version: nil, by: Sample.clerk)
        #expect(taken.fee?.state == .paid && taken.fee?.amount == 300 && taken.fee?.exemption == "scholar")
        #expect(taken.doesReceiptDiffer && taken.isReceiptRenewable)
        let copy = try await bench.fresh(application).issue?.controlNumber.printed ?? ""
        _ = try await bench.desk().handOver(application.receptionNumber.printed, copy, fee: .none, by: Sample.clerk)
        let day = try #require(OpeningHours.Day(year: 2026, month: 11, day: 23))
        let row = try #require(try await bench.desk().dayReport(on: day, site: nil, by: Sample.clerk).rows.first)
        #expect(row.amount == 300 && row.exempt == 1)
    }

    private func noting(_ count: Int, _ cause: SheetEntry.Cause, seen: Int64?, counted: Int? = nil) -> SheetNoting {
        SheetNoting(
            SheetEntry(
                municipality: Sample.city, printer: "counter", tray: "tray-2", at: Sample.start, cause: cause,
                staff: "chief-1", received: cause == .received ? count : 0), counted: counted, seen: seen)
    }

    @Test("The same note of sheets is made once, and two who count the same tray do not correct it twice")
    func notes() async throws {
        let folder = try CounterStoreTests.Folder()
        let (_, counter) = try folder.open()
        let audit: @Sendable (SheetEntry) -> AuditEvent = { _ in CounterStoreTests.event(.counterSheetsNoted) }
        try await counter.note(noting(100, .received, seen: 0), audit: audit)
        await #expect(throws: CounterStoreError.conflict) {
            try await counter.note(noting(100, .received, seen: 0), audit: audit)
        }
        let seen = try #require(try await counter.sheetBalances(of: Sample.city).first).lastNote
        try await counter.note(noting(0, .counted, seen: seen, counted: 90), audit: audit)
        await #expect(throws: CounterStoreError.conflict) {
            try await counter.note(noting(0, .counted, seen: seen, counted: 90), audit: audit)
        }
        let balance = try #require(try await counter.sheetBalances(of: Sample.city).first)
        #expect(balance.left == 90 && balance.spoilt == 10)
    }

    @Test("One row that does not open stops nobody else's application, and accounts are refused rather than short")
    func damagedRow() async throws {
        let folder = try CounterStoreTests.Folder()
        let (_, counter) = try folder.open()
        var applications: [CounterApplication] = []
        for seed: UInt8 in 1...2 {
            let application = Situation.new(seed)
            try await counter.create(application, audit: CounterStoreTests.event())
            applications.append(application)
        }
        let queue = try DatabaseQueue(path: folder.path + "/akashi.sqlite")
        try await queue.write { [id = applications[0].id.rawValue] db in
            try db.execute(sql: "UPDATE counter_application SET sealed = x'00' WHERE id = ?", arguments: [id])
        }
        let late = Sample.start.advanced(bySeconds: 100_000)
        let lease = CounterLease(owner: "one", until: late.advanced(bySeconds: 90))
        let claimed = try await counter.claim(of: Sample.city, dueAt: late, lease: lease, limit: 10)
        #expect(claimed.map(\.id) == [applications[1].id])
        var query = CounterQuery(municipality: Sample.city, states: [.open])
        #expect(try await counter.list(query).map(\.id) == [applications[1].id])
        query.isWhole = true
        await #expect(throws: CounterStoreError.self) { try await counter.list(query) }
    }
}
