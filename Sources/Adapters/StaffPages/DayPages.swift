internal import CounterApplications
internal import CounterService
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import StaffSignIn

/// 日計, as a page, as a paper and as a table for a spreadsheet.
enum DayPages {
    static let routes: [StaffRoute] = [
        .get("/day") { request async throws(CounterError) in
            let site = try StaffSite(request)
            let report = try await report(request, site)
            let rows = report.rows.map { row -> [String: Any] in
                [
                    "procedure": row.names["ja"] ?? request.pages.text("day_before_order"),
                    "handed_over": String(row.handedOver), "copies": String(row.copies), "exempt": String(row.exempt),
                    "amount": String(row.amount), "voided": String(row.voided), "reversed": String(row.reversed),
                    "used": String(row.usedSheets), "spoilt": String(row.spoiltSheets),
                ]
            }
            let voided = report.voided.map { one -> [String: Any] in
                [
                    "id": one.id.rawValue, "number": one.receptionNumber.printed, "at": CounterTime.time(one.at),
                    "procedure": one.procedureNames["ja"] ?? request.pages.text("day_before_order"),
                    "reason": request.pages.text("void_\(one.reason.rawValue)"),
                ]
            }
            let total = report.rows.reduce(0) { $0 + $1.amount }
            let page = await request.page(
                .day, "日計",
                [
                    "rows": rows, "empty": rows.isEmpty, "voided": voided, "any_voided": !voided.isEmpty,
                    // Auditors see no application.
                    "opens": !request.staff.member.roles.isDisjoint(with: [.counterClerk, .supervisor]),
                    "date": CounterTime.text(report.day),
                    "day": CounterTime.words(report.day, request.pages), "total": String(total),
                ].merging(site.context) { own, _ in own })
            return site.keeping(page)
        },
        .get("/day.csv") { request async throws(CounterError) in
            let site = try StaffSite(request)
            let report = try await report(request, site)
            let name = fileName(report.day, site, "csv")
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8; header=present",
                    .contentDisposition: "attachment; filename=\"\(name)\"",
                ],
                // The mark tells spreadsheets that it is UTF-8.
                body: ResponseBody(byteBuffer: ByteBuffer(string: "\u{FEFF}" + report.csv)))
        },
        .get("/day.pdf") { request async throws(CounterError) in
            let (day, site) = (try day(request), try StaffSite(request))
            let octets = try await request.desk.daySheet(on: day, site: site.chosen?.id, by: request.identity)
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/pdf",
                    .contentDisposition: "attachment; filename=\"\(fileName(day, site, "pdf"))\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets)))
        },
    ]

    private static func day(_ request: StaffRequest) throws(CounterError) -> OpeningHours.Day {
        let asked = request.query["date"].map { CounterTime.day($0) } ?? CounterTime.day(request.desk.now)
        guard let day = asked else { throw .refused(.invalidEvent) }
        return day
    }

    private static func report(_ request: StaffRequest, _ site: StaffSite) async throws(CounterError) -> DayReport {
        try await request.desk.dayReport(on: try day(request), site: site.chosen?.id, by: request.identity)
    }

    /// Of plain letters, whatever a site is called.
    private static func fileName(_ day: OpeningHours.Day, _ site: StaffSite, _ ending: String) -> String {
        let letters = (UInt8(ascii: "a")...UInt8(ascii: "z"))
        let id = site.chosen.map { $0.id.utf8.allSatisfy { letters ~= $0 } ? "-\($0.id)" : "-site" } ?? ""
        return "akashi-\(CounterTime.text(day))\(id).\(ending)"
    }
}
