import CounterApplications
import CounterKit
import CounterService
import Foundation
import PKIX
import Synchronization
import SystemClock
import Testing
import Verification

/// 無料・減免 as an applicant states it, and as a clerk finds it.
@Suite struct ExemptionTests {
    private let bench = CounterBench(retention: 86_400)

    /// Ready, with its codes as a clerk scans them.
    private func ready(_ exemption: String?) async throws -> (CounterApplication, String, String) {
        let application = try await bench.submitted(as: "R-1", copies: 2, exemption: exemption)
        try await bench.settle()
        let ready = try await bench.fresh(application)
        return (ready, ready.receptionNumber.printed, ready.issue?.controlNumber.printed ?? "")
    }

    private func handed(_ codes: (CounterApplication, String, String), _ fee: CounterDesk.FeeAct) async throws -> Fee? {
        let done = try await bench.desk().handOver(codes.1, codes.2, fee: fee, by: Sample.clerk)
        guard case .done(let application) = done else { return nil }
        return application.fee
    }

    private func day() async throws -> DayReport.Row? {
        let day = try #require(OpeningHours.Day(year: 2026, month: 11, day: 23))
        return try await bench.desk().dayReport(on: day, site: nil, by: Sample.clerk).rows.first
    }

    @Test("An exemption that a terminal sends settles nothing: the whole fee is due until a clerk has looked")
    func claimSettlesNothing() async throws {
        let codes = try await ready("pension")
        #expect(codes.0.fee?.state == .due && codes.0.fee?.amount == 600 && codes.0.fee?.exemption == nil)
        #expect(codes.0.openClaim?.names["ja"] == "年金" && codes.0.order?.fee.total == 0)
        // The papers go by what was stated: no 領収書 of nothing.
        #expect(codes.0.paper(.feeReceipt) == nil && !codes.0.doesReceiptDiffer)
        await #expect(throws: CounterError.refused(.feeDue)) { try await handed(codes, .none) }
        // Nobody passes it over.
        await #expect(throws: CounterError.exemptionClaimed) { try await handed(codes, .taken) }
        #expect(try await bench.fresh(codes.0).fee == codes.0.fee)
    }

    @Test("Confirmed, it is booked as 無料・減免 with what was taken; the 領収書 agrees", arguments: ["pension", "scholar"])
    func confirmed(_ exemption: String) async throws {
        let codes = try await ready(exemption)
        let settled = try await bench.desk().settleFee(
            .claimConfirmed, of: codes.0.id, version: nil, by: Sample.clerk)
        #expect(settled.openClaim == nil && !settled.doesReceiptDiffer && settled.fee?.exemption == exemption)
        #expect((settled.paper(.feeReceipt) != nil) == (exemption == "scholar"))
        await #expect(throws: CounterError.refused(.wrongState)) { try await handed(codes, .claimRejected) }
        let fee = try #require(try await handed(codes, .none))
        let amount = exemption == "pension" ? 0 : 300
        #expect(fee.state == (amount == 0 ? .exempt : .paid) && fee.amount == amount && fee.takenBy == Sample.clerk.id)
        let row = try #require(try await day())
        #expect(row.exempt == 1 && row.amount == amount)
        let noted = bench.store.state.withLock { $0.audit.first { $0.kind == .counterFeeTaken }?.details }
        #expect(noted == ["claim": exemption, "exemption": exemption, "amount": String(amount)])
    }

    @Test("Rejected, the whole fee is booked, and the 領収書 that states less or is not there is told of")
    func rejected() async throws {
        let free = try await ready("pension")
        let fee = try #require(try await handed(free, .claimRejected))
        #expect(fee.state == .paid && fee.amount == 600 && fee.exemption == nil)
        let reduced = try await ready("scholar")
        let settled = try await bench.desk().settleFee(
            .claimRejected, of: reduced.0.id, version: nil, by: Sample.clerk)
        #expect(settled.fee?.amount == 600 && settled.doesReceiptDiffer && settled.isReceiptRenewable)
        let renewed = try await bench.desk().renewReceipt(of: reduced.0.id, version: nil, by: Sample.clerk)
        #expect(renewed.statedAmount == 600)
        let noted = bench.store.state.withLock { state in
            state.audit.filter { $0.kind == .counterFeeTaken }.map { $0.details["claim"] ?? "" }
        }
        #expect(noted == ["pension", "scholar"])
        let row = try #require(try await day())
        #expect(row.exempt == 0 && row.amount == 600)
    }

    @Test("A clerk may find another exemption than the one that was stated, but none that nobody stated")
    func others() async throws {
        let claimed = try await ready("pension")
        let fee = try #require(try await handed(claimed, .exempted("scholar")))
        #expect(fee.state == .paid && fee.amount == 300 && fee.exemption == "scholar")
        let plain = try await ready(nil)
        for act in [CounterDesk.FeeAct.claimConfirmed, .claimRejected] {
            await #expect(throws: CounterError.refused(.wrongState)) { try await handed(plain, act) }
        }
        #expect(try await handed(plain, .taken)?.amount == 600)
    }

    @Test("A row of the time when a stated exemption settled the fee is read, and stays as it was")
    func oldRow() throws {
        let accepted = Sample.order(exemption: "pension")
        let plans = Sample.plans()
        var application = Situation.identified.application().0
        application =
            made(
                try? application.applying(.submitted(accepted, Sample.preparation(), plans), at: application.changedAt)
            ).application
        var row = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(application)) as? [String: Any])
        var (order, fee) = (try #require(row["order"] as? [String: Any]), try #require(row["fee"] as? [String: Any]))
        order["claim"] = nil
        (fee["state"], fee["amount"], fee["exemption"]) = ("exempt", 0, "pension")
        (row["order"], row["fee"]) = (order, fee)
        let old = try JSONDecoder().decode(
            CounterApplication.self, from: JSONSerialization.data(withJSONObject: row))
        #expect(old.fee?.isSettled == true && old.openClaim == nil && old.order?.claim == nil)
        #expect(old.order?.fee.total == 0 && !old.doesReceiptDiffer)
        // A reduced one that was due is taken as it was due.
        (fee["state"], fee["amount"], fee["exemption"]) = ("due", 300, "scholar")
        row["fee"] = fee
        let due = try JSONDecoder().decode(
            CounterApplication.self, from: JSONSerialization.data(withJSONObject: row))
        #expect(due.openClaim == nil && due.fee?.amount == 300)
    }

    @Test("Staff read the exemption by its name on queue, application and お渡し, and choose which it is")
    func pages() async throws {
        let (application, receipt, copy) = try await ready("pension")
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let path = "/applications/\(application.id.rawValue)"
        let shown = "無料・減免の申し出：年金（あたれば無料）"
        for page in [try await clerk.get("/queue").text, try await clerk.get(path).text] {
            #expect(page.contains("600円") && page.contains(shown) && !page.contains("pension（"))
        }
        let asked = try await clerk.get(path).text
        #expect(asked.contains("申し出のとおり：年金（無料）") && asked.contains("あたらない（600円を受け取った）"))
        #expect(asked.contains("name=\"exemption\" required") && asked.contains("奨学金（300円を受け取った）"))
        // An answer that says nothing of it is none.
        #expect(try await clerk.post(path + "/fee", [("exemption", "")]).text.contains("申し出があります"))
        #expect(try await bench.fresh(application).fee?.state == .due)
        let codes = [("receipt", receipt), ("copy", copy)]
        #expect(try await clerk.post("/hand-over", [codes[0]]).text.contains("<strong>年金</strong>"))
        let third = try await clerk.post("/hand-over", codes).text
        #expect(third.contains("あたる：無料で渡した") && third.contains("あたらない：600円を受け取り、渡した"))
        #expect(third.contains("領収書は印刷していません") && !third.contains("value=\"taken\""))
        // No key that is pressed once too often decides it.
        #expect(!third.contains("autofocus"))
        let done = try await clerk.post("/hand-over", codes + [("fee", "claim_confirmed")]).text
        #expect(done.contains("渡しました"))
        #expect(try await clerk.get(path).text.contains("なし　無料・減免：年金"))
    }

    @Test("Where a 領収書 over less was printed, a rejection goes by the application's page, where it is printed anew")
    func rejectedOnPage() async throws {
        let (application, receipt, copy) = try await ready("scholar")
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let path = "/applications/\(application.id.rawValue)"
        let third = try await clerk.post("/hand-over", [("receipt", receipt), ("copy", copy)]).text
        #expect(third.contains("あたる：300円を受け取り、渡した") && !third.contains("claim_rejected"))
        #expect(third.contains("先に<a href=\"\(path)\">この受付</a>で記録し"))
        let after = try await clerk.post(path + "/fee", [("exemption", "none")]).text
        #expect(after.contains("600円（領収済み）") && after.contains("印刷した領収書（300円）は、受け取った額と違います"))
        #expect(after.contains("正しい額で刷りなおす"))
    }

    @Test("A free claim that is rejected tells the clerk to write the 領収書 that was not printed")
    func unprintedReceipt() async throws {
        let (application, receipt, _) = try await ready("pension")
        let clerk = try await StaffDoor(bench).browser(Sample.clerk)
        let after = try await clerk.post(
            "/applications/\(application.id.rawValue)/fee", [("exemption", "none")]
        ).text
        #expect(after.contains("領収書は印刷していません。受け取った額（600円）"))
        #expect(!after.contains("受け取った額と違います"))
        let handing = try await clerk.post("/hand-over", [("receipt", receipt)]).text
        #expect(handing.contains("領収書は印刷していません。受け取った額（600円）"))
    }

    @Test("申請書 names the members who are selected, and the exemption; 受付票 the rung and both fees; wiped with the rest")
    func papers() async throws {
        let renderer = Drawn()
        let application = try await bench.identified(as: "R-1")
        var order = CounterBench.order(copies: 2, exemption: "scholar")
        order.scope = .selected(["m1"])
        _ = try await bench.terminal().submit(application.id, order, version: nil, bench.context())
        var ports = bench.ports()
        (ports.renderer, ports.words) = (renderer, try #require(PaperWords.standard()))
        let settings = bench.settings
        let driver = CounterDriver(
            ports: ports, breaker: bench.breaker, settings: { settings }, logger: CounterBench.silent)
        for _ in 0..<10 {
            try await bench.drive(driver)
            bench.office.printersWork()
            bench.clock.advance(bySeconds: 2)
        }
        let documents = renderer.documents.withLock { $0 }
        var found: (slip: ReceiptSlip?, form: ApplicationForm?, receipt: FeeReceipt?)
        for document in documents {
            switch document {
            case .receiptSlip(let slip): found.slip = slip
            case .applicationForm(let form): found.form = form
            case .feeReceipt(let receipt): found.receipt = receipt
            case .daySheet: break
            }
        }
        #expect(found.form?.members == ["見本 花子"])
        #expect(found.form?.orderLines.contains("無料・減免の申し出：奨学金") == true)
        #expect(found.form?.orderLines.contains("世帯の一部（1人）") == true)
        #expect(found.slip?.fee == 300 && found.slip?.unreducedFee == 600 && found.slip?.degradedRung == nil)
        #expect(found.receipt?.amount == 300)
        _ = try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
        for _ in 0..<6 { try await bench.drive(driver) }
        bench.clock.advance(bySeconds: 90_000)
        for _ in 0..<6 { try await bench.drive(driver) }
        let end = try await bench.fresh(application)
        let kept = String(decoding: try JSONEncoder().encode(end), as: UTF8.self)
        #expect(end.remains == .skeleton && !kept.contains("花子"))
        #expect(end.order?.claim?.unreduced.total == 600)
    }

    private final class Drawn: PaperRenderer {
        let documents = Mutex<[PaperDocument]>([])

        func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8] {
            documents.withLock { $0.append(document) }
            return try SimulatedRenderer().render(document)
        }
    }
}
