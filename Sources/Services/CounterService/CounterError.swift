package import CounterApplications
package import Verification

/// Why a use case of the counter was not done.
package enum CounterError: Error, Hashable, Sendable {
    case scopeMissing
    /// No such application of this municipality and terminal. Another's looks the same.
    case notFound
    /// The municipality or the site has no counter in the configuration.
    case notServed
    /// Somebody changed it meanwhile: read it again.
    case conflict
    case refused(CounterRefusal)
    case order(OrderRefusal)
    /// The applicant has stated an exemption: a clerk says first whether it applies.
    case exemptionClaimed
    /// The identification did not follow the procedure's policy.
    case identificationPolicy
    /// Not a code of a paper: mistyped, or of something else.
    case unreadableCode
    /// The municipality's issuing has been stopped; a supervisor must resume it.
    case issuingStopped
    /// The municipality's issuer, or its register, does not answer at the moment.
    case issuerUnavailable
    /// The supervisor who would confirm cannot for a while: too many wrong tries.
    case supervisorLocked
    /// The verification was not made.
    case verification(ServiceError)
    case serviceNotReady

    /// The code of a problem or of a message.
    package var code: String {
        switch self {
        case .scopeMissing: "scope_missing"
        case .notFound: "not_found"
        case .notServed: "counter_not_served"
        case .conflict: "counter_conflict"
        case .refused(let refusal): refusal.rawValue
        case .order(let refusal): refusal.rawValue
        case .exemptionClaimed: "counter_exemption_claimed"
        case .identificationPolicy: "counter_identification_policy"
        case .unreadableCode: "counter_unreadable_code"
        case .issuingStopped: "counter_issuing_stopped"
        case .issuerUnavailable: "counter_issuer_unavailable"
        case .supervisorLocked: "counter_supervisor_locked"
        case .verification(let error): error.rawValue
        case .serviceNotReady: "service_not_ready"
        }
    }

    /// Every code that a problem or a page of staff may carry.
    package static var codes: [String] {
        CounterRefusal.allCases.map(\.rawValue) + OrderRefusal.allCases.map(\.rawValue)
            + [
                CounterError.notServed, .conflict, .exemptionClaimed, .identificationPolicy, .unreadableCode,
                .issuingStopped,
                .issuerUnavailable, .supervisorLocked,
            ].map(\.code)
    }

    init(_ error: CounterStoreError) {
        switch error {
        case .conflict: self = .conflict
        case .issuingStopped: self = .issuingStopped
        case .exists, .unavailable: self = .serviceNotReady
        }
    }
}
