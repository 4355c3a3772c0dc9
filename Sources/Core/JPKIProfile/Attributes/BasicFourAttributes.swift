package import PKIX

/// 基本4情報: what a 署名用 certificate says about its holder, read leniently, raw beside normal form.
package struct BasicFourAttributes: Hashable, Sendable {
    /// An attribute under J-LIS's arc that this program has no meaning for: フリガナ, 旧氏 and what is to come.
    package struct Additional: Hashable, Sendable {
        package let oid: OID
        /// Nil when the value is no string.
        package let text: String?
        /// The value's DER.
        package let encoding: ArraySlice<UInt8>
    }

    package let name: SubstitutedText?
    package let address: SubstitutedText?
    package let birthDate: BirthDate?
    package let gender: Gender?
    /// In encoded order; an identifier may stand more than once.
    package let additional: [Additional]
    /// Everything that is not as the profile says, in the order of ``BasicFourAttribute``.
    package let irregularities: [AttributeIrregularity]

    /// Reads the subjectAltName of `certificate`; nil when it has no attribute under J-LIS's arc, as in 利用者証明用.
    package init?(certificate: Certificate, rules: BasicFourRules = BasicFourRules()) {
        self.init(names: certificate.extensions.subjectAltName ?? [], rules: rules)
    }

    /// Reads general names; nil when there is no attribute under J-LIS's arc among them.
    package init?(names: [GeneralName], rules: BasicFourRules = BasicFourRules()) {
        var collected = CollectedAttributes()
        for case .otherName(let type, let value) in names where type.isUnder(.jpkiAttributes) {
            collected.add(type, value)
        }
        guard !collected.isEmpty else { return nil }
        let texts = collected.texts
        name = texts[.name].map { SubstitutedText(text: $0, rawFlags: texts[.nameSubstitutions], rules: rules) }
        address = texts[.address].map {
            SubstitutedText(text: $0, rawFlags: texts[.addressSubstitutions], rules: rules)
        }
        birthDate = texts[.birthDate].map { BirthDate(raw: $0) }
        gender = texts[.gender].map { Gender(raw: $0) }
        additional = collected.additional

        var faults = collected.faults
        faults[.nameSubstitutions, default: []] += name?.flagFaults.filter { $0 != .missing } ?? []
        faults[.addressSubstitutions, default: []] += address?.flagFaults.filter { $0 != .missing } ?? []
        faults[.birthDate, default: []] += birthDate?.faults ?? []
        if let gender, gender.code == nil { faults[.gender, default: []].append(.malformed) }
        if let address, rules.count(address.text) > rules.longestAddress {
            faults[.address, default: []].append(.tooLong)
        }
        irregularities = BasicFourAttribute.allCases.flatMap { attribute in
            (faults[attribute] ?? []).map { AttributeIrregularity(attribute: attribute, fault: $0) }
        }
    }
}

/// The attributes as they stand in the certificate, before any is interpreted.
private struct CollectedAttributes {
    private(set) var texts: [BasicFourAttribute: String] = [:]
    private(set) var additional: [BasicFourAttributes.Additional] = []
    private var own: [BasicFourAttribute: [AttributeIrregularity.Fault]] = [:]
    private var seen: Set<BasicFourAttribute> = []

    var isEmpty: Bool { seen.isEmpty && additional.isEmpty }

    mutating func add(_ type: OID, _ value: ArraySlice<UInt8>) {
        let text = CollectedAttributes.string(value)
        guard let attribute = BasicFourAttribute(type) else {
            additional.append(BasicFourAttributes.Additional(oid: type, text: text, encoding: value))
            return
        }
        // The first one counts.
        guard seen.insert(attribute).inserted else { return own[attribute, default: []].append(.duplicate) }
        texts[attribute] = text
        if text == nil { own[attribute, default: []].append(.undecodable) }
    }

    /// The faults seen so far, with those of attributes that are not there.
    var faults: [BasicFourAttribute: [AttributeIrregularity.Fault]] {
        var faults = own
        for attribute in BasicFourAttribute.allCases where !seen.contains(attribute) {
            faults[attribute, default: []].append(.missing)
        }
        return faults
    }

    private static func string(_ value: ArraySlice<UInt8>) -> String? {
        var reader = DERReader(value)
        guard let element = try? reader.next(), reader.isAtEnd else { return nil }
        return decodeString(tag: element.tag, element.contents)
    }
}
