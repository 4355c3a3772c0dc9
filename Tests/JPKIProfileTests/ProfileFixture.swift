import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import SignatureAlgorithms

/// Two generations of a 署名用 authority that share one name, and what a certificate of theirs looks like.
struct ProfileFixture {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    static let start = now.advanced(bySeconds: -86_400 * 365)
    static let end = now.advanced(bySeconds: 86_400 * 365 * 4)

    static let name = DistinguishedName([
        (.country, "JP"), (.organization, SandboxOrganization.name),
        (.organizationalUnit, "JPKI for digital signature"),
    ])

    let older: IssuingAuthority
    let newer: IssuingAuthority
    let leafKey: SigningKey

    init() throws {
        older = try IssuingAuthority(
            root: Self.name, key: .pooledRSA(0), serialNumber: SerialNumber(1), notBefore: Self.start,
            notAfter: Self.end)
        newer = try IssuingAuthority(
            root: Self.name, key: .pooledRSA(1), serialNumber: SerialNumber(2), notBefore: Self.start,
            notAfter: Self.end)
        leafKey = try .pooledRSA(2)
    }

    var settings: TrustSettings {
        TrustSettings(
            issuers: [
                Issuer(id: "older", anchor: TrustAnchor(older.certificate), kinds: [.cardDigitalSignature]),
                Issuer(id: "newer", anchor: TrustAnchor(newer.certificate), kinds: [.cardDigitalSignature]),
            ],
            kinds: [.cardDigitalSignature: Self.profile, .cardUserAuthentication: Self.authenticationProfile])
    }

    static let profile = KindProfile(
        kind: .cardDigitalSignature, policies: [.jpkiCardDigitalSignature], lists: .published, ocspURL: nil)
    static let authenticationProfile = KindProfile(
        kind: .cardUserAuthentication, policies: [.jpkiCardUserAuthentication], lists: .published, ocspURL: nil)

    /// A regular 署名用 certificate of `authority`, spoiled by `defects`.
    func leaf(by authority: IssuingAuthority, _ defects: CertificateDefect...) throws -> Certificate {
        let request = CertificateRequest(
            serialNumber: SerialNumber(0x0132_C4AB),
            subject: DistinguishedName([(.country, "JP"), (.commonName, "SANDBOX0001")]),
            publicKeyInfo: leafKey.publicKeyInfo, notBefore: Self.start, notAfter: Self.end,
            extensions: [
                .keyUsage(CertificateKind.cardDigitalSignature.keyUsage),
                .certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature, cps: "http://cps.example/")]),
                .subjectAltName(try Self.draft.otherNames()),
            ])
        return try authority.issue(request, defects: defects)
    }

    static let draft = BasicFourDraft(
        name: "見本　花子", address: "見本県見本市見本町一丁目１番１号", birthDate: "419900102", gender: .female)
}

/// The otherName with this attribute and text, as in a subjectAltName.
func attribute(_ attribute: BasicFourAttribute, _ text: String) -> GeneralName {
    BasicFourDraft.otherName(attribute.oid, text)
}
