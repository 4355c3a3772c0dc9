package import PKIX
package import SignatureAlgorithms

/// The outcome of path validation for one target.
package struct PathReport: Sendable {
    package let result: ValidationResult
    /// Empty exactly when ``result`` is valid.
    package let subIndications: [SubIndication]
    /// The user-constrained policy set of RFC 5280 §6.1.6; empty when there is none.
    package let policies: Set<OID>
    /// Leaf first, without the anchor. The best attempt when the result is not valid.
    package let path: [Certificate]
    /// The anchor that ``path`` ends at; nil when it ends nowhere.
    package let anchor: TrustAnchor?
    /// The working key that the target's signature was checked with; nil when none was found.
    package let issuerKey: SubjectPublicKeyInfo?
    /// The target's own key, imported; nil when the suite does not take it.
    package let subjectKey: PublicKey?
    /// Every rule that was tried on ``path``.
    package let checks: [Check]

    package init(
        result: ValidationResult,
        subIndications: [SubIndication],
        policies: Set<OID>,
        path: [Certificate],
        anchor: TrustAnchor?,
        issuerKey: SubjectPublicKeyInfo?,
        subjectKey: PublicKey? = nil,
        checks: [Check]
    ) {
        self.result = result
        self.subIndications = subIndications
        self.policies = policies
        self.path = path
        self.anchor = anchor
        self.issuerKey = issuerKey
        self.subjectKey = subjectKey
        self.checks = checks
    }
}

/// A path for which every rule of RFC 5280 §6.1 holds; revocation is still open.
package struct ValidatedPath: Sendable {
    /// Leaf first, at least one, without the anchor.
    package let certificates: [Certificate]
    package let anchor: TrustAnchor
    /// The user-constrained policy set of §6.1.6.
    package let policies: Set<OID>

    package init(certificates: [Certificate], anchor: TrustAnchor, policies: Set<OID>) {
        (self.certificates, self.anchor, self.policies) = (certificates, anchor, policies)
    }

    /// The key that signed the certificate at `index` of ``certificates``.
    package func issuerKey(of index: Int) -> SubjectPublicKeyInfo {
        certificates.indices.contains(index + 1)
            ? certificates[index + 1].subjectPublicKeyInfo : anchor.subjectPublicKeyInfo
    }

    /// The name that issued the certificate at `index` of ``certificates``.
    package func issuerName(of index: Int) -> DistinguishedName {
        certificates.indices.contains(index + 1) ? certificates[index + 1].subject : anchor.name
    }

    /// Issuer name and key of the certificate at `index`, for questions about its revocation.
    package func issuer(of index: Int) -> StatusIssuer {
        certificates.indices.contains(index + 1)
            ? StatusIssuer(certificates[index + 1])
            : StatusIssuer(name: anchor.name, key: anchor.subjectPublicKeyInfo, certificate: anchor.certificate)
    }
}

/// What the caller of path building says to a path that passed §6.1: revocation is judged here.
package enum PathAcceptance: Sendable {
    /// The path is taken; the checks are added to the report.
    case accepted([Check])
    /// The path is not taken; building goes on, and this may become the best failure.
    case refused(ValidationResult, [SubIndication], [Check])
}
