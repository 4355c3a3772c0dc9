import CertificateIssuing
import JPKIProfile
import PKIX

/// The distinguished names of the sandbox, in the form that J-LIS's have.
enum SandboxNames {
    private static let country: (OID, String) = (.country, "JP")
    private static let organization: (OID, String) = (.organization, SandboxOrganization.name)

    private static func unit(_ kind: CertificateKind) -> (OID, String) {
        let text =
            switch kind {
            case .cardDigitalSignature: "JPKI for digital signature"
            case .cardUserAuthentication: "JPKI for user authentication"
            case .smartphoneDigitalSignature: "JPKI for mobile digital signature"
            case .smartphoneUserAuthentication: "JPKI for mobile user authentication"
            }
        return (.organizationalUnit, text)
    }

    /// The name that both generations of a kind's authority share.
    static func authority(_ kind: CertificateKind) -> DistinguishedName {
        DistinguishedName([country, organization, unit(kind), (.organizationalUnit, "Akashi sandbox, not J-LIS")])
    }

    /// The authority's alternative name, and its certificates' issuerAltName.
    static func alternative(_ kind: CertificateKind) -> DistinguishedName {
        let use = kind.use == .digitalSignature ? "署名用" : "利用者証明用"
        return DistinguishedName([
            country, (.organization, "公的個人認証サービス（サンドボックス）"),
            (.organizationalUnit, "模擬認証局\(kind.medium == .card ? "" : "移動端末設備用")\(use)"),
        ])
    }

    /// The directory entry under which a municipality's list stands.
    static func distributionPoint(_ kind: CertificateKind, _ municipality: SandboxMunicipality) -> DistinguishedName {
        DistinguishedName([
            country, organization, unit(kind), (.organizationalUnit, "CRL Distribution Points"),
            (.organizationalUnit, municipality.prefectureLabel), (.commonName, "\(municipality.label) CRLDP"),
        ])
    }

    static func responder(_ medium: CertificateKind.Medium, _ name: String = "OCSP responder") -> DistinguishedName {
        DistinguishedName([
            country, organization, (.commonName, "\(name), \(medium == .card ? "cards" : "smartphones")"),
        ])
    }

    /// 署名用 of cards names the municipality; the others say nothing but the opaque id.
    static func subject(
        _ kind: CertificateKind,
        _ municipality: SandboxMunicipality,
        opaqueID: String
    ) -> DistinguishedName {
        guard kind == .cardDigitalSignature else { return DistinguishedName([country, (.commonName, opaqueID)]) }
        return DistinguishedName([
            country, (.locality, municipality.prefectureLabel), (.locality, municipality.label),
            (.commonName, opaqueID),
        ])
    }
}
