package import CounterApplications
package import CounterService

extension IPPPrinting {
    /// Answers that are asked for before a queue is taken for one that invents jobs.
    private static let mostAnswers = 100

    package func find(token: String, at target: PrintTarget) async -> FindOutcome {
        guard let client = clients[target.printer] else { return .noSuchPrinter }
        do throws(IPPClient.Failure) {
            var found: [PrintJobReference] = []
            var first: Int32 = 1
            for answer in 1... {
                let jobs = try await jobs(from: first, client)
                found += try IPPPrinting.ids(of: jobs, titled: token).map {
                    PrintJobReference(printer: target.printer, jobID: $0, token: token)
                }
                guard jobs.count >= Int(limits.jobsAtOnce) else { break }
                let last = jobs.compactMap { $0["job-id"]?.first?.number }.max() ?? 0
                // A queue that does not count on from a job would give the same ones for ever.
                guard last >= Int(first), last < Int(Int32.max), answer < IPPPrinting.mostAnswers else {
                    throw .unknown("too_many_jobs")
                }
                first = Int32(last) + 1
            }
            return found.isEmpty ? .notFound : .found(found)
        } catch {
            switch error {
            case .refused(let reason), .unknown(let reason): return .unknown(reason)
            }
        }
    }

    /// Jobs of ours, of every state, in the order of their numbers. Those of others are nothing to us, and their titles
    /// are hidden (`JobPrivateValues`).
    private func jobs(from first: Int32, _ client: IPPClient) async throws(IPPClient.Failure) -> [IPPGroup] {
        try await client.send(
            .getJobs,
            [
                IPPAttribute("limit", .integer(limits.jobsAtOnce)), IPPAttribute("first-job-id", .integer(first)),
                IPPAttribute("which-jobs", .keyword("all")), IPPAttribute("my-jobs", .boolean(true)),
                IPPAttribute("requested-attributes", .keyword("job-id"), .keyword("job-name")),
            ], within: limits.ask
        ).groups.filter { $0.kind == .job }
    }

    private static func ids(of jobs: [IPPGroup], titled token: String) throws(IPPClient.Failure) -> [Int] {
        var ids: [Int] = []
        for job in jobs {
            // A policy that hides our own titles would make every job seem not to be there.
            guard let name = job["job-name"]?.first?.text else { throw .unknown("names_hidden") }
            if name == token, let id = job["job-id"]?.first?.number { ids.append(id) }
        }
        return ids
    }
}
