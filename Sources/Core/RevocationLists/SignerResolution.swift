import PKIX
import PathValidation
import SignatureAlgorithms

/// Finds who signed a list and whether that key may speak: RFC 5280 §6.3.3 (f), (g).
///
/// Issuers are keys, not names: the certificate issuer's own key signs directly; keys that configuration
/// accepts stand beside it; any other signer needs a certificate with a path of its own, not revoked, to the
/// same anchor.
struct SignerResolution {
    enum Outcome {
        case accepted(SubjectPublicKeyInfo)
        case refused(CertificateStatus.UndeterminedReason)
    }

    let certificate: Certificate
    let issuer: StatusIssuer
    let session: CRLSession

    func signer(of candidate: CandidateList) -> Outcome {
        let list = candidate.list
        var problem: CertificateStatus.UndeterminedReason?
        if list.issuer == issuer.name {
            for key in [issuer.key] + session.context.acceptedKeys where isSigned(candidate, by: key) {
                guard key == issuer.key, let own = issuer.certificate else { return .accepted(key) }
                if own.maySignLists { return .accepted(key) }
                problem = .signatureInvalid
            }
        }
        for signer in session.signers(named: list.issuer) where signer.subjectPublicKeyInfo != issuer.key {
            guard isSigned(candidate, by: signer.subjectPublicKeyInfo) else { continue }
            if signer.maySignLists, isTrusted(signer) { return .accepted(signer.subjectPublicKeyInfo) }
            // Authentic, but of a key that does not speak for this issuer: another generation's list, for example.
            problem = problem ?? (list.issuer == issuer.name ? .noMatchingCRL : .signatureInvalid)
        }
        if session.isExhausted { return .refused(.limitExceeded) }
        return .refused(problem ?? (isAboutAnotherKey(candidate) ? .noMatchingCRL : .signatureInvalid))
    }

    func isSigned(_ candidate: CandidateList, by key: SubjectPublicKeyInfo) -> Bool {
        switch candidate {
        case .verified(let verified): verified.issuerKey == key
        case .unverified(let list): session.verifies(list, under: key)
        }
    }

    /// Whether the list says itself that another key than the issuer's signed it: another generation's list.
    private func isAboutAnotherKey(_ candidate: CandidateList) -> Bool {
        if case .verified = candidate { return true }
        guard let named = candidate.list.authorityKeyIdentifier?.keyIdentifier else { return false }
        let own =
            issuer.certificate?.extensions.subjectKeyIdentifier
            ?? HashAlgorithm.sha1.digest(of: issuer.key.key)[...]
        return named != own
    }

    /// Whether a path that is valid and not revoked leads from `signer` to the anchor of this validation.
    private func isTrusted(_ signer: Certificate) -> Bool {
        let context = session.context
        if context.anchors.isEmpty, isOlderKeyOfIssuer(signer) { return true }
        // A signer whose own status is being asked right now: the question above decides.
        if session.underQuestion.contains(signer) { return true }
        guard session.underQuestion.count < CRLSession.largestDepth else { return false }
        var constraints = PathConstraints()
        constraints.algorithms = context.algorithms
        constraints.requiredKeyUsage = .cRLSign
        let anchors =
            context.anchors.isEmpty
            ? [
                issuer.certificate.map { TrustAnchor($0) }
                    ?? TrustAnchor(name: issuer.name, subjectPublicKeyInfo: issuer.key)
            ]
            : context.anchors
        let builder = PathBuilder(anchors: anchors, pool: context.pool, constraints: constraints)
        let inner = session.asking(about: signer)
        let report = builder.validate(signer, at: context.time) { path in
            for index in path.certificates.indices {
                let status = inner.judge(path.certificates[index], path.issuer(of: index)).status
                guard status.status == .good else { return .refused(.undetermined, [.tryLater], []) }
            }
            return .accepted([])
        }
        return report.result == .valid
    }

    /// Whether `signer` is the key that certified the issuer's present key under the same name: the issuer's
    /// certificate is self-issued, new with old (RFC 4210 §4.4).
    private func isOlderKeyOfIssuer(_ signer: Certificate) -> Bool {
        let time = session.context.time
        guard let own = issuer.certificate, own.isSelfIssued, signer.subject == own.subject,
            signer.mayCertify, signer.notBefore <= time, time <= signer.notAfter
        else { return false }
        return session.verifies(own, under: signer.subjectPublicKeyInfo)
    }
}

extension Certificate {
    /// §6.3.3 (f): when keyUsage is there, cRLSign must be set.
    var maySignLists: Bool { extensions.keyUsage?.contains(.cRLSign) ?? true }

    /// Whether the certificate says of its key, in either way, that it certifies others.
    fileprivate var mayCertify: Bool {
        extensions.basicConstraints?.isCA ?? (extensions.keyUsage?.contains(.keyCertSign) == true)
    }
}
