internal import JPKIProfile
internal import OCSP
internal import PKIX
internal import PathValidation
internal import SignatureValidation

/// Collects what a judgement needs. It never judges and never throws: a failed fetch is evidence.
struct EvidenceGathering: Sendable {
    let responder: any StatusResponder
    let lists: any ListProvider
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
        evidence.lists = listEvidence(subject.certificate, subject.issuer, subject.profile, trust)
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
            lists: lists.lists(for: nil, of: validator.issuer, trust: trust),
            clock: clock.trust == .trusted ? .trusted : .untrusted,
            challenge: .notUsed
        )
        guard let profile = validator.profile else { return evidence }
        evidence.lists = listEvidence(nil, validator.issuer, profile, trust)
        guard validator.needsResponder(evidence) else { return evidence }
        evidence.ocsp = await ocspEvidence(serial: validator.serial, issuer: validator.issuer, kind: profile)
        return evidence
    }

    /// The lists in force for an issuer; none are looked for where the kind publishes none.
    private func listEvidence(
        _ certificate: Certificate?,
        _ issuer: Issuer,
        _ kind: KindProfile,
        _ trust: TrustSettings
    ) -> ListEvidence {
        switch kind.lists {
        case .none: .notPublished
        case .published: lists.lists(for: certificate, of: issuer, trust: trust)
        }
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
