import CounterApplications
import CounterKit
import CounterService
import GRDB
import Organizations
import SQLiteStore

/// What the store holds at the end, compared with the books of the issuers and of the printers, and with what people
/// took home.
struct OfficeJudgement {
    let applications: [CounterApplication]
    let books: OutsideBooks.Books
    let visits: OfficeVisits.Record
    let sheets: [SheetBalance]

    private(set) var counts = Counts()

    struct Counts: Sendable {
        var handedOver = 0
        var voided = 0
        var stopped = 0
        var voidedAfterRelease = 0
        var sheets = 0
    }

    init(
        _ store: SQLiteCounterStore, path: String, _ books: OutsideBooks.Books, _ visits: OfficeVisits.Record
    ) async throws {
        (self.books, self.visits) = (books, visits)
        let rows = try await DatabaseQueue(path: path).read { db in
            try Row.fetchAll(db, sql: "SELECT id, municipality_code FROM counter_application")
                .map { ($0["id"] as String, $0["municipality_code"] as String) }
        }
        var applications: [CounterApplication] = []
        for (id, city) in rows {
            guard let id = ApplicationID(id), let city = MunicipalityCode(city),
                let found = try await store.application(id, of: city)
            else { continue }
            applications.append(found)
        }
        self.applications = applications
        var sheets: [SheetBalance] = []
        for city in OfficeSetting.cities { sheets += try await store.sheetBalances(of: city) }
        self.sheets = sheets
    }

    /// What is wrong; at most a few of each.
    mutating func wrong() -> [String] {
        var wrong: [String] = []
        var byToken: [String: CounterApplication] = [:]
        for application in applications {
            for paper in application.papers {
                for token in [paper.token] + paper.formerTokens { byToken[token] = application }
            }
        }
        let printings = Dictionary(books.jobs.values.map { ($0.token, $0.printings) }, uniquingKeysWith: +)
        for application in applications { wrong += check(application, printings) }
        for job in books.jobs.values { wrong += check(job, byToken[job.token]) }
        for (token, count) in printings where count > 1 { wrong.append("\(token) came out \(count) times") }
        for id in visits.handed.keys where !applications.contains(where: { $0.id.rawValue == id }) {
            wrong.append("handed over without an application")
        }
        return wrong + checkSheets() + visits.unfinished.map { "\($0) did not come to an end" }
    }

    // MARK: Applications

    private mutating func check(_ application: CounterApplication, _ printings: [String: Int]) -> [String] {
        var wrong: [String] = []
        let owner = visits.owners[application.id.rawValue]?.name
        let handed = visits.handed[application.id.rawValue]
        let requestID = application.issue?.requestID ?? ""
        let copy = application.paper(.certifiedCopy)
        switch application.state {
        case .handedOver:
            counts.handedOver += 1
            let control = application.issue?.controlNumber.printed ?? ""
            if handed != [owner, control].compactMap({ $0 }) { wrong.append("handed over another's paper, or none") }
            if application.fee?.isSettled != true { wrong.append("handed over without the fee") }
            if copy.flatMap({ printings[$0.token] }) != 1 { wrong.append("handed over what did not come out once") }
            if books.cancelled.contains(requestID) { wrong.append("handed over what was cancelled") }
        case .voided:
            counts.voided += 1
            if application.voiding?.reason == .issueMismatch { counts.stopped += 1 }
            if application.milestones.releasedAt != nil { counts.voidedAfterRelease += 1 }
            if handed != nil { wrong.append("handed over what is void") }
            if application.fee?.state == .paid { wrong.append("a fee without papers") }
            if application.papers.contains(where: { $0.usedSheets != 0 }) { wrong.append("used sheets of a void") }
            if books.answers[requestID]?.first == "answered", !books.cancelled.contains(requestID) {
                wrong.append("a certificate that nobody cancelled")
            }
        default: wrong.append("not at an end: \(application.state.rawValue)")
        }
        if application.applicant != nil || application.remains != .skeleton { wrong.append("personal data are left") }
        return wrong
    }

    // MARK: Papers

    private func check(_ job: OutsideBooks.Job, _ application: CounterApplication?) -> [String] {
        guard let application else { return ["a job without an application"] }
        var wrong: [String] = []
        if job.printings > 1 || job.releases > 1 { wrong.append("printed twice") }
        if job.releases + job.sheets > 0, application.milestones.releasedAt == nil {
            wrong.append("a paper of an application that was never released")
        }
        if [.pending, .printing, .stopped].contains(job.state.phase) { wrong.append("still printing") }
        guard let parts = SimulatedPDF.parts(job.octets) else { return wrong + ["a job of something else"] }
        let expected =
            switch parts.resident {
            case "slip", "fee": application.receptionNumber.printed
            default: application.issue?.controlNumber.printed ?? ""
            }
        if parts.control != expected { wrong.append("a paper of another application") }
        let isCertificate = !["slip", "fee", "form"].contains(parts.resident)
        if isCertificate, parts.resident != visits.owners[application.id.rawValue]?.name {
            wrong.append("a job with another's content")
        }
        if !job.printer.hasSuffix(application.municipality.digits) { wrong.append("a paper at another's printer") }
        return wrong
    }

    /// Sheets of 改ざん防止用紙 by the printers' books and by the 受払簿.
    private mutating func checkSheets() -> [String] {
        var wrong: [String] = []
        for city in OfficeSetting.cities {
            let printer = OfficeSetting.counterPrinter(city.digits)
            let physical = books.jobs.values
                .filter { $0.printer == printer && $0.tray == OfficeSetting.secureTray }.map(\.sheets).reduce(0, +)
            let booked = sheets.filter { $0.printer == printer }.map { $0.used + $0.spoilt }.reduce(0, +)
            counts.sheets += physical
            if physical != booked { wrong.append("\(physical) sheets came out, \(booked) are in the book") }
        }
        return wrong
    }
}
