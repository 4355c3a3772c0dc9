internal import JPKIProfile
internal import PKIX
package import Verification

/// `claims`: attributes of the person, by their OpenID Connect names, each beside the certificate's own text.
///
/// Exists in the answer of the call that verified them and nowhere else.
package struct ClaimsBody: Codable, Hashable, Sendable {
    package struct Address: Codable, Hashable, Sendable {
        package var formatted: String
    }

    package struct Substitution: Codable, Hashable, Sendable {
        package var index: Int
        package var length: Int
    }

    /// The certificate's own strings.
    package struct Raw: Codable, Hashable, Sendable {
        package var nameSubstitutions: String?
        package var addressSubstitutions: String?
        package var birthdate: String?

        enum CodingKeys: String, CodingKey {
            case nameSubstitutions = "name_substitutions"
            case addressSubstitutions = "address_substitutions"
            case birthdate
        }
    }

    package var name: String?
    package var nameSubstitutions: [Substitution]?
    package var address: Address?
    package var addressSubstitutions: [Substitution]?
    package var birthdate: String?
    package var gender: String?
    package var genderCode: String?
    /// What the substitutions count: `scalar` or `grapheme`.
    package var substitutionUnit: String?
    package var raw: Raw

    enum CodingKeys: String, CodingKey {
        case name, address, birthdate, gender, raw
        case nameSubstitutions = "name_substitutions"
        case addressSubstitutions = "address_substitutions"
        case genderCode = "gender_code"
        case substitutionUnit = "substitution_unit"
    }

    /// Only what was asked for.
    package init(_ claims: DisclosedClaims) {
        let values = claims.values
        raw = Raw()
        if claims.requested.contains(.name) {
            name = values.name
            nameSubstitutions = values.nameSubstitutions.map { Substitution(index: $0.index, length: $0.length) }
            raw.nameSubstitutions = values.rawNameSubstitutions
        }
        if claims.requested.contains(.address) {
            address = values.address.map { Address(formatted: $0) }
            addressSubstitutions = values.addressSubstitutions.map { Substitution(index: $0.index, length: $0.length) }
            raw.addressSubstitutions = values.rawAddressSubstitutions
        }
        if !claims.requested.isDisjoint(with: [.name, .address]) { substitutionUnit = values.countingUnit.rawValue }
        if claims.requested.contains(.birthdate) {
            birthdate = values.birthdate
            raw.birthdate = values.rawBirthdate
        }
        if claims.requested.contains(.gender) {
            gender = values.gender
            genderCode = values.genderCode
        }
    }
}
