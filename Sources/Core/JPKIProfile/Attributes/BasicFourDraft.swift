package import PKIX

/// The basic four attributes to be written into a certificate: the strict side of ``BasicFourAttributes``.
package struct BasicFourDraft: Hashable, Sendable {
    package var name: String
    /// Units of ``name`` that are 代替文字.
    package var substitutedInName: Set<Int> = []
    package var address: String
    package var substitutedInAddress: Set<Int> = []
    /// `EYYYYMMDD`.
    package var birthDate: String
    package var gender: Gender.Code
    package var additional: [AdditionalAttribute] = []

    package struct AdditionalAttribute: Hashable, Sendable {
        package let oid: OID
        package let text: String

        package init(oid: OID, text: String) { (self.oid, self.text) = (oid, text) }
    }

    package init(name: String, address: String, birthDate: String, gender: Gender.Code) {
        (self.name, self.address, self.birthDate, self.gender) = (name, address, birthDate, gender)
    }

    /// The otherNames in the order that cards show: .1, .4, .3, .5, .2, .6, then the additional ones.
    ///
    /// - Throws: ``BasicFourError`` for an attribute that the profile does not allow.
    package func otherNames(rules: BasicFourRules = BasicFourRules()) throws(BasicFourError) -> [GeneralName] {
        guard !name.isEmpty else { throw BasicFourError(.name, .missing) }
        guard !address.isEmpty else { throw BasicFourError(.address, .missing) }
        guard rules.count(address) <= rules.longestAddress else { throw BasicFourError(.address, .tooLong) }
        if let fault = BirthDate(raw: birthDate).faults.first { throw BasicFourError(.birthDate, fault) }
        let nameFlags = try BasicFourDraft.flags(name, substitutedInName, .nameSubstitutions, rules)
        let addressFlags = try BasicFourDraft.flags(address, substitutedInAddress, .addressSubstitutions, rules)
        for item in additional where !item.oid.isUnder(.jpkiAttributes) || BasicFourAttribute(item.oid) != nil {
            throw BasicFourError(nil, .malformed)
        }
        let values: [(OID, String)] = [
            (.jpkiName, name), (.jpkiBirthDate, birthDate), (.jpkiGender, gender.rawValue), (.jpkiAddress, address),
            (.jpkiNameSubstitutions, nameFlags), (.jpkiAddressSubstitutions, addressFlags),
        ]
        return (values + additional.map { ($0.oid, $0.text) }).map { BasicFourDraft.otherName($0, $1) }
    }

    /// One attribute: the identifier and an explicit UTF8String.
    package static func otherName(_ oid: OID, _ text: String) -> GeneralName {
        var writer = DERWriter()
        writer.utf8String(text)
        return .otherName(type: oid, value: writer.bytes[...])
    }

    private static func flags(
        _ text: String,
        _ positions: Set<Int>,
        _ attribute: BasicFourAttribute,
        _ rules: BasicFourRules
    ) throws(BasicFourError) -> String {
        let count = rules.count(text)
        guard positions.allSatisfy({ (0..<count).contains($0) }) else { throw BasicFourError(attribute, .wrongLength) }
        return (0..<count).map { positions.contains($0) ? "1" : "0" }.joined()
    }
}

/// Why attributes were not written. Carries no attribute's value.
package struct BasicFourError: Error, Hashable, Sendable {
    /// Nil for an additional attribute.
    package let attribute: BasicFourAttribute?
    package let fault: AttributeIrregularity.Fault

    init(_ attribute: BasicFourAttribute?, _ fault: AttributeIrregularity.Fault) {
        (self.attribute, self.fault) = (attribute, fault)
    }
}
