import CounterApplications
import CounterService
import Foundation
import JPKIProfile
import Metrics
import Observability
import Organizations
import SandboxAuthority
import SandboxIssuingServer
import SystemClock
import TerminalSession
import Testing
import WebPages

/// OCSP is down for ten minutes in the morning's peak: nobody waits, and everybody who should know is told.
@Suite("The morning's peak without the responder")
struct MorningPeakTests {
    /// What the resident's page, the 受付票 and the staff's pages say.
    private static let onPage = "確認に使った情報は、いつもより少し前のものです。"
    private static let onSlip = "縮退運転中"
    private static let onStaffPages = "縮退運転中です。カードの有効性を照会する先が応答しないため"

    /// Ten minutes of the clock in the test's hand, somebody every ten seconds.
    @Test("Everybody is identified at once by the lists; page, 受付票, staff's pages and metrics say so, and it ends")
    func outage() async throws {
        let metrics = PrometheusRegistry()
        try await withMetricsFactory(metrics) {
            try await MorningPeak.with { peak in
                let staff = try await StaffBrowser(peak)
                try await MorningPeakTests.walk(peak, staff, metrics)
                await staff.close()
            }
        }
    }

    private static func walk(_ peak: MorningPeak, _ staff: StaffBrowser, _ metrics: PrometheusRegistry) async throws {
        let people = try peak.residents(80)
        await peak.issuing.registers.refresh()
        var usual: [Duration] = []
        for person in people[0..<10] { usual.append(try await identified(person, peak, .normal)) }
        #expect(!(try await staff.page("/queue")).contains(onStaffPages))

        // It takes questions and answers none. Who stands there at this moment waits for it once, all together.
        try peak.office.sandbox.set(.slow(milliseconds: 5_000), on: .responder(.card))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for person in people[10..<18] { group.addTask { _ = try await identified(person, peak, .degraded) } }
            try await group.waitForAll()
        }
        let asked = questions(metrics)
        var degraded: [Duration] = []
        for person in people[18..<78] {
            degraded.append(try await identified(person, peak, .degraded))
            peak.office.clock.advance(bySeconds: 10)
        }
        // Nearly nobody's question went out, so that nobody could wait for its answer.
        let probes = questions(metrics) - asked
        #expect(probes < 10, "\(probes)")
        print("identification, median, longest:", words(usual), "with the responder,", words(degraded), "without")

        let application = try await peak.order(try await peak.identify(people[78]))
        try await told(application, peak, staff)
        #expect(
            value(
                metrics,
                #"akashi_counter_identifications_total{municipality="\#(MorningPeak.city.code.digits)",rung="fresh_crl",service="degraded"}"#
            ) == 69)

        // The responder is back: the next probe finds it, and nothing says 縮退 any more.
        peak.office.sandbox.faults.clearAll()
        for _ in 0..<600 {
            _ = try await peak.identify(people[79])
            if !(try await staff.page("/queue/rows")).contains(onStaffPages) { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(!(try await staff.page("/queue")).contains(onStaffPages))
        _ = try await identified(people[79], peak, .normal)
    }

    /// What those see who should know.
    private static func told(_ application: CounterApplication, _ peak: MorningPeak, _ staff: StaffBrowser) async throws
    {
        #expect(application.state == .ready && application.applicant?.identification.rung == "fresh_crl")
        let slip = try #require(application.paper(.receiptSlip).flatMap { peak.printers.paper($0.token) })
        #expect(try text(slip).contains(onSlip))
        let pages = try PageSet(service: .application)
        let receipt = CounterStep.receipt(number: application.receptionNumber.printed, notice: .degraded)
        #expect(pages.screen(KioskScreen(.step(.counter(receipt))), warning: 20).contains(onPage))
        for path in ["/queue", "/queue/rows", "/hand-over", "/applications/\(application.id.rawValue)"] {
            #expect(try await staff.page(path).contains(onStaffPages), "\(path)")
        }
    }

    private static func identified(
        _ person: Resident, _ peak: MorningPeak, _ service: Identification.ServiceLevel
    ) async throws -> Duration {
        let begun = ContinuousClock.now
        let application = try await peak.identify(person)
        let time = begun.duration(to: .now)
        #expect(application.state == .identified && application.applicant?.identification.service == service)
        return time
    }

    // MARK: Reading

    private static func text(_ pdf: [UInt8]) throws -> String {
        let path = NSTemporaryDirectory() + "/" + UUID().uuidString + ".pdf"
        try Data(pdf).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["pdftotext", "-raw", path, "-"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
    }

    private static func value(_ metrics: PrometheusRegistry, _ series: String) -> Int {
        metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }.map { Int($0) } ?? 0
    }

    /// Questions that left for the responder, answered or not.
    private static func questions(_ metrics: PrometheusRegistry) -> Int {
        value(metrics, "akashi_ocsp_latency_seconds_count")
    }

    private static func words(_ times: [Duration]) -> String {
        let sorted = times.sorted().map { Int($0 / .milliseconds(1)) }
        return sorted.isEmpty ? "" : "\(sorted[sorted.count / 2]) ms, \(sorted[sorted.count - 1]) ms"
    }
}

/// The municipality's server hangs at the look-up, with nobody's order under way.
@Suite("The register hangs")
struct HangingRegisterTests {
    private static let onStaffPages = "証明書を発行するサーバが応答しません"

    @Test("Four wait for it; then nobody shows a card for nothing, staff's pages and the metric say why, and it ends")
    func hanging() async throws {
        let metrics = PrometheusRegistry()
        try await withMetricsFactory(metrics) {
            try await MorningPeak.with(issuerSeconds: 2) { peak in
                let staff = try await StaffBrowser(peak)
                do { try await HangingRegisterTests.walk(peak, staff, metrics) } catch {
                    peak.issuing.faults.clear()
                    throw error
                }
                await staff.close()
            }
        }
    }

    private static func walk(_ peak: MorningPeak, _ staff: StaffBrowser, _ metrics: PrometheusRegistry) async throws {
        let people = try peak.residents(6)
        await peak.issuing.registers.refresh()
        #expect(try await peak.identify(people[0]).state == .identified)
        #expect(isAway(metrics) != true)

        peak.issuing.faults.set(.hanging)
        for person in people[1...4] {
            let application = try await peak.identify(person)
            #expect(application.voiding?.identification == .registerUnavailable)
        }
        #expect(isAway(metrics) == true)
        #expect(try await staff.page("/queue").contains(onStaffPages))
        await #expect(throws: CounterError.issuerUnavailable) { try await peak.identify(people[5]) }

        peak.issuing.faults.clear()
        peak.office.clock.advance(bySeconds: 5)
        #expect(try await peak.identify(people[5]).state == .identified)
        #expect(isAway(metrics) == false)
        #expect(!(try await staff.page("/queue").contains(onStaffPages)))
    }

    /// Nil before anything was noted.
    private static func isAway(_ metrics: PrometheusRegistry) -> Bool? {
        let series = #"akashi_counter_issuer_away{municipality="\#(MorningPeak.city.code.digits)"} "#
        return metrics.text().split(separator: "\n").first { $0.hasPrefix(series) }
            .flatMap { Double($0.dropFirst(series.count)) }.map { $0 > 0 }
    }
}
