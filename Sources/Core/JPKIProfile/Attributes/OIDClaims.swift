package import PKIX

/// The basic four attributes as OpenID Connect claims, each with the certificate's own text beside it.
package struct OIDClaims: Hashable, Sendable {
    package struct Additional: Hashable, Sendable {
        package let oid: OID
        package let text: String
    }

    package let name: String?
    package let nameSubstitutions: [SubstitutionRange]
    /// The flags as they stand in the certificate.
    package let rawNameSubstitutions: String?
    /// `address.formatted`.
    package let address: String?
    package let addressSubstitutions: [SubstitutionRange]
    package let rawAddressSubstitutions: String?
    /// `YYYY-MM-DD`, or as much of it as is known.
    package let birthdate: String?
    /// `EYYYYMMDD`.
    package let rawBirthdate: String?
    /// `male` or `female`; nil otherwise.
    package let gender: String?
    /// `1`, `2`, `3`, or whatever stood there.
    package let genderCode: String?
    /// What ``nameSubstitutions`` and ``addressSubstitutions`` count.
    package let countingUnit: BasicFourRules.CountingUnit
    /// Whether name or address may hold a 代替文字: staff are told so.
    package let mayContainSubstitutions: Bool
    /// フリガナ, 旧氏 and other attributes under J-LIS's arc whose value is text.
    package let additional: [Additional]

    package init(_ attributes: BasicFourAttributes, rules: BasicFourRules = BasicFourRules()) {
        name = attributes.name?.text
        nameSubstitutions = attributes.name?.substitutions ?? []
        rawNameSubstitutions = attributes.name?.rawFlags
        address = attributes.address?.text
        addressSubstitutions = attributes.address?.substitutions ?? []
        rawAddressSubstitutions = attributes.address?.rawFlags
        birthdate = attributes.birthDate?.value
        rawBirthdate = attributes.birthDate?.raw
        gender = attributes.gender?.claim
        genderCode = attributes.gender?.raw
        countingUnit = rules.countingUnit
        mayContainSubstitutions =
            attributes.name?.mayContainSubstitutions ?? false || attributes.address?.mayContainSubstitutions ?? false
        additional = attributes.additional.compactMap { item in
            item.text.map { Additional(oid: item.oid, text: $0) }
        }
    }
}
