import CounterApplications
import CounterKit
import CounterService
import Organizations
import Synchronization
import SystemClock
import Testing
import Verification

/// 領収書 after a reduction at the counter.
@Suite struct RenewedReceiptTests {
    /// Notes the amounts that are drawn, and can be told to draw nothing.
    private final class NotingRenderer: PaperRenderer {
        let state = Mutex((amounts: [Int](), isAway: false))

        func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8] {
            if state.withLock({ $0.isAway }) { throw RenderingError("test") }
            if case .feeReceipt(let receipt) = document { state.withLock { $0.amounts.append(receipt.amount) } }
            return try SimulatedRenderer().render(document)
        }
    }

    private let bench = CounterBench(retention: 86_400)
    private let renderer = NotingRenderer()

    private func driver() -> CounterDriver {
        var ports = bench.ports()
        ports.renderer = renderer
        return CounterDriver(
            ports: ports, breaker: bench.breaker, settings: { [settings = bench.settings] in settings },
            logger: CounterBench.silent)
    }

    private func settle() async throws {
        for _ in 0..<10 {
            try await bench.drive(driver())
            bench.office.printersWork()
            bench.clock.advance(bySeconds: 2)
        }
    }

    /// Ready, with a fee of 600 yen that was reduced.
    private func reduced(_ exemption: String = "scholar") async throws -> CounterApplication {
        let application = try await bench.submitted(as: "R-1", copies: 2)
        try await settle()
        return try await bench.desk().settleFee(
            .exempted(exemption), of: application.id, version: nil, by: Sample.clerk)
    }

    private func renew(_ application: CounterApplication, by staff: StaffIdentity = Sample.clerk) async throws {
        _ = try await bench.desk().renewReceipt(of: application.id, version: nil, by: staff)
    }

    @Test("After a reduction a clerk prints the 領収書 anew over what was taken: it alone, and once")
    func renewed() async throws {
        let application = try await reduced()
        let book = try await bench.store.sheetBalances(of: Sample.city)
        await #expect(throws: CounterError.refused(.notAllowed)) { try await renew(application, by: Sample.auditor) }
        await #expect(throws: CounterError.notFound) { try await renew(application, by: Sample.stranger) }
        try await renew(application)
        let printing = try await bench.fresh(application)
        #expect(printing.state == .printing && printing.actions == [.render] && !printing.doesReceiptDiffer)
        await #expect(throws: CounterError.refused(.wrongState)) { try await renew(application) }
        try await settle()
        let ready = try await bench.fresh(application)
        #expect(ready.state == .ready && renderer.state.withLock { $0.amounts } == [600, 300])
        await #expect(throws: CounterError.refused(.wrongState)) { try await renew(application) }
        for paper in ready.papers {
            let isReceipt = paper.kind == .feeReceipt
            #expect(paper.formerTokens.count == (isReceipt ? 1 : 0) && paper.spoiltSheets == (isReceipt ? 1 : 0))
            for token in [paper.token] + paper.formerTokens { #expect(bench.office.printedCopies(token).count == 1) }
        }
        // Plain paper: the 受払簿 is as it was.
        #expect(try await bench.store.sheetBalances(of: Sample.city) == book)
        let control = ready.issue?.controlNumber.printed ?? ""
        _ = try await bench.desk().handOver(ready.receptionNumber.printed, control, fee: .none, by: Sample.clerk)
        let events = bench.store.state.withLock { $0.audit.filter { $0.kind == .counterReprinted } }
        #expect(events.map { $0.details["reason"] } == ["reduced_fee"])
    }

    @Test("There is no 領収書 of nothing, none before a reduction, and none of papers that are stopped")
    func refused() async throws {
        let free = try await reduced("pension")
        #expect(free.doesReceiptDiffer && !free.isReceiptRenewable)
        await #expect(throws: CounterError.refused(.wrongState)) { try await renew(free) }
        let whole = try await bench.submitted(as: "R-2", copies: 2)
        try await settle()
        await #expect(throws: CounterError.refused(.wrongState)) { try await renew(whole) }
        _ = try await bench.desk().settleFee(.taken, of: whole.id, version: nil, by: Sample.clerk)
        await #expect(throws: CounterError.refused(.wrongState)) { try await renew(whole) }
        let stopped = try await reduced()
        let (other, control) = (free.receptionNumber.printed, stopped.issue?.controlNumber.printed ?? "")
        _ = try await bench.desk().match(other, control, by: Sample.clerk)
        await #expect(throws: CounterError.refused(.blocked)) { try await renew(stopped) }
    }

    @Test("A 領収書 that cannot be drawn anew takes no other paper back: a supervisor has it drawn again")
    func notDrawn() async throws {
        let application = try await reduced()
        renderer.state.withLock { $0.isAway = true }
        try await renew(application)
        try await settle()
        let lost = try await bench.fresh(application)
        #expect(lost.state == .printing && lost.paper(.feeReceipt)?.stage == .lost && lost.fee?.state == .paid)
        #expect(lost.paper(.certifiedCopy)?.stage == .completed)
        renderer.state.withLock { $0.isAway = false }
        _ = try await bench.desk().reprint(
            .feeReceipt, of: lost.id, sheets: nil, version: nil, by: Sample.supervisor)
        try await settle()
        #expect(try await bench.fresh(application).state == .ready)
        #expect(renderer.state.withLock { $0.amounts } == [600, 300])
    }

    @Test("Taken back while the 領収書 is drawn anew, the fee is reversed and nothing of it is printed")
    func voided() async throws {
        let application = try await reduced()
        try await renew(application)
        _ = try await bench.desk().void(application.id, reason: .staffCancelled, version: nil, by: Sample.clerk)
        try await settle()
        let ended = try await bench.fresh(application)
        #expect(ended.state == .voided && ended.fee?.state == .reversed && ended.fee?.amount == 300)
        #expect(ended.paper(.feeReceipt).map { bench.office.printedCopies($0.token).isEmpty } == true)
        #expect(renderer.state.withLock { $0.amounts } == [600])
    }
}
