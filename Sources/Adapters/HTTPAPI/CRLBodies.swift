internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import WireFormat

/// One of `GET /v1/crls`: a list in force, or a source without one.
struct CRLBody: Codable, Hashable, Sendable {
    /// Null when the source has brought no list yet.
    @ExplicitNull var id: String?
    var issuerID: String
    var sourceID: String
    /// `active`, `stale`, `missing`.
    var state: String
    /// What the source is doing: `idle`, `downloading`, `verifying`.
    var sourcePhase: String
    @ExplicitNull var crlNumber: String?
    @ExplicitNull var thisUpdate: String?
    @ExplicitNull var nextUpdate: String?
    @ExplicitNull var ageSeconds: Int64?
    @ExplicitNull var entries: Int?
    @ExplicitNull var sizeOctets: Int?
    @ExplicitNull var sha256: String?
    @ExplicitNull var distributionPoint: String?
    var form: String
    @ExplicitNull var fetchedAt: String?
    @ExplicitNull var lastAttemptAt: String?
    /// What came of the last attempt, a code for each list.
    var lastOutcomes: [String]

    enum CodingKeys: String, CodingKey {
        case id, state, entries, sha256, form
        case issuerID = "issuer_id"
        case sourceID = "source_id"
        case sourcePhase = "source_phase"
        case crlNumber = "crl_number"
        case thisUpdate = "this_update"
        case nextUpdate = "next_update"
        case ageSeconds = "age_seconds"
        case sizeOctets = "size_octets"
        case distributionPoint = "distribution_point"
        case fetchedAt = "fetched_at"
        case lastAttemptAt = "last_attempt_at"
        case lastOutcomes = "last_outcomes"
    }

    init(missing status: SourceStatus) {
        issuerID = status.source.issuerID
        sourceID = status.source.id
        state = "missing"
        sourcePhase = status.phase.rawValue
        form = status.source.form.rawValue
        lastAttemptAt = status.lastOutcome.map { wireTime($0.finishedAt) }
        lastOutcomes = status.lastOutcome?.outcomes.map(\.code) ?? []
    }

    init(_ list: ActiveList, _ status: SourceStatus, at now: ValidationTime) {
        self.init(missing: status)
        id = list.id
        issuerID = list.issuerID
        state = list.state(at: now).rawValue
        crlNumber = list.crlNumber?.description
        thisUpdate = wireTime(list.thisUpdate)
        nextUpdate = list.nextUpdate.map(wireTime)
        ageSeconds = list.age(at: now)
        entries = list.entryCount
        sizeOctets = list.verified.list.der.count
        sha256 = list.digest.hexString.lowercased()
        let point = list.verified.list.issuingDistributionPoint
        distributionPoint = point?.label(below: list.verified.list.issuer)
        form = list.scope.form.rawValue
        fetchedAt = wireTime(list.fetchedAt)
    }
}

/// What came of asking one source.
struct RefreshBody: Codable, Hashable, Sendable {
    var sourceID: String
    var outcomes: [String]
    var finishedAt: String

    enum CodingKeys: String, CodingKey {
        case outcomes
        case sourceID = "source_id"
        case finishedAt = "finished_at"
    }

    init(_ outcome: SourceOutcome) {
        sourceID = outcome.sourceID
        outcomes = outcome.outcomes.map(\.code)
        finishedAt = wireTime(outcome.finishedAt)
    }
}
