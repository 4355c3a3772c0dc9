internal import RevocationLists
internal import SignatureAlgorithms

/// Why a list that was offered is not taken. Each stands in the audit event, the
/// metric, the log line and the operator's answer under its raw value.
package enum CRLRefusal: String, Error, Hashable, Sendable, CaseIterable {
    case tooLarge = "too_large"
    /// No CertificateList in DER or PEM: an error page, a part of a list, garbage.
    case malformed
    /// The issuer's name is not the configured one.
    case issuerMismatch = "issuer_mismatch"
    /// Not signed by the configured issuer's key: another generation's of the same name, or tampered with.
    case signatureInvalid = "signature_invalid"
    /// A signature algorithm or key outside the platform's table, or two that differ (RFC 5280 §5.1.1.2).
    case algorithmRefused = "algorithm_refused"
    case unsupportedCriticalExtension = "unsupported_critical_extension"
    /// A delta list where whole ones are configured, or the reverse (§5.2.4).
    case formMismatch = "form_mismatch"
    /// Another issuingDistributionPoint than the source is configured for.
    case scopeMismatch = "scope_mismatch"
    /// Another issuingDistributionPoint than the source's list in force.
    case scopeChanged = "scope_changed"
    /// thisUpdate lies ahead of the clock.
    case thisUpdateInFuture = "this_update_in_future"
    /// nextUpdate lies before thisUpdate.
    case datesReversed = "dates_reversed"
    /// Older than what has been in force: a rollback.
    case olderThanHeld = "older_than_held"
    /// A higher number with an earlier thisUpdate.
    case thisUpdateEarlier = "this_update_earlier"
    /// Later thisUpdate, but a lower number or none: needs an operator's decision.
    case numberReset = "number_reset"
    /// The number of the list in force on other content (§5.2.3).
    case numberReused = "number_reused"
    /// No numbers, the same thisUpdate, other content: which is newer cannot be said.
    case sameTimeOtherContent = "same_time_other_content"
    /// A delta list of a scope that has no complete list in force to go onto (§5.2.4).
    case deltaWithoutBase = "delta_without_base"
    /// A delta list onto a base that is later than the complete list in force.
    case deltaBaseNotHeld = "delta_base_not_held"
    /// A delta list that says no more than the complete list in force does.
    case deltaSuperseded = "delta_superseded"
    /// The configured issuer's own key is not usable.
    case issuerKeyUnusable = "issuer_key_unusable"
    /// What the store gave back is not what it was given.
    case storedListDamaged = "stored_list_damaged"
}

extension CRLRefusal {
    /// Whether two operators together may put the list in force all the same (`akashi crl accept`).
    ///
    /// Only the order of lists can be overruled, where an authority that begins its numbers anew, or sets its clock
    /// right, leaves no other way. What the list is, who signed it and what it is about never can, nor a list that
    /// is older in both number and time: that is a rollback.
    package var mayBeOverruled: Bool {
        switch self {
        case .numberReset, .numberReused, .thisUpdateEarlier, .sameTimeOtherContent: true
        default: false
        }
    }

    init(_ refusal: ListRefusal) {
        self =
            switch refusal {
            case .algorithmMismatch, .algorithm: .algorithmRefused
            case .signatureInvalid: .signatureInvalid
            case .unsupportedCriticalExtension: .unsupportedCriticalExtension
            case .malformed, .notIndexed: .malformed
            }
    }
}
