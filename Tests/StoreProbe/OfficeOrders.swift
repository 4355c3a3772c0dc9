import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import SystemClock
import Verification

/// What people at terminals and desks ask of a process, as lines.
struct OfficeOrders: Sendable {
    let probe: OfficeProbe

    func answer(_ question: [String]) async -> [String] {
        guard question.count > 1, let city = MunicipalityCode(question[1]) else { return ["no", "unreadable"] }
        do throws(CounterError) {
            if let answer = try await resident(question, city) { return answer }
            return try await staff(question, city) ?? ["no", "unreadable"]
        } catch {
            return ["no", error.code]
        }
    }

    // MARK: Residents

    /// - Parameter question: what, 団体, terminal, application, then what it needs more.
    private func resident(_ question: [String], _ city: MunicipalityCode) async throws(CounterError) -> [String]? {
        guard question.count > 2 else { return nil }
        let context = RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: city, actor: question[2], site: "main", scopes: [.counter],
                purposes: [MunicipalCounter.purpose]),
            requestID: "req_\(SystemRandomness().octets(13).map { String($0, radix: 36) }.joined())", idempotency: nil)
        if question[0] == "open" {
            let opened = try await probe.terminal.open(language: "ja", context)
            return ["ok", opened.application.id.rawValue]
        }
        guard question.count > 3, let id = ApplicationID(question[3]) else { return nil }
        switch question[0] {
        case "identify":
            // The identification itself is other tests' matter: this is what comes of it.
            guard let birthDate = BirthDate(year: 1_980, month: 4, day: 2) else { return nil }
            let resident = ResidentRecord(
                residentID: question[4], name: "見本 花子", address: "見本県見本市一丁目1番", birthDate: birthDate)
            let application = try await probe.terminal.application(id, context)
            return view(try await probe.ports.identify(application, as: resident))
        case "submit":
            let order = CounterTerminal.OrderRequest(
                procedureID: "juminhyo", scope: .individual, details: [], fiscalYear: nil,
                copies: Int(question[4]) ?? 1, exemption: question[5].isEmpty ? nil : question[5])
            return view(try await probe.terminal.submit(id, order, version: nil, context))
        case "give_up": return view(try await probe.terminal.void(id, context))
        case "wait":
            let application = try await probe.terminal.application(
                id, after: Int(question[4]) ?? 0, waiting: 1, context)
            return view(application)
        default: return nil
        }
    }

    // MARK: Staff

    private func staff(_ question: [String], _ city: MunicipalityCode) async throws(CounterError) -> [String]? {
        let clerk = StaffIdentity(id: "clerk", municipality: city, roles: [.counterClerk])
        let chief = StaffIdentity(id: "chief", municipality: city, roles: [.supervisor])
        let desk = probe.desk
        switch (question[0], question.count) {
        case ("resume", 2): return [try await desk.resumeIssuing(by: chief) ? "resumed" : "running"]
        case ("hand_over", 5):
            let fee = act(question[4])
            switch try await desk.handOver(question[2], question[3], fee: fee, by: clerk) {
            case .done(let application): return ["done", application.id.rawValue]
            case .crossed(let blocked): return ["crossed"] + blocked.map(\.rawValue)
            }
        default: break
        }
        guard question.count > 2, let id = ApplicationID(question[2]) else { return nil }
        switch question[0] {
        case "look": return view(try await desk.application(id, by: clerk))
        case "settle":
            return view(try await desk.settleFee(act(question.last ?? ""), of: id, version: nil, by: clerk))
        case "spoil": return view(try await desk.void(id, reason: .spoilt, version: nil, by: chief))
        case "clear": return view(try await desk.clear(id, version: nil, by: chief))
        case "reprint":
            guard let kind = PaperKind(rawValue: question[3]) else { return nil }
            return view(try await desk.reprint(kind, of: id, sheets: nil, version: nil, by: chief))
        default: return nil
        }
    }

    private func act(_ word: String) -> CounterDesk.FeeAct {
        switch word {
        case "taken": .taken
        case "confirmed": .claimConfirmed
        case "rejected": .claimRejected
        default: .none
        }
    }

    /// `ok`, version, state, 受付番号, 管理番号, fee, blocks, papers that are lost
    private func view(_ application: CounterApplication) -> [String] {
        [
            "ok", String(application.version), application.state.rawValue, application.receptionNumber.printed,
            application.issue?.controlNumber.printed ?? "",
            application.openClaim == nil ? application.fee?.state.rawValue ?? "" : "claimed",
            String(application.blocks.count),
            application.papers.filter { $0.stage == .lost }.map(\.kind.rawValue).joined(separator: " "),
        ]
    }
}
