internal import CounterApplications
internal import Foundation
internal import JPKIProfile
internal import PDFRendering
internal import PKIX
internal import SandboxAuthority
internal import SandboxPrinters

/// A resident who has applied at the counter, and the papers that came out for them.
struct DemonstrationApplicant: Sendable {
    /// The application's id, as the terminal knows it.
    let id: String
    let state: String
    /// What the terminal shows when the 受付票 is printed.
    let receptionNumber: String
    /// SHA-256 of each paper by kind, as the platform keeps them.
    let digests: [String: String]
    /// The codes on paper, as a clerk reads them.
    let slipCode: String
    let certificateCode: String

    /// Every kind of paper that an order with a fee has, and the printer it belongs to.
    static let papers: [(kind: PaperKind, printer: SandboxPrinter)] = [
        (.receiptSlip, .slips), (.certifiedCopy, .counter), (.applicationForm, .counter), (.feeReceipt, .counter),
    ]

    /// Whether each paper came out once, at the printer it belongs to.
    func papersAre(in printed: [String: [SandboxPrinter]]) -> Bool {
        digests.count == DemonstrationApplicant.papers.count
            && DemonstrationApplicant.papers.allSatisfy { paper in
                digests[paper.kind.rawValue].map { printed[$0] == [paper.printer] } ?? false
            }
    }
}

extension Demonstration {
    /// What somebody applies for.
    struct Order: Sendable {
        let resident: Archetype
        let procedure: String
        var details: [String] = []
        var fiscalYear: Int?
    }

    /// From the choice to the 受付票, as `akashi-terminal counter` asks the platform; then the codes are read off the
    /// papers in the printers' folders.
    func apply(_ order: Order, at counter: DemonstrationCounter) async throws -> DemonstrationApplicant {
        let opened = try await self.counter.post("/v1/counter_sessions", ["language": "ja"])
        let path = "/v1/counter_sessions/\(opened.text("id") ?? "")"
        let identification = try identification(order, opened)
        _ = try await self.counter.post(path + "/identify", identification.json)
        var body: [String: Any] = ["procedure_id": order.procedure, "scope": "self", "details": order.details]
        if let year = order.fiscalYear { body["fiscal_year"] = year }
        var session = try await self.counter.post(path + "/submit", body)
        let end = ContinuousClock.now + .seconds(15)
        while ["applied", "requested", "issued", "printing"].contains(session.text("state")), .now < end {
            let version = session.text("version") ?? "0"
            session = try await self.counter.get(path + "?after_version=\(version)&wait_seconds=5")
        }
        let id = session.text("id") ?? ""
        let digests = try await counter.digests(id)
        return DemonstrationApplicant(
            id: id, state: session.text("state") ?? "HTTP \(session.status) \(session.text("code") ?? "")",
            receptionNumber: session.text("reception_number") ?? "", digests: digests,
            slipCode: await code(digests["receipt_slip"], .slips, counter) ?? "",
            certificateCode: await code(digests["certified_copy"], .counter, counter) ?? "")
    }

    func state(of applicant: DemonstrationApplicant) async throws -> PlatformSession.Reply {
        try await counter.get("/v1/counter_sessions/\(applicant.id)")
    }

    private func identification(_ order: Order, _ opened: PlatformSession.Reply) throws -> RequestBody {
        let resident = try sandbox.resident(order.resident)
        let nonce = opened.text("challenge.nonce").flatMap(decodeBase64) ?? []
        var body = try signed(resident, .cardUserAuthentication, over: nonce)
        body["challenge_id"] = opened.text("challenge.id") ?? ""
        body["procedure_id"] = order.procedure
        return RequestBody(json: body)
    }

    /// The code in the text of the paper with this digest.
    private func code(_ digest: String?, _ printer: SandboxPrinter, _ counter: DemonstrationCounter) async -> String? {
        guard let octets = counter.spooler.printed(printer).first(where: { $0.sha256Hex == digest }) else { return nil }
        // Poppler's programs are waited for: not on a thread that others need.
        let pages: [String] = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: (try? PopplerInspector().inspect(octets))?.pageTexts ?? [])
            }
        }
        let words = pages.joined(separator: " ").split(whereSeparator: \.isWhitespace).map(String.init)
        return words.first { word in
            switch (printer, PaperCode(word)) {
            case (.slips, .receipt), (.counter, .certifiedCopy): true
            default: false
            }
        }
    }
}
