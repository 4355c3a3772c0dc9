package import CounterApplications
package import CounterService
package import Organizations
package import PKIX
package import Verification

/// The store as one process sees it: a pause before and after each write, and death.
package struct LivingStore: CounterStore {
    let base: any CounterStore
    let life: Life
    private static let dead = CounterStoreError.unavailable(reason: "dead")

    package init(base: any CounterStore, life: Life) { (self.base, self.life) = (base, life) }

    private func acting<Value>(
        _ place: @autoclosure () -> String,
        _ body: () async throws(CounterStoreError) -> Value
    ) async throws(CounterStoreError) -> Value {
        guard await life.goesOn("before \(place())") else { throw LivingStore.dead }
        let value = try await body()
        guard await life.goesOn("after \(place())") else { throw LivingStore.dead }
        return value
    }

    package func create(_ application: CounterApplication, audit: AuditEvent) async throws(CounterStoreError) {
        try await base.create(application, audit: audit)
    }

    package func application(
        _ id: ApplicationID, of code: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        guard await life.goesOn() else { throw LivingStore.dead }
        return try await base.application(id, of: code)
    }

    package func version(_ id: ApplicationID, of code: MunicipalityCode) async throws(CounterStoreError) -> Int? {
        try await base.version(id, of: code)
    }

    package func commit(_ changes: [CounterChange]) async throws(CounterStoreError) {
        try await acting(LivingStore.place(changes)) { () async throws(CounterStoreError) in
            try await base.commit(changes)
        }
    }

    package func claim(
        of code: MunicipalityCode, dueAt: ValidationTime, lease: CounterLease, limit: Int
    ) async throws(CounterStoreError) -> [CounterApplication] {
        try await acting("claim") { () async throws(CounterStoreError) in
            try await base.claim(of: code, dueAt: dueAt, lease: lease, limit: limit)
        }
    }

    package func release(
        _ id: ApplicationID, of code: MunicipalityCode, lease: CounterLease, notBefore: ValidationTime?
    ) async throws(CounterStoreError) {
        guard await life.goesOn() else { throw LivingStore.dead }
        try await base.release(id, of: code, lease: lease, notBefore: notBefore)
    }

    package func find(
        _ code: PaperCode, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        try await base.find(code, of: municipality)
    }

    package func list(_ query: CounterQuery) async throws(CounterStoreError) -> [CounterApplication] {
        try await base.list(query)
    }

    package func putDocument(
        _ octets: [UInt8], digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) {
        try await acting("store a document") { () async throws(CounterStoreError) in
            try await base.putDocument(octets, digest: digest, of: id, municipality: municipality)
        }
    }

    package func document(
        _ digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> [UInt8]? {
        guard await life.goesOn() else { throw LivingStore.dead }
        return try await base.document(digest, of: id, municipality: municipality)
    }

    package func deleteDocuments(of id: ApplicationID, municipality: MunicipalityCode) async throws(CounterStoreError) {
        try await acting("delete the documents") { () async throws(CounterStoreError) in
            try await base.deleteDocuments(of: id, municipality: municipality)
        }
    }

    package func issuingStop(of code: MunicipalityCode) async throws(CounterStoreError) -> IssuingStop? {
        try await base.issuingStop(of: code)
    }

    package func resumeIssuing(of code: MunicipalityCode, audit: AuditEvent) async throws(CounterStoreError) -> Bool {
        try await base.resumeIssuing(of: code, audit: audit)
    }

    package func note(
        _ note: SheetNoting, audit: @escaping @Sendable (SheetEntry) -> AuditEvent
    ) async throws(CounterStoreError) {
        try await base.note(note, audit: audit)
    }

    package func sheetBalances(of code: MunicipalityCode) async throws(CounterStoreError) -> [SheetBalance] {
        try await base.sheetBalances(of: code)
    }

    package func sheetEntries(
        of code: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [SheetEntry] {
        try await base.sheetEntries(of: code, since: since, until: until)
    }

    package func receptionNumbers(
        ofSheetsOf code: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [ApplicationID: ReceptionNumber] {
        try await base.receptionNumbers(ofSheetsOf: code, since: since, until: until)
    }

    package func holdings(except served: Set<MunicipalityCode>) async throws(CounterStoreError) -> [CounterHolding] {
        try await base.holdings(except: served)
    }

    package func closeBooks(
        of code: MunicipalityCode, before time: ValidationTime, audit: AuditEvent
    ) async throws(CounterStoreError) -> Bool {
        try await base.closeBooks(of: code, before: time, audit: audit)
    }

    package func purge(finishedBefore: ValidationTime) async throws(CounterStoreError) -> Int {
        try await base.purge(finishedBefore: finishedBefore)
    }

    /// The state that a change leads to, with the stages of its papers and what is left of it.
    private static func place(_ changes: [CounterChange]) -> String {
        guard let application = changes.first?.application else { return "commit" }
        let stages = Set(application.papers.map(\.stage.rawValue)).sorted().joined(separator: ",")
        return "commit \(application.state.rawValue)/\(application.remains.rawValue)/\(stages)"
    }
}
