package import JPKIProfile
package import PKIX
internal import PathValidation
internal import SignatureAlgorithms

/// Judges one certificate against JPKI's profile: path, policy, usage and, given evidence, revocation.
///
/// Made once for a certificate and a time. What needs no evidence is judged at
/// once, so that nobody upstream is asked about a certificate that none of the
/// configured issuers signed.
package struct CertificateValidator: Sendable {
    /// A certificate whose issuer and kind are known: what evidence can be gathered for.
    package struct Subject: Sendable {
        package let certificate: Certificate
        package let issuer: Issuer
        package let profile: KindProfile
    }

    package let constraints: ValidationConstraints
    package let time: ValidationTime
    /// Nil when the DER does not decode.
    package let certificate: Certificate?
    let trust: TrustSettings
    let issuer: Issuer?
    let kind: CertificateKind?
    let checks: [Check]
    let subIndications: [SubIndication]
    /// The certificate's own key as path validation imported it; nil when no path was found.
    let subjectKey: PublicKey?

    /// - Parameter der: the certificate as it came; it may be anything.
    package init(_ der: [UInt8], trust: TrustSettings, constraints: ValidationConstraints, at time: ValidationTime) {
        self.constraints = constraints
        self.time = time
        self.trust = trust
        let decoded: Result<Certificate, DERError> = Result { () throws(DERError) in try Certificate(der: der) }
        guard case .success(let certificate) = decoded else {
            (self.certificate, issuer, kind, subjectKey) = (nil, nil, nil, nil)
            checks = [CertificateValidator.undecodable(decoded)]
            subIndications = [.formatFailure]
            return
        }
        let candidates = trust.candidates(for: certificate)
        let report = CertificateValidator.path(certificate, candidates, trust, at: time)
        let anchored = candidates.first { $0.anchor == report.anchor }
        let isSigned = report.checks.contains { $0.code == .certificateSignature && $0.outcome == .passed }
        self.certificate = certificate
        subjectKey = report.subjectKey
        issuer = isSigned ? anchored : nil
        kind = anchored.flatMap { trust.kind(of: certificate, issuer: $0) }
        var judgement = ProfileJudgement(report)
        judgement.addFormat()
        judgement.addUse(of: issuer, constraints)
        judgement.addProfile(certificate, kind.flatMap { trust.kinds[$0] }, accepted: constraints.acceptedKinds)
        checks = judgement.checks
        subIndications = judgement.subIndications
    }

    /// Nil unless a configured issuer's key signed the certificate and its kind is known.
    package var subject: Subject? {
        guard let certificate, let issuer, let profile = kind.flatMap({ trust.kinds[$0] }) else { return nil }
        return Subject(certificate: certificate, issuer: issuer, profile: profile)
    }

    private static func undecodable(_ decoded: Result<Certificate, DERError>) -> Check {
        let detail: String? = if case .failure(let error) = decoded { error.description } else { nil }
        return Check(.certificateFormat, .failed, clause: "RFC 5280 §4.1", detail: detail)
    }

    /// The one-tier path of JPKI: the certificate itself, below one of the generations that may have issued it.
    private static func path(
        _ certificate: Certificate,
        _ candidates: [Issuer],
        _ trust: TrustSettings,
        at time: ValidationTime
    ) -> PathReport {
        var constraints = PathConstraints()
        constraints.initialPolicySet = Set(
            candidates.flatMap(\.kinds).compactMap { trust.kinds[$0] }.flatMap(\.policies))
        constraints.explicitPolicy = .required
        constraints.anyPolicy = .inhibited
        constraints.algorithms = .current
        constraints.anchorValidity = .checked
        let builder = PathBuilder(anchors: candidates.map(\.anchor), pool: [], constraints: constraints)
        return builder.validate(certificate, at: time) { _ in .accepted([]) }
    }

    package var summary: CertificateSummary? {
        guard let certificate else { return nil }
        return CertificateSummary(
            kind: kind,
            serialNumber: certificate.serialNumber,
            issuerID: issuer?.id,
            issuerKeyIdentifier: issuer?.anchor.keyIdentifier.map { Array($0) },
            notBefore: certificate.notBefore,
            notAfter: certificate.notAfter,
            sha256: HashAlgorithm.sha256.digest(of: certificate.encoding)
        )
    }
}
