internal import JPKIProfile
internal import OCSP
internal import PKIX
internal import PathValidation
internal import RevocationLists
internal import SignatureValidation

/// Collects what a judgement needs. It never judges and never throws: a failed fetch is evidence.
struct EvidenceGathering: Sendable {
    let responder: any StatusResponder
    let lists: any ListProvider
    let archive: any ListArchive
    let identifiers: IdentifierSource

    /// The evidence for a certificate, first source first. The responder is asked when the policy begins with it,
    /// or when the lists leave the status open and the policy lets it answer instead.
    func evidence(
        for validator: CertificateValidator,
        trust: TrustSettings,
        clock: ClockReading
    ) async -> ValidationEvidence {
        var evidence = ValidationEvidence(
            ocsp: .notAsked,
            lists: .held([], missing: .none),
            clock: clock.trust == .trusted ? .trusted : .untrusted,
            challenge: .notUsed
        )
        // Nobody upstream is asked about a certificate that no configured issuer signed.
        guard let subject = validator.subject else { return evidence }
        let question = ListQuestion(
            certificate: subject.certificate, issuer: subject.issuer, kind: subject.profile,
            time: validator.constraints.moment == .past ? validator.time : nil)
        await gather(question, trust, into: &evidence)
        guard validator.needsResponder(evidence) else { return evidence }
        evidence.ocsp = await ocspEvidence(
            serial: subject.certificate.serialNumber, issuer: subject.issuer, kind: subject.profile)
        return evidence
    }

    /// The same for a serial number alone.
    func evidence(for validator: SerialValidator, trust: TrustSettings, clock: ClockReading) async -> ValidationEvidence
    {
        var evidence = ValidationEvidence(
            ocsp: .notAsked,
            lists: .held([], missing: .none),
            clock: clock.trust == .trusted ? .trusted : .untrusted,
            challenge: .notUsed
        )
        let question = ListQuestion(
            certificate: nil, issuer: validator.issuer, kind: validator.profile,
            time: validator.constraints.moment == .past ? validator.time : nil)
        await gather(question, trust, into: &evidence)
        guard let profile = validator.profile, validator.needsResponder(evidence) else { return evidence }
        evidence.ocsp = await ocspEvidence(serial: validator.serial, issuer: validator.issuer, kind: profile)
        return evidence
    }

    /// About what lists are looked for.
    private struct ListQuestion {
        let certificate: Certificate?
        let issuer: Issuer
        /// Nil for an issuer of more than one kind, of which only a serial number is asked.
        let kind: KindProfile?
        /// Nil for the present.
        let time: ValidationTime?
    }

    /// The lists of an issuer, those of then where the time has passed; none are looked for where the kind publishes
    /// none.
    private func gather(
        _ question: ListQuestion,
        _ trust: TrustSettings,
        into evidence: inout ValidationEvidence
    ) async {
        if let kind = question.kind, kind.lists == .none {
            evidence.lists = .notPublished
            return
        }
        let present = lists.lists(for: question.certificate, of: question.issuer, trust: trust)
        guard let time = question.time else {
            evidence.lists = present
            return
        }
        evidence.lists = await archive.lists(
            for: question.certificate, of: question.issuer, trust: trust, asOf: time)
        guard case .held(let held, _) = present else { return }
        // All of them, so that a later delta list has its base beside it.
        if held.contains(where: { $0.verified.list.thisUpdate > time }) { evidence.laterLists = held }
    }

    /// Asks the kind's responder about one serial.
    func ocspEvidence(serial: SerialNumber, issuer: Issuer, kind: KindProfile) async -> OCSPEvidence {
        guard let url = kind.ocspURL else { return .failure(code: FetchFailure.notConfigured.rawValue) }
        let nonce: OCSPEvidence.Nonce =
            switch kind.ocspNonce {
            case .omitted: .notSent
            case .sent: .sent(identifiers.nonce())
            case .required: .required(identifiers.nonce())
            }
        let certID = OCSPCertID(
            serialNumber: serial, issuerName: issuer.anchor.name, issuerKey: issuer.anchor.subjectPublicKeyInfo)
        let request = OCSPRequest(certIDs: [certID], nonce: nonce.octets).der
        switch await responder.ask(request, at: url) {
        case .response(let octets): return .response(octets, nonce: nonce)
        case .failure(let failure): return .failure(code: failure.rawValue)
        }
    }
}

extension OCSPEvidence.Nonce {
    fileprivate var octets: [UInt8]? {
        switch self {
        case .notSent: nil
        case .sent(let octets), .required(let octets): octets
        }
    }
}
