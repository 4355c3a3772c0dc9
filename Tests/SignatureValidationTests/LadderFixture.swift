import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation

/// A card's 署名用 certificate with its authority, its municipality's list and its responder.
struct LadderFixture {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    static let start = now.advanced(bySeconds: -86_400 * 365)
    static let end = now.advanced(bySeconds: 86_400 * 365 * 4)
    static let point = DistinguishedName([
        (.country, "JP"), (.organization, SandboxOrganization.name), (.organizationalUnit, "CRL Distribution Points"),
        (.commonName, "Mihon-shi CRLDP"),
    ])

    let authority: IssuingAuthority
    let namesake: IssuingAuthority
    let leafKey: SigningKey
    let certificate: Certificate

    init(_ defects: CertificateDefect...) throws { try self.init(defects: defects) }

    init(defects: [CertificateDefect]) throws {
        let name = DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name)])
        authority = try IssuingAuthority(root: name, key: .pooledRSA(0), notBefore: Self.start, notAfter: Self.end)
        namesake = try IssuingAuthority(
            root: name, key: .pooledRSA(1), serialNumber: SerialNumber(2), notBefore: Self.start, notAfter: Self.end)
        leafKey = try .pooledRSA(2)
        certificate = try authority.issue(Self.request(leafKey), defects: defects)
    }

    static func request(_ key: SigningKey) throws -> CertificateRequest {
        let draft = BasicFourDraft(
            name: "見本　花子", address: "見本県見本市１番", birthDate: "419900102", gender: .female)
        return CertificateRequest(
            serialNumber: SerialNumber(0x0132_C4AB),
            subject: DistinguishedName([(.country, "JP"), (.commonName, "SANDBOX0001")]),
            publicKeyInfo: key.publicKeyInfo, notBefore: start, notAfter: end,
            extensions: [
                .keyUsage([.digitalSignature, .nonRepudiation]),
                .certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature)]),
                .subjectAltName(try draft.otherNames()),
                .cRLDistributionPoints([DistributionPoint(name: .fullName([.directoryName(point)]))]),
            ])
    }

    var trust: TrustSettings {
        let kinds: [CertificateKind: (OID, ListAvailability)] = [
            .cardDigitalSignature: (.jpkiCardDigitalSignature, .published),
            .cardUserAuthentication: (.jpkiCardUserAuthentication, .published),
        ]
        return TrustSettings(
            issuers: [
                Issuer(id: "g2", anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature]),
                Issuer(id: "g1", anchor: TrustAnchor(namesake.certificate), kinds: [.cardDigitalSignature]),
            ],
            kinds: Dictionary(
                uniqueKeysWithValues: kinds.map { kind, value in
                    (
                        kind,
                        KindProfile(kind: kind, policies: [value.0], lists: value.1, ocspURL: "http://ocsp.example/")
                    )
                }))
    }

    /// The list of the certificate's municipality.
    func list(
        revoking entry: RevokedEntry? = nil,
        thisUpdate: ValidationTime = now.advanced(bySeconds: -3_600),
        nextUpdate: ValidationTime = now.advanced(bySeconds: 82_800),
        signedBy signer: IssuingAuthority? = nil,
        point: DistinguishedName = point
    ) throws -> VerifiedList {
        let signer = signer ?? authority
        var tbs = TBSCertList(
            signature: signer.scheme.identifier, issuer: signer.name, thisUpdate: thisUpdate, nextUpdate: nextUpdate,
            entries: entry.map { [$0] } ?? [], crlNumber: CRLNumber(7))
        tbs.issuingDistributionPoint = IssuingDistributionPoint(name: .fullName([.directoryName(point)]))
        let list = try tbs.signed { try signer.key.signature(over: $0, scheme: signer.scheme) }
        return try VerifiedList.verify(
            list, key: PublicKey(signer.key.publicKeyInfo, suite: .current))
    }

    func response(
        _ status: OCSPSingleResponse.CertStatus,
        nonce: [UInt8]? = nil,
        thisUpdate: ValidationTime = now.advanced(bySeconds: -60),
        nextUpdate: ValidationTime? = nil,
        signedBy signer: SigningKey? = nil
    ) throws -> [UInt8] {
        let issuer = StatusIssuer(name: authority.name, key: authority.key.publicKeyInfo)
        let single = OCSPSingleResponse(
            certID: OCSPCertID(certificate: certificate, issuer: issuer), certStatus: status, thisUpdate: thisUpdate,
            nextUpdate: nextUpdate)
        let writer = OCSPResponseWriter(
            responderID: .byKey(of: authority.key.publicKeyInfo), producedAt: thisUpdate, responses: [single],
            nonce: nonce, signatureAlgorithm: authority.scheme.identifier)
        let signer = signer ?? authority.key
        let scheme = authority.scheme
        return try writer.signed { try signer.signature(over: $0, scheme: scheme) }
    }

    /// The report over a signature on `content` by the certificate's key.
    func report(
        _ evidence: ValidationEvidence,
        policy: RevocationPolicy = RevocationPolicy(),
        accepted: Set<CertificateKind> = [.cardDigitalSignature],
        content: [UInt8] = [1, 2, 3],
        der: [UInt8]? = nil
    ) throws -> ValidationReport {
        let message = SignedMessage(
            certificate: der ?? certificate.der, content: .content(content), scheme: .rsaPKCS1(.sha256),
            signature: try leafKey.signature(over: [1, 2, 3], scheme: .rsaPKCS1(.sha256)))
        return SignatureValidator(
            message, trust: trust,
            constraints: ValidationConstraints(acceptedKinds: accepted, revocation: policy), at: Self.now
        ).report(evidence)
    }
}

extension HeldList {
    /// With the digest of its DER.
    init(_ list: VerifiedList) { self.init(list, digest: HashAlgorithm.sha256.digest(of: list.list.der)) }
}

extension ValidationEvidence {
    static func gathered(
        ocsp: OCSPEvidence = .notAsked,
        lists: [VerifiedList] = [],
        missing: ListEvidence.MissingSources = .none,
        clock: ClockEvidence = .trusted,
        challenge: ChallengeEvidence = .notUsed
    ) -> ValidationEvidence {
        ValidationEvidence(
            ocsp: ocsp, lists: .held(lists.map { HeldList($0) }, missing: missing), clock: clock, challenge: challenge)
    }
}
