package import PKIX

/// How the attributes of a 署名用 certificate are read. What no public source settles is a setting.
package struct BasicFourRules: Hashable, Sendable {
    /// What one digit of the substitution flags stands for.
    package enum CountingUnit: String, CaseIterable, Sendable {
        /// A Unicode scalar value: a variation selector counts by itself.
        case scalar
        /// An extended grapheme cluster: a base and its variation selector count once.
        case grapheme
    }

    package var countingUnit = CountingUnit.scalar
    /// The longest address, in counting units, that is regular.
    package var longestAddress = 200

    package init() {}

    /// How many units `text` has.
    func count(_ text: String) -> Int {
        switch countingUnit {
        case .scalar: text.unicodeScalars.count
        case .grapheme: text.count
        }
    }
}

/// The attributes of the basic four with an encoding of their own.
package enum BasicFourAttribute: String, CaseIterable, Sendable {
    case name
    case nameSubstitutions = "name_substitutions"
    case gender
    case birthDate = "birth_date"
    case address
    case addressSubstitutions = "address_substitutions"

    package var oid: OID {
        switch self {
        case .name: .jpkiName
        case .nameSubstitutions: .jpkiNameSubstitutions
        case .gender: .jpkiGender
        case .birthDate: .jpkiBirthDate
        case .address: .jpkiAddress
        case .addressSubstitutions: .jpkiAddressSubstitutions
        }
    }

    init?(_ oid: OID) {
        guard let found = BasicFourAttribute.allCases.first(where: { $0.oid == oid }) else { return nil }
        self = found
    }
}

/// What about an attribute is not as the profile says. Reading goes on all the same.
package struct AttributeIrregularity: Hashable, Sendable {
    package enum Fault: String, CaseIterable, Sendable {
        case missing
        case duplicate
        /// Not a string that decodes.
        case undecodable
        /// More characters than the profile allows.
        case tooLong = "too_long"
        /// Substitution flags that are not one digit for each character.
        case wrongLength = "wrong_length"
        /// Characters that the encoding does not have, or a day that the calendar does not have.
        case malformed
        /// A date outside the era that its first digit names.
        case eraMismatch = "era_mismatch"
    }

    package let attribute: BasicFourAttribute
    package let fault: Fault
}
