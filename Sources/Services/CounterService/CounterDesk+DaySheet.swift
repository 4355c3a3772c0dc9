package import CounterApplications
internal import Organizations

/// 日計 as a paper.
extension CounterDesk {
    /// The day's account as PDF.
    package func daySheet(
        on day: OpeningHours.Day,
        site: String?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> [UInt8] {
        let counter = try counter(of: staff)
        let report = try await dayReport(on: day, site: site, by: staff)
        let entries = try await sheetEntries(on: day, by: staff)
        let balances = try await sheetBalances(by: staff)
        let sheet = DaySheet(
            municipalityName: counter.name, siteName: site.map { counter.sites[$0]?.name ?? $0 } ?? "", day: day,
            rows: report.rows.map { DaySheet.Row($0) },
            trays: balances.map { DaySheet.Tray($0, of: entries) }, drawnAt: now)
        let renderer = ports.renderer
        let drawn = await ports.heavy { try? renderer.render(.daySheet(sheet)) }
        guard let drawn else { throw .serviceNotReady }
        return drawn
    }
}

extension DaySheet.Row {
    fileprivate init(_ row: DayReport.Row) {
        self.init(
            procedureName: row.names["ja"] ?? row.procedureID, handedOver: row.handedOver, copies: row.copies,
            exempt: row.exempt, amount: row.amount, voided: row.voided, reversed: row.reversed,
            usedSheets: row.usedSheets, spoiltSheets: row.spoiltSheets)
    }
}

extension DaySheet.Tray {
    /// - Parameter entries: the day's, of every tray.
    fileprivate init(_ balance: SheetBalance, of entries: [SheetEntry]) {
        let own = entries.filter { $0.printer == balance.printer && $0.tray == balance.tray }
        self.init(
            printer: balance.printer, tray: balance.tray ?? "", received: own.reduce(0) { $0 + $1.received },
            used: own.reduce(0) { $0 + $1.used }, spoilt: own.reduce(0) { $0 + $1.spoilt }, left: balance.left)
    }
}
