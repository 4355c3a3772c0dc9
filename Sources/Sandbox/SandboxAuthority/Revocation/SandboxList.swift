import JPKIProfile
import Organizations
package import PKIX

/// One revocation list that the sandbox publishes: a whole one, or a municipality's part.
package struct SandboxList: Hashable, Sendable {
    package let authority: AuthorityID
    /// nil: every certificate of the authority, without issuingDistributionPoint.
    package let municipality: SandboxMunicipality?

    /// `sandbox-card-sign-g2/full` or `sandbox-card-sign-g2/992011`.
    package var id: String { "\(authority.text)/\(municipality?.code.digits ?? "full")" }

    /// Where the list is, below the sandbox's base URL.
    package var path: String { "/crl/\(id).crl" }

    /// The directory name in the list's critical issuingDistributionPoint; nil for a whole list.
    package var distributionPoint: DistinguishedName? {
        municipality.map { SandboxNames.distributionPoint(authority.kind, $0) }
    }

    /// Every list there is: for a card's authority the whole one and the three parts, for a telephone's the
    /// whole one when that is switched on.
    package static func all(_ smartphoneLists: SandboxSettings.SmartphoneLists) -> [SandboxList] {
        AuthorityID.all.flatMap { id -> [SandboxList] in
            let whole = SandboxList(authority: id, municipality: nil)
            guard id.kind.medium == .card else { return smartphoneLists == .published ? [whole] : [] }
            return [whole] + SandboxMunicipality.all.map { SandboxList(authority: id, municipality: $0) }
        }
    }
}

/// What was last published of a list.
package struct PublishedList: Sendable {
    package let list: SandboxList
    package let number: UInt64
    package let thisUpdate: ValidationTime
    package let nextUpdate: ValidationTime
    package let entryCount: Int
    package let der: [UInt8]
}
