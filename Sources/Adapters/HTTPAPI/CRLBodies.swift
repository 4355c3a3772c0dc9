internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureValidation
internal import WireFormat

/// Where a list stands.
enum CRLState: String, CaseIterable {
    case active
    /// Past its nextUpdate.
    case stale
    /// A source that has brought no list.
    case missing
    /// Such a source while it is asked, and while what it brought is looked at.
    case downloading
    case verifying
    /// Refused for its order alone: waits for two operators.
    case pending
    /// Was in force before; kept in the archive.
    case superseded
}

/// One of `GET /v1/crls`: a list, or a source without one.
struct CRLBody: Codable, Hashable, Sendable {
    /// Null when the source has brought no list yet.
    @ExplicitNull var id: String?
    var issuerID: String
    var sourceID: String
    /// A ``CRLState``.
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
    /// Of an archived list.
    @ExplicitNull var supersededAt: String?
    /// Why a pending list is not in force.
    @ExplicitNull var refusal: String?
    @ExplicitNull var proposal: ProposalBody?

    enum CodingKeys: String, CodingKey {
        case id, state, entries, sha256, form, refusal, proposal
        case supersededAt = "superseded_at"
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
        state =
            switch status.phase {
            case .idle: CRLState.missing.rawValue
            case .downloading: CRLState.downloading.rawValue
            case .verifying: CRLState.verifying.rawValue
            }
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
        sizeOctets = list.verified.list.octets.count
        sha256 = list.digest.hexString.lowercased()
        let point = list.verified.list.issuingDistributionPoint
        distributionPoint = point?.label(below: list.verified.list.issuer)
        form = list.scope.form.rawValue
        fetchedAt = wireTime(list.fetchedAt)
    }
}

extension CRLBody {
    /// A list that waits for operators.
    init(pending list: PendingList, _ status: SourceStatus, at now: ValidationTime) {
        self.init(list.mark, list.nextUpdate, status, at: now)
        state = CRLState.pending.rawValue
        entries = list.entryCount
        sizeOctets = list.size
        fetchedAt = wireTime(list.receivedAt)
        refusal = list.refusal.rawValue
        proposal = list.liveProposal(at: now).map { ProposalBody($0) }
    }

    /// A list that was in force before.
    ///
    /// - Parameter verified: nil where it was not opened; then only what the archive's record says is shown.
    init(archived list: ArchivedListEntry, _ verified: VerifiedList?, _ status: SourceStatus, at now: ValidationTime) {
        self.init(list.entry.mark, list.entry.nextUpdate, status, at: now)
        state = CRLState.superseded.rawValue
        sizeOctets = list.entry.size
        fetchedAt = wireTime(list.entry.fetchedAt)
        supersededAt = wireTime(list.supersededAt)
        guard let verified else { return }
        entries = verified.list.entryCount
        distributionPoint = verified.list.issuingDistributionPoint?.label(below: verified.list.issuer)
    }

    private init(_ mark: HighWaterMark, _ end: ValidationTime?, _ status: SourceStatus, at now: ValidationTime) {
        self.init(missing: status)
        id = ListReference(digest: mark.digest).id
        crlNumber = mark.crlNumber?.description
        thisUpdate = wireTime(mark.thisUpdate)
        nextUpdate = end.map(wireTime)
        ageSeconds = now.seconds(since: mark.thisUpdate)
        sha256 = mark.digest.hexString.lowercased()
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
