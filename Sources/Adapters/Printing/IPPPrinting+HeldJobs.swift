internal import CounterApplications
package import CounterService

extension IPPPrinting {
    package func heldJobs(at printer: String, prefix: String) async -> HeldJobs {
        guard let client = clients[printer] else { return .unknown("no_such_printer") }
        do throws(IPPClient.Failure) {
            let answer = try await client.send(
                .getJobs,
                [
                    IPPAttribute("which-jobs", .keyword("not-completed")), IPPAttribute("my-jobs", .boolean(false)),
                    IPPAttribute(
                        "requested-attributes", .keyword("job-id"), .keyword("job-name"), .keyword("job-state"),
                        .keyword("time-at-creation"), .keyword("job-printer-up-time")),
                ], within: limits.ask)
            return .found(answer.groups.compactMap { HeldJob($0, at: printer, prefix: prefix) })
        } catch {
            switch error {
            case .refused(let reason), .unknown(let reason): return .unknown(reason)
            }
        }
    }
}

extension HeldJob {
    /// Nil for a job that does not wait for a release, is not ours, or does not say how old it is.
    init?(_ group: IPPGroup, at printer: String, prefix: String) {
        // 4 is pending-held (RFC 8011 §5.3.7); both times are of one clock (§5.3.14).
        guard group.kind == .job, group["job-state"]?.first?.number == 4,
            let id = group["job-id"]?.first?.number, let token = group["job-name"]?.first?.text,
            token.hasPrefix(prefix), let made = group["time-at-creation"]?.first?.number,
            let now = group["job-printer-up-time"]?.first?.number
        else { return nil }
        self.init(
            reference: PrintJobReference(printer: printer, jobID: id, token: token), token: token,
            age: max(0, now - made))
    }
}
