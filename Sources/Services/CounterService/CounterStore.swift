package import CounterApplications
package import Organizations
package import PKIX
package import Verification

/// Why the store did not do what it was asked.
package enum CounterStoreError: Error, Hashable, Sendable {
    /// Somebody else changed it first: read it again. Nothing was changed.
    case conflict
    /// There is one of this id or reception number already: draw another.
    case exists
    /// The municipality's issuing has been stopped. Nothing was changed.
    case issuingStopped
    case unavailable(reason: String)
}

/// The right of one driver to carry out an application's actions, for a time.
package struct CounterLease: Hashable, Sendable {
    /// Random; one for each process and claim.
    package let owner: String
    package let until: ValidationTime

    package init(owner: String, until: ValidationTime) { (self.owner, self.until) = (owner, until) }
}

/// A new version of one application, with everything that changes together with it.
package struct CounterChange: Hashable, Sendable {
    /// What of the municipality's issuing goes with the change.
    package enum Issuing: Hashable, Sendable {
        case any
        /// The change is refused while the issuing is stopped.
        case mustBeRunning
        /// The change stops it.
        case stops(IssuingStop)
    }

    package var application: CounterApplication
    /// The version that the store must have.
    package var expecting: Int
    /// Nil for changes of terminals and staff, which need no claim.
    package var lease: CounterLease?
    package var audit: [AuditEvent]
    package var sheets: [SheetEntry]
    package var issuing: Issuing

    package init(
        application: CounterApplication,
        expecting version: Int,
        lease: CounterLease? = nil,
        audit: [AuditEvent] = [],
        sheets: [SheetEntry] = [],
        issuing: Issuing = .any
    ) {
        (self.application, expecting, self.lease) = (application, version, lease)
        (self.audit, self.sheets, self.issuing) = (audit, sheets, issuing)
    }
}

/// A municipality's issuing that stopped by itself. It has an owner: a supervisor resumes it.
package struct IssuingStop: Hashable, Sendable {
    package let municipality: MunicipalityCode
    package let at: ValidationTime
    package let application: ApplicationID
    package let mismatches: [IssueMismatch]

    package init(
        municipality: MunicipalityCode, at: ValidationTime, application: ApplicationID, mismatches: [IssueMismatch]
    ) {
        (self.municipality, self.at) = (municipality, at)
        (self.application, self.mismatches) = (application, mismatches)
    }
}

/// Which applications of a municipality.
package struct CounterQuery: Hashable, Sendable {
    package var municipality: MunicipalityCode
    /// Nil for every site.
    package var site: String?
    package var states: Set<CounterApplication.State>
    /// Only those that ended from this time on, and before the next; nil for no bound.
    package var finishedSince: ValidationTime?
    package var finishedUntil: ValidationTime?
    /// At most 10,000.
    package var limit: Int
    /// Whether the answer is refused when one of them does not open; otherwise such a one is left out, so that the others
    /// can be worked on.
    package var isWhole: Bool

    package init(
        municipality: MunicipalityCode, site: String? = nil, states: Set<CounterApplication.State>,
        finishedSince: ValidationTime? = nil, finishedUntil: ValidationTime? = nil, limit: Int = 200,
        isWhole: Bool = false
    ) {
        (self.municipality, self.site, self.states, self.limit) = (municipality, site, states, limit)
        self.isWhole = isWhole
        (self.finishedSince, self.finishedUntil) = (finishedSince, finishedUntil)
    }
}

/// Applications, their documents and the 受払簿. Everything is asked for by id and municipality: another
/// municipality's looks like none. Bodies and documents are sealed at rest.
package protocol CounterStore: Sendable {
    /// Keeps a new application; durable on return.
    func create(_ application: CounterApplication, audit: AuditEvent) async throws(CounterStoreError)
    func application(
        _ id: ApplicationID, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication?
    /// The stored version alone; nil when there is none.
    func version(_ id: ApplicationID, of municipality: MunicipalityCode) async throws(CounterStoreError) -> Int?
    /// All changes or none, durable on return.
    func commit(_ changes: [CounterChange]) async throws(CounterStoreError)
    /// Takes applications that are due and that nobody has claimed, oldest first.
    func claim(
        of municipality: MunicipalityCode, dueAt: ValidationTime, lease: CounterLease, limit: Int
    ) async throws(CounterStoreError) -> [CounterApplication]
    /// Gives a claim back. Nobody takes the application before `notBefore`, unless it changes meanwhile.
    func release(
        _ id: ApplicationID, of municipality: MunicipalityCode, lease: CounterLease, notBefore: ValidationTime?
    ) async throws(CounterStoreError)
    func find(
        _ code: PaperCode, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication?
    /// Oldest first.
    func list(_ query: CounterQuery) async throws(CounterStoreError) -> [CounterApplication]

    // Documents, by the SHA-256 of their octets
    func putDocument(
        _ octets: [UInt8], digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError)
    /// Nil when there is none, or when it belongs to another application.
    func document(
        _ digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> [UInt8]?
    func deleteDocuments(of id: ApplicationID, municipality: MunicipalityCode) async throws(CounterStoreError)

    // The issuing's stop
    func issuingStop(of municipality: MunicipalityCode) async throws(CounterStoreError) -> IssuingStop?
    /// False when it was not stopped.
    func resumeIssuing(
        of municipality: MunicipalityCode, audit: AuditEvent
    ) async throws(CounterStoreError) -> Bool

    // 受払簿
    /// Notes what staff did, and it on the audit trail.
    ///
    /// - Throws: `conflict` when another note about the tray has come since the one that was seen.
    func note(
        _ note: SheetNoting, audit: @escaping @Sendable (SheetEntry) -> AuditEvent
    ) async throws(CounterStoreError)
    func sheetBalances(of municipality: MunicipalityCode) async throws(CounterStoreError) -> [SheetBalance]
    func sheetEntries(
        of municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [SheetEntry]
    /// Of the applications that have lines in that time, as far as they are kept.
    func receptionNumbers(
        ofSheetsOf municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [ApplicationID: ReceptionNumber]

    // What the store holds, whatever the configuration has
    /// Of every municipality but `served` of which there is anything, in the order of their codes.
    func holdings(except served: Set<MunicipalityCode>) async throws(CounterStoreError) -> [CounterHolding]
    /// Deletes 受払簿 and stop of a municipality whose last application is gone and whose last line is older than a
    /// time, with an audit event. False when there is something newer, or nothing.
    func closeBooks(
        of municipality: MunicipalityCode, before time: ValidationTime, audit: AuditEvent
    ) async throws(CounterStoreError) -> Bool

    /// Deletes skeletons of applications that ended before a time; at most 1,000 at once. How many.
    func purge(finishedBefore: ValidationTime) async throws(CounterStoreError) -> Int
}
