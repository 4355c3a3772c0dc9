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

    /// The names in that extension and in the certificates: the directory name, and for a nation's partitions also
    /// where the list is.
    func pointNames(below baseURL: String) -> [GeneralName] {
        guard let name = distributionPoint, let municipality else { return [] }
        let location = GeneralName.uniformResourceIdentifier(baseURL + path)
        return [.directoryName(name)] + (municipality.role == .partition ? [location] : [])
    }

    /// Whether the list is one of a nation's partitions.
    package var isPartition: Bool { municipality?.role == .partition }

    /// The authority whose certificates a nation's partitions are about: 署名用, second generation.
    static let partitionedAuthority = AuthorityID(.cardDigitalSignature, .second)

    /// Every list there is: for a card's authority the whole one and the three parts, for a telephone's the
    /// whole one when that is switched on; then the nation's partitions.
    package static func all(_ settings: SandboxSettings) -> [SandboxList] {
        let lists = AuthorityID.all.flatMap { id -> [SandboxList] in
            let whole = SandboxList(authority: id, municipality: nil)
            guard id.kind.medium == .card else { return settings.smartphoneLists == .published ? [whole] : [] }
            return [whole] + SandboxMunicipality.all.map { SandboxList(authority: id, municipality: $0) }
        }
        return lists
            + settings.partitions.municipalities.map {
                SandboxList(authority: partitionedAuthority, municipality: $0)
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
    /// nil for a nation's partitions, which are made when they are asked for: together they are a gigabyte.
    package let der: [UInt8]?
}
