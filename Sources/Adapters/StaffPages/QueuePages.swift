internal import CounterApplications
internal import CounterService
internal import Hummingbird

/// 待ち行列: what is under way, oldest first, and the stop of the issuing.
enum QueuePages {
    static let routes: [StaffRoute] = [
        .get("/queue") { request async throws(CounterError) in
            let site = try StaffSite(request)
            return site.keeping(await request.page(.queue, "受付一覧", try await context(request)))
        },
        .refresh("/queue/rows") { request async throws(CounterError) in
            .html(request.pages.fragment(.queueRows, try await context(request)))
        },
        .post("/applications/find") { request async throws(CounterError) in
            do throws(CounterError) {
                let application = try await request.desk.find(request.field("number"), by: request.identity)
                return .seeOther("/applications/\(application.id.rawValue)")
            } catch {
                guard error == .unreadableCode || error == .notFound else { throw error }
                var context = try await context(request)
                context["missing"] = request.pages.text("find_missing")
                var response = await request.page(.queue, "受付一覧", context)
                response.status = error.status
                return response
            }
        },
        .post("/issuing/resume") { request async throws(CounterError) in
            _ = try await request.desk.resumeIssuing(by: try await request.supervisor())
            return .seeOther("/queue")
        },
    ]

    private static func context(_ request: StaffRequest) async throws(CounterError) -> [String: Any] {
        let site = try StaffSite(request)
        let applications = try await request.desk.queue(site: site.chosen?.id, by: request.identity)
        let rows = applications.map { request.view(of: $0).row }
        let isDegraded = applications.contains { $0.applicant?.identification.service == .degraded }
        return [
            "rows": rows, "empty": rows.isEmpty, "count": String(rows.count), "degraded": isDegraded,
            "conditions": request.conditions,
        ].merging(site.context) { own, _ in own }
    }
}
