import CertificateIssuing
import JPKIProfile
import Organizations
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation
import Verification

/// Lists of one town by day, of two generations of one authority that share a name, and certificates of both.
struct PastFixture {
    static let now = FixedClock().now
    static let day: Int64 = 86_400

    /// A number of days ago, at noon of the fixture.
    static func ago(_ days: Int64) -> ValidationTime { now.advanced(bySeconds: -days * day) }

    /// The second and the first generation.
    let generations: [IssuingAuthority]

    init() throws {
        let name = DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name)])
        generations = try [0, 1].map { index in
            try IssuingAuthority(
                root: name, key: .pooledRSA(index), serialNumber: SerialNumber(UInt64(index + 1)),
                notBefore: Self.ago(4_000), notAfter: Self.ago(-4_000))
        }
    }

    var trust: TrustSettings {
        let kind = KindProfile(
            kind: .cardDigitalSignature, policies: [.jpkiCardDigitalSignature], lists: .published,
            ocspURL: "http://ocsp.example/")
        return TrustSettings(
            issuers: zip(["g2", "g1"], generations).map { id, authority in
                Issuer(id: id, anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature])
            }, kinds: [.cardDigitalSignature: kind])
    }

    func certificate(
        _ serial: UInt64,
        of generation: Int = 0,
        until end: ValidationTime = ago(-400)
    ) throws -> Certificate {
        try generations[generation].issue(
            CertificateRequest(
                serialNumber: SerialNumber(serial),
                subject: DistinguishedName([(.country, "JP"), (.commonName, "SANDBOX0001")]),
                publicKeyInfo: SigningKey.pooledRSA(2).publicKeyInfo, notBefore: Self.ago(1_500), notAfter: end,
                extensions: [
                    .keyUsage([.digitalSignature, .nonRepudiation]),
                    .certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature)]),
                ]))
    }

    /// The list of a day, current for one day, numbered so that later days have higher numbers.
    func list(
        _ daysAgo: Int64,
        revoking serials: [UInt64] = [],
        at revokedAt: ValidationTime = ago(1_000),
        of generation: Int = 0
    ) throws -> HeldList {
        let authority = generations[generation]
        let tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: Self.ago(daysAgo),
            nextUpdate: Self.ago(daysAgo - 1),
            entries: serials.map {
                RevokedEntry(serialNumber: SerialNumber($0), revokedAt: revokedAt, reason: .affiliationChanged)
            },
            crlNumber: CRLNumber(UInt64(5_000 - daysAgo)))
        let list = try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        let verified = try VerifiedList.verify(list, key: PublicKey(authority.key.publicKeyInfo, suite: .current))
        return HeldList(verified, digest: HashAlgorithm.sha256.digest(of: list.der))
    }
}

/// Lists in memory with the rules of both ports: in force is the latest of each key, of then the latest of then.
struct KeptLists: ListProvider, ListArchive {
    var kept: [HeldList]
    /// Whether the issuer should have a list at all.
    var missing = ListEvidence.MissingSources.some

    private func newest(_ issuer: Issuer, _ isAllowed: (ValidationTime) -> Bool) -> ListEvidence {
        let own = kept.filter { $0.verified.issuerKey == issuer.anchor.subjectPublicKeyInfo }
        let found = own.filter { isAllowed($0.verified.list.thisUpdate) }
            .max { $0.verified.list.thisUpdate < $1.verified.list.thisUpdate }
        return .held(found.map { [$0] } ?? [], missing: found == nil ? missing : .none)
    }

    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        newest(issuer) { _ in true }
    }

    func lists(
        for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings, asOf time: ValidationTime
    ) async -> ListEvidence { newest(issuer) { $0 <= time } }
}
