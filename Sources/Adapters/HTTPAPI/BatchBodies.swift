internal import BatchStatus
internal import Organizations
internal import PKIX
internal import WireFormat

/// A bulk job as its owner sees it.
struct BatchBody: Codable, Hashable, Sendable {
    struct Progress: Codable, Hashable, Sendable {
        var done: Int
        var total: Int
        /// Seconds until the end at the present pace; null when there is no telling.
        @ExplicitNull var remainingSeconds: Int?

        enum CodingKeys: String, CodingKey {
            case done, total
            case remainingSeconds = "remaining_seconds"
        }
    }

    /// The one set of lists that every item was answered from.
    struct ListSet: Codable, Hashable, Sendable {
        struct List: Codable, Hashable, Sendable {
            var id: String
            var issuerID: String
            @ExplicitNull var crlNumber: String?
            var thisUpdate: String

            enum CodingKeys: String, CodingKey {
                case id
                case issuerID = "issuer_id"
                case crlNumber = "crl_number"
                case thisUpdate = "this_update"
            }
        }

        var digest: String
        var count: Int
        /// Null in a list of jobs.
        @ExplicitNull var lists: [List]?
        var missingSources: [String]

        enum CodingKeys: String, CodingKey {
            case digest, count, lists
            case missingSources = "missing_sources"
        }
    }

    /// How much is said of the lists.
    enum Listing {
        case everyList
        case digestAlone
    }

    var id: String
    var state: String
    var progress: Progress
    var counts: [String: Int]
    @ExplicitNull var crlSet: ListSet?
    /// The time that every item was judged at; null until the job has begun.
    @ExplicitNull var checkedAt: String?
    var inputFormat: String
    var restarts: Int
    @ExplicitNull var failure: String?
    /// Null until the job has succeeded.
    @ExplicitNull var resultSHA256: String?
    @ExplicitNull var resultOctets: Int64?
    var purpose: String
    var policyID: String
    var municipalityCode: String
    var environment: String
    @ExplicitNull var configurationDigest: String?
    var createdAt: String
    @ExplicitNull var startedAt: String?
    @ExplicitNull var finishedAt: String?
    /// When a finished job and its items are deleted; null until it is finished.
    @ExplicitNull var expiresAt: String?

    enum CodingKeys: String, CodingKey {
        case id, state, progress, counts, restarts, failure, purpose, environment
        case crlSet = "crl_set"
        case checkedAt = "checked_at"
        case inputFormat = "input_format"
        case resultSHA256 = "result_sha256"
        case resultOctets = "result_octets"
        case policyID = "policy_id"
        case municipalityCode = "municipality_code"
        case configurationDigest = "configuration_digest"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case expiresAt = "expires_at"
    }

    init(_ snapshot: BatchService.Snapshot, listing: Listing = .everyList) {
        let job = snapshot.job
        id = job.id
        state = job.state.rawValue
        progress = Progress(
            done: job.progress.done, total: job.input.lines, remainingSeconds: snapshot.remainingSeconds)
        counts = job.progress.counts
        crlSet = job.basis.map { ListSet($0, listing) }
        checkedAt = job.basis.map { wireTime(ValidationTime(secondsSince1970: $0.judgedAt)) }
        inputFormat = job.input.format.rawValue
        restarts = job.restarts
        failure = job.failure?.rawValue
        resultSHA256 = job.resultDigest.map { $0.hexString.lowercased() }
        resultOctets = job.resultDigest.map { _ in job.progress.resultOctets }
        purpose = job.origin.purpose
        policyID = job.origin.policyID
        municipalityCode = job.origin.municipality.digits
        environment = job.origin.environment.rawValue
        configurationDigest = job.basis?.configurationDigest
        createdAt = wireTime(job.createdAt)
        startedAt = job.startedAt.map(wireTime)
        finishedAt = job.finishedAt.map(wireTime)
        expiresAt = job.state.isFinal ? wireTime(job.expiresAt) : nil
    }
}

extension BatchBody.ListSet {
    fileprivate init(_ basis: BatchBasis, _ listing: BatchBody.Listing) {
        digest = basis.listSetDigest
        count = basis.lists.count
        missingSources = basis.missingSources
        switch listing {
        case .digestAlone: lists = nil
        case .everyList:
            lists = basis.lists.map { list in
                List(
                    id: list.id, issuerID: list.issuerID, crlNumber: list.crlNumber,
                    thisUpdate: wireTime(ValidationTime(secondsSince1970: list.thisUpdate)))
            }
        }
    }
}
