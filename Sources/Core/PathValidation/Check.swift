/// One rule that was tried, and how it went. A report lists every one.
package struct Check: Hashable, Sendable {
    package enum Outcome: String, CaseIterable, Sendable {
        case passed
        case failed
        case undetermined
        case notApplicable = "not_applicable"
    }

    package let code: CheckCode
    package let outcome: Outcome
    /// The clause that the rule implements, for example `RFC 5280 §6.1.3 (a)(2)`.
    package let clause: String
    /// Structure and times only; never a name, a serial or any attribute of a person.
    package let detail: String?

    package init(_ code: CheckCode, _ outcome: Outcome, clause: String, detail: String? = nil) {
        (self.code, self.outcome, self.clause, self.detail) = (code, outcome, clause, detail)
    }
}

/// The codes of checks, stable across versions: the vocabulary of `checks[].code`.
package enum CheckCode: String, CaseIterable, Sendable {
    case certificateFormat = "certificate_format"
    case trustAnchor = "trust_anchor"
    case nameChaining = "name_chaining"
    case certificateSignature = "certificate_signature"
    case validityPeriod = "validity_period"
    case algorithm
    case basicConstraints = "basic_constraints"
    case pathLength = "path_length"
    case keyUsage = "key_usage"
    case extendedKeyUsage = "extended_key_usage"
    case certificatePolicy = "certificate_policy"
    case policyMapping = "policy_mapping"
    case nameConstraints = "name_constraints"
    case criticalExtensions = "critical_extensions"
    case profile
    case signatureValue = "signature_value"
    case challenge
    case revocation
    case revocationList = "revocation_list"
    case ocspResponse = "ocsp_response"
    case responderRevocation = "responder_revocation"
    case clock
    case evidenceFormat = "evidence_format"
    case workBudget = "work_budget"
}

/// The result of a validation: EN 319 102-1 §5.1.3, in this API's three words.
package enum ValidationResult: String, CaseIterable, Sendable {
    case valid
    case invalid
    case undetermined
}

/// Sub-indications of EN 319 102-1 §5.1.3, table 4, and those of DSS that its reports add.
package enum SubIndication: String, CaseIterable, Sendable {
    case formatFailure = "FORMAT_FAILURE"
    case hashFailure = "HASH_FAILURE"
    case sigCryptoFailure = "SIG_CRYPTO_FAILURE"
    case revoked = "REVOKED"
    case expired = "EXPIRED"
    case notYetValid = "NOT_YET_VALID"
    case sigConstraintsFailure = "SIG_CONSTRAINTS_FAILURE"
    case chainConstraintsFailure = "CHAIN_CONSTRAINTS_FAILURE"
    case certificateChainGeneralFailure = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    case cryptoConstraintsFailure = "CRYPTO_CONSTRAINTS_FAILURE"
    case policyProcessingError = "POLICY_PROCESSING_ERROR"
    case noCertificateChainFound = "NO_CERTIFICATE_CHAIN_FOUND"
    case noSigningCertificateFound = "NO_SIGNING_CERTIFICATE_FOUND"
    case outOfBoundsNoPOE = "OUT_OF_BOUNDS_NO_POE"
    case revocationOutOfBoundsNoPOE = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    case revokedNoPOE = "REVOKED_NO_POE"
    case revokedCANoPOE = "REVOKED_CA_NO_POE"
    case tryLater = "TRY_LATER"
}
