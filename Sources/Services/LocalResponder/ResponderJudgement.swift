internal import JPKIProfile
internal import OCSP
internal import PKIX
internal import PathValidation
internal import SignatureValidation
internal import Verification

/// What a local responder may say to one request: judged from lists in hand, by the platform's own rules.
enum ResponderJudgement: Hashable, Sendable {
    /// An answer for each CertID, in order; none of them is known to hold after `freshUntil`.
    case answers([OCSPSingleResponse], freshUntil: ValidationTime?)
    /// An unsigned status without any answer (RFC 6960 §2.3).
    case refusal(OCSPResponse.Status)
}

struct ResponderRules: Sendable {
    let settings: LocalResponderSettings
    /// One set for the whole request.
    let lists: any ListProvider

    /// One CertID of a foreign issuer, or one status that cannot be found out, ends the whole request: a
    /// client that gets an answer about every certificate must be able to use every one of them.
    func judge(_ request: OCSPRequest, at reading: ClockReading) -> ResponderJudgement {
        // A responder with a clock in doubt cannot say what is fresh.
        guard reading.trust == .trusted else { return .refusal(.tryLater) }
        var answers: [OCSPSingleResponse] = []
        var freshUntil: ValidationTime?
        for certID in request.certIDs {
            // RFC 5019 §2.2.3: "unauthorized" where the server has no authoritative records.
            guard let issuer = issuer(of: certID) else { return .refusal(.unauthorized) }
            let status = status(of: certID.serialNumber, issuer, at: reading.now)
            guard let answer = answer(certID, status, at: reading.now) else { return .refusal(.tryLater) }
            answers.append(answer)
            guard let limit = answer.nextUpdate else { continue }
            freshUntil = freshUntil.map { min($0, limit) } ?? limit
        }
        return .answers(answers, freshUntil: freshUntil)
    }

    private func issuer(of certID: OCSPCertID) -> Issuer? {
        settings.issuers.first { issuer in
            certID.isIssued(by: StatusIssuer(name: issuer.anchor.name, key: issuer.anchor.subjectPublicKeyInfo))
        }
    }

    private func status(of serial: SerialNumber, _ issuer: Issuer, at now: ValidationTime) -> CertificateStatus {
        let validator = SerialValidator(
            serial, issuer: issuer, trust: settings.trust,
            constraints: ValidationConstraints(acceptedKinds: issuer.kinds, revocation: settings.revocation), at: now)
        let evidence = ValidationEvidence(
            ocsp: .notAsked, lists: lists.lists(for: nil, of: issuer, trust: settings.trust), clock: .trusted,
            challenge: .notUsed)
        return validator.report(evidence).revocation.status
    }

    /// Nil when the status is not known: "could not find out" is none of OCSP's three words.
    private func answer(
        _ certID: OCSPCertID, _ status: CertificateStatus, at now: ValidationTime
    ) -> OCSPSingleResponse? {
        guard let thisUpdate = status.thisUpdate else { return nil }
        let word: OCSPSingleResponse.CertStatus
        switch status.status {
        case .good: word = .good
        case .revoked, .onHold:
            guard let revokedAt = status.revokedAt else { return nil }
            word = .revoked(at: revokedAt, reason: status.revocationReason)
        case .unknown: word = .unknown
        case .undetermined: return nil
        }
        return OCSPSingleResponse(
            certID: certID, certStatus: word, thisUpdate: thisUpdate,
            nextUpdate: nextUpdate(status, thisUpdate: thisUpdate, now: now))
    }

    /// The list's nextUpdate, but no later than the list may answer here. A list that has run out still revokes
    /// what it lists: then there is no such time, and the client judges by thisUpdate.
    private func nextUpdate(
        _ status: CertificateStatus, thisUpdate: ValidationTime, now: ValidationTime
    ) -> ValidationTime? {
        let oldest = thisUpdate.advanced(bySeconds: Int64(settings.maxListAge))
        let limit = status.nextUpdate.map { min($0, oldest) } ?? oldest
        return limit > now ? limit : nil
    }
}
