package import PKIX

/// What came of one offered list, or of the attempt to get one.
package enum ListOutcome: Sendable {
    /// In force now; the audit record of it is durable.
    case activated(ActiveList)
    /// The list in force is still the newest there is.
    case unchanged
    /// Nothing has changed: the former list stays in force.
    case refused(CRLRefusal)
    /// No octets came.
    case fetchFailed(CRLFetchFailure)
    /// The list could not be kept or recorded, so it is not in force.
    case notRecorded

    /// For logs, metrics and answers: `activated`, `unchanged`, or why not.
    package var code: String {
        switch self {
        case .activated: "activated"
        case .unchanged: "unchanged"
        case .refused(let refusal): refusal.rawValue
        case .fetchFailed(let failure): failure.rawValue
        case .notRecorded: "not_recorded"
        }
    }

    /// Whether the source did what it is for.
    var isDelivery: Bool {
        switch self {
        case .activated, .unchanged: true
        case .refused, .fetchFailed, .notRecorded: false
        }
    }
}

/// What came of asking one source: one outcome a list.
package struct SourceOutcome: Sendable {
    package let sourceID: String
    package let outcomes: [ListOutcome]
    package let finishedAt: ValidationTime

    package init(sourceID: String, outcomes: [ListOutcome], finishedAt: ValidationTime) {
        (self.sourceID, self.outcomes, self.finishedAt) = (sourceID, outcomes, finishedAt)
    }
}

/// A source as an operator sees it.
package struct SourceStatus: Sendable {
    package enum Phase: String, CaseIterable, Sendable {
        case idle
        case downloading
        case verifying
    }

    package let source: CRLSource
    package internal(set) var phase = Phase.idle
    /// Nil before the first attempt of this run.
    package internal(set) var lastOutcome: SourceOutcome?

    init(source: CRLSource) { self.source = source }
}

/// On whose behalf lists are fetched.
package enum UpdateCause: Hashable, Sendable {
    case schedule
    case operatorRequest(actor: String, requestID: String)
}
