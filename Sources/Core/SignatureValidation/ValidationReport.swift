package import JPKIProfile
package import PKIX
package import PathValidation

/// The outcome of one validation, with every check that led to it.
package struct ValidationReport: Sendable {
    package let result: ValidationResult
    package let indication: Indication
    package let subIndications: [SubIndication]
    package let checks: [Check]
    /// Nil when the certificate does not decode.
    package let certificate: CertificateSummary?
    package let revocation: RevocationAnswer
    /// The basic four attributes and what stands beside them; nil for kinds without, and when undecodable.
    package let attributes: BasicFourAttributes?

    package init(
        result: ValidationResult,
        indication: Indication,
        subIndications: [SubIndication],
        checks: [Check],
        certificate: CertificateSummary?,
        revocation: RevocationAnswer,
        attributes: BasicFourAttributes?
    ) {
        self.result = result
        self.indication = indication
        self.subIndications = subIndications
        self.checks = checks
        self.certificate = certificate
        self.revocation = revocation
        self.attributes = attributes
    }
}

/// EN 319 102-1 §5.1.2 main indications: of a signature the first three, of a certificate alone the others.
package enum Indication: String, CaseIterable, Sendable {
    case totalPassed = "TOTAL_PASSED"
    case totalFailed = "TOTAL_FAILED"
    case indeterminate = "INDETERMINATE"
    case passed = "PASSED"
    case failed = "FAILED"
}

/// What an answer says of the certificate itself.
package struct CertificateSummary: Hashable, Sendable {
    /// Nil when no policy of the issuer's kinds is asserted.
    package let kind: CertificateKind?
    package let serialNumber: SerialNumber
    /// The configured issuer; nil when none matches by key.
    package let issuerID: String?
    /// The issuer's subjectKeyIdentifier, with which the serial is sealed; nil without an issuer.
    package let issuerKeyIdentifier: [UInt8]?
    /// Nil when only a serial number is known; so are the next two.
    package let notBefore: ValidationTime?
    package let notAfter: ValidationTime?
    package let sha256: [UInt8]?

    package init(
        kind: CertificateKind?,
        serialNumber: SerialNumber,
        issuerID: String?,
        issuerKeyIdentifier: [UInt8]?,
        notBefore: ValidationTime?,
        notAfter: ValidationTime?,
        sha256: [UInt8]?
    ) {
        self.kind = kind
        self.serialNumber = serialNumber
        self.issuerID = issuerID
        self.issuerKeyIdentifier = issuerKeyIdentifier
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.sha256 = sha256
    }
}

/// The certificate's status and what it rests on.
package struct RevocationAnswer: Hashable, Sendable {
    package let status: CertificateStatus
    /// Nil when nothing answered.
    package let rung: Rung?
    /// Whether another than the preferred method answered (縮退).
    package let degradation: Degradation
    /// Seconds from the source's thisUpdate to the validation time; nil when nothing answered.
    package let ageSeconds: Int64?
    /// The list that the answer rests on, also where it left the status open; nil for other methods. Of a delta list
    /// and its base the delta list.
    package let list: ListReference?

    package enum Degradation: Hashable, Sendable {
        case none
        case degraded
    }

    package init(
        status: CertificateStatus,
        rung: Rung?,
        degradation: Degradation,
        ageSeconds: Int64?,
        list: ListReference? = nil
    ) {
        (self.status, self.rung, self.degradation, self.ageSeconds) = (status, rung, degradation, ageSeconds)
        self.list = list
    }
}
