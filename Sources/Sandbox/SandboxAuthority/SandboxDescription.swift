internal import CertificateIssuing
package import JPKIProfile
package import PKIX
internal import PathValidation

/// Everything that a platform's configuration needs to trust and ask a sandbox.
package struct SandboxDescription: Sendable {
    package struct IssuerEntry: Sendable {
        /// `sandbox-card-sign-g2`.
        package let id: String
        package let kind: CertificateKind
        package let generation: Generation
        package let certificate: Certificate

        package var certificatePEM: String { PEM.Block(label: "CERTIFICATE", bytes: certificate.der).text }
    }

    package struct ListEntry: Sendable {
        /// `sandbox-card-sign-g2/full`, `sandbox-card-sign-g2/992011`.
        package let id: String
        package let issuerID: String
        package let url: String
        /// The directory name of the critical issuingDistributionPoint; nil for a list of every certificate.
        package let distributionPoint: DistinguishedName?
        package let municipality: SandboxMunicipality?
    }

    package let baseURL: String
    package let issuers: [IssuerEntry]
    /// Policies, key usage, list availability and responder of each kind.
    package let profiles: [KindProfile]
    /// Whole lists and municipal ones. A platform needs either the whole list or every municipal one of an issuer.
    package let lists: [ListEntry]
    /// The three; ``lists`` name a nation's others.
    package let municipalities: [SandboxMunicipality]

    /// The trust settings that this amounts to.
    package var trustSettings: TrustSettings {
        TrustSettings(
            issuers: issuers.map { Issuer(id: $0.id, anchor: TrustAnchor($0.certificate), kinds: [$0.kind]) },
            kinds: Dictionary(uniqueKeysWithValues: profiles.map { ($0.kind, $0) }))
    }
}

extension Sandbox {
    package var description: SandboxDescription {
        SandboxDescription(
            baseURL: baseURL,
            issuers: AuthorityID.all.compactMap { id in
                authorities.all[id].map { keys in
                    SandboxDescription.IssuerEntry(
                        id: id.text, kind: id.kind, generation: id.generation, certificate: keys.issuing.certificate)
                }
            },
            profiles: CertificateKind.allCases.map { kind in
                let hasLists = kind.medium == .card || settings.smartphoneLists == .published
                return KindProfile(
                    kind: kind, policies: [kind.sandboxPolicy], lists: hasLists ? .published : .none,
                    ocspURL: baseURL + kind.medium.ocspPath)
            },
            lists: SandboxList.all(settings).map { list in
                SandboxDescription.ListEntry(
                    id: list.id, issuerID: list.authority.text, url: baseURL + list.path,
                    distributionPoint: list.distributionPoint, municipality: list.municipality)
            },
            municipalities: SandboxMunicipality.all)
    }
}
