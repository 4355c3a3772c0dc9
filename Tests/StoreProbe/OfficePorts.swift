import CounterApplications
import CounterKit
import CounterService
import Organizations
import Verification

/// The issuers outside, over the channel.
struct ChannelIssuer: CertificateIssuer {
    let channel: OfficeChannel
    let life: Life
    let pace: Int

    private func ask(_ fields: [String], _ deadline: Int) async -> [String]? {
        guard await life.goesOn("before asking the issuer to \(fields[0])") else { return nil }
        let answer = await channel.ask(fields, within: .milliseconds(1_000 * deadline / pace))
        guard await life.goesOn("after asking the issuer to \(fields[0])") else { return nil }
        return answer
    }

    func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange {
        OfficeWords.exchange(await ask(OfficeWords.question(request), deadline))
    }

    func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange {
        OfficeWords.exchange(await ask(["outcome", requestID, municipality.digits], deadline))
    }

    func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange {
        await ask(["cancel", requestID, municipality.digits], deadline) == ["cancelled"]
            ? .cancelled : .failed(.timedOut)
    }
}

/// The printers outside, over the channel.
struct ChannelPrinter: PaperPrinter {
    let channel: OfficeChannel
    let life: Life

    private func ask(_ fields: [String]) async -> [String]? {
        guard await life.goesOn("before asking a printer to \(fields[0])") else { return nil }
        let answer = await channel.ask(fields)
        guard await life.goesOn("after asking a printer to \(fields[0])") else { return nil }
        return answer
    }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        let answer = await ask([
            "hold", target.printer, target.tray ?? "", target.sides.rawValue, token, String(copies),
            OfficeWords.field(octets),
        ])
        switch answer?.first {
        case "held": return reference(answer ?? [], target).map { .held($0) } ?? .unknown("unreadable")
        case "rejected": return .rejected("busy")
        default: return .unknown("lost")
        }
    }

    private func reference(_ answer: [String], _ target: PrintTarget) -> PrintJobReference? {
        guard answer.count == 2, let number = Int(answer[1]) else { return nil }
        return PrintJobReference(printer: target.printer, jobID: number)
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        guard let answer = await ask(["find", target.printer, token]), answer.first == "found" else {
            return .unknown("lost")
        }
        let jobs = answer.dropFirst().compactMap { Int($0) }
        return jobs.isEmpty ? .notFound : .found(jobs.map { PrintJobReference(printer: target.printer, jobID: $0) })
    }

    private func outcome(_ answer: [String]?) -> ReleaseOutcome {
        switch answer?.first {
        case "done": .done
        case "rejected": .rejected("ended")
        default: .unknown("lost")
        }
    }

    /// The processes of this office sweep nothing: what stays held is judged by the printers' own books.
    func heldJobs(at printer: String, prefix: String) async -> HeldJobs { .unknown("not asked") }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        outcome(await ask(["release", job.printer, String(job.jobID)]))
    }

    func state(of job: PrintJobReference) async -> PrintJobState {
        OfficeWords.jobState(await ask(["state", job.printer, String(job.jobID)]))
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome {
        outcome(await ask(["drop", job.printer, String(job.jobID)]))
    }
}
