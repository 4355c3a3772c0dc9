internal import CounterApplications
internal import CounterService
internal import Hummingbird
internal import Organizations
internal import StaffSignIn

/// 受払簿 of 改ざん防止用紙: sheets received, used, spoilt, left.
enum SheetPages {
    static let routes: [StaffRoute] = [
        .get("/sheets") { request async throws(CounterError) in try await shown(request) },
        .post("/sheets") { request async throws(CounterError) in
            guard let count = Int(request.field("count")), count >= 0 else { throw .refused(.invalidEvent) }
            let (note, staff): (CounterDesk.SheetNote, StaffIdentity)
            switch request.field("act") {
            case "received": (note, staff) = (.received(count), request.identity)
            case "spoilt": (note, staff) = (.spoilt(count), request.identity)
            case "counted": (note, staff) = (.counted(count), try await request.supervisor())
            default: throw .refused(.invalidEvent)
            }
            // Number of the newest note, printer, tray: the tray's name may have anything in it.
            let place = request.field("tray").split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
            guard place.count == 3, let seen = Int64(place[0]) else { throw .notFound }
            try await request.desk.note(
                note, printer: String(place[1]), tray: place[2].isEmpty ? nil : String(place[2]), seen: seen, by: staff)
            return .seeOther("/sheets")
        },
    ]

    private static func shown(_ request: StaffRequest) async throws(CounterError) -> Response {
        let counter = try request.desk.counter(of: request.identity)
        let balances = try await request.desk.sheetBalances(by: request.identity)
        let trays = Set(
            counter.sites.values.compactMap { $0.targets[.certifiedCopy] }.map { Tray($0.printer, $0.tray) }
        )
        .sorted { $0.value < $1.value }
        let rows = trays.map { tray -> [String: Any] in
            let held = balances.first { $0.printer == tray.printer && $0.tray == tray.tray }
            return [
                "tray": tray.name, "value": "\(held?.lastNote ?? 0)|\(tray.value)",
                "received": String(held?.received ?? 0),
                "used": String(held?.used ?? 0), "spoilt": String(held?.spoilt ?? 0), "left": String(held?.left ?? 0),
                "low": (held?.left ?? 0) < 20,
            ]
        }
        let day = request.query["date"].flatMap { CounterTime.day($0) } ?? CounterTime.day(request.desk.now)
        var entries: [[String: Any]] = []
        if let day { entries = try await lines(of: day, request) }
        return await request.page(
            .sheets, "用紙の受払簿",
            [
                "rows": rows, "entries": entries, "no_entries": entries.isEmpty,
                // Auditors see no application.
                "opens": !request.staff.member.roles.isDisjoint(with: [.counterClerk, .supervisor]),
                "day": day.map { CounterTime.words($0, request.pages) } ?? "",
                "is_supervisor": request.staff.member.roles.contains(.supervisor),
                "is_clerk": !request.staff.member.roles.isDisjoint(with: [.counterClerk, .supervisor]),
            ])
    }

    /// The day's lines. An application's names its 受付番号, and says when sheets of it became spoilt.
    private static func lines(
        of day: OpeningHours.Day, _ request: StaffRequest
    ) async throws(CounterError) -> [[String: Any]] {
        let numbers = try await request.desk.receptionNumbers(ofSheetsOn: day, by: request.identity)
        return try await request.desk.sheetEntries(on: day, by: request.identity).map { entry in
            let isSpoilt = entry.cause == .application && entry.spoilt > 0
            var line: [String: Any] = [
                "at": CounterTime.time(entry.at),
                "cause": request.pages.text("sheets_\(entry.cause.rawValue)\(isSpoilt ? "_spoilt" : "")"),
                "tray": Tray(entry.printer, entry.tray).name, "received": String(entry.received),
                "used": String(entry.used), "spoilt": String(entry.spoilt), "staff": entry.staff ?? "",
            ]
            if let id = entry.application, let number = numbers[id] {
                (line["id"], line["number"]) = (id.rawValue, number.printed)
            }
            return line
        }
    }

    private struct Tray: Hashable {
        let printer: String
        let tray: String?

        init(_ printer: String, _ tray: String?) { (self.printer, self.tray) = (printer, tray) }

        var value: String { "\(printer)|\(tray ?? "")" }
        var name: String { tray.map { "\(printer)　\($0)" } ?? printer }
    }
}
