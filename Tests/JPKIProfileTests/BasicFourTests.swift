import CertificateIssuing
import JPKIProfile
import PKIX
import Testing

@Suite("Basic four attributes: lenient in reading, strict in writing")
struct BasicFourTests {
    private let regular: [GeneralName] = [
        attribute(.name, "見本　花子"), attribute(.birthDate, "419900102"), attribute(.gender, "2"),
        attribute(.address, "見本県見本市"), attribute(.nameSubstitutions, "00010"),
        attribute(.addressSubstitutions, "000000"),
    ]

    private func faults(_ names: [GeneralName]) -> [String] {
        BasicFourAttributes(names: names)?.irregularities.map { "\($0.attribute.rawValue):\($0.fault.rawValue)" } ?? []
    }

    private func replacing(_ changed: BasicFourAttribute, _ name: GeneralName?) -> [GeneralName] {
        regular.compactMap { item in
            guard case .otherName(let type, _) = item, type == changed.oid else { return item }
            return name
        }
    }

    @Test("Names without an attribute of the arc are no basic four")
    func none() {
        #expect(BasicFourAttributes(names: [.dNSName("localhost")]) == nil)
        #expect(BasicFourAttributes(names: []) == nil)
    }

    @Test("Flags of the wrong length are tolerated with a marker, and the positions that exist are kept")
    func wrongLength() throws {
        let short = replacing(.nameSubstitutions, attribute(.nameSubstitutions, "01"))
        #expect(faults(short) == ["name_substitutions:wrong_length"])
        let name = try #require(BasicFourAttributes(names: short)?.name)
        #expect(name.substitutions == [SubstitutionRange(index: 1, length: 1)])
        #expect(name.mayContainSubstitutions)
        let long = replacing(.nameSubstitutions, attribute(.nameSubstitutions, "00000011"))
        #expect(faults(long) == ["name_substitutions:wrong_length"])
        #expect(BasicFourAttributes(names: long)?.name?.substitutions.isEmpty == true)
    }

    @Test("Flags other than 0 and 1, an unknown gender and an undecodable text are marked")
    func malformedValues() throws {
        let flags = replacing(.nameSubstitutions, attribute(.nameSubstitutions, "00x10"))
        #expect(faults(flags) == ["name_substitutions:malformed"])
        #expect(faults(replacing(.gender, attribute(.gender, "9"))) == ["gender:malformed"])
        let octets = GeneralName.otherName(type: .jpkiAddress, value: [0x0C, 0x02, 0xFF, 0xFE])
        #expect(faults(replacing(.address, octets)) == ["address:undecodable"])
        #expect(BasicFourAttributes(names: replacing(.address, octets))?.address == nil)
        let trailing = GeneralName.otherName(type: .jpkiName, value: [0x0C, 0x01, 0x41, 0x00])
        #expect(faults(replacing(.name, trailing)) == ["name:undecodable"])
    }

    @Test("A missing attribute and a second one are marked, and the first one counts")
    func missingAndDuplicate() throws {
        #expect(faults(replacing(.birthDate, nil)) == ["birth_date:missing"])
        let twice = regular + [attribute(.name, "別人　太郎")]
        #expect(faults(twice) == ["name:duplicate"])
        #expect(BasicFourAttributes(names: twice)?.name?.text == "見本　花子")
    }

    @Test("An address over 200 characters is read and marked")
    func longAddress() {
        let text = String(repeating: "見", count: 201)
        let names: [GeneralName] =
            replacing(.address, attribute(.address, text)).filter { $0 != attribute(.addressSubstitutions, "000000") }
            + [attribute(.addressSubstitutions, String(repeating: "0", count: 201))]
        #expect(faults(names) == ["address:too_long"])
        #expect(BasicFourAttributes(names: names)?.address?.text == text)
    }

    @Test("A variation selector counts by scalar or with its base, as the setting says")
    func countingUnit() throws {
        let name = "葛\u{E0100}城　一"
        #expect(SubstitutedText(text: name, rawFlags: "00000").flagFaults.isEmpty)
        #expect(SubstitutedText(text: name, rawFlags: "0000").flagFaults == [.wrongLength])
        var rules = BasicFourRules()
        rules.countingUnit = .grapheme
        #expect(SubstitutedText(text: name, rawFlags: "0000", rules: rules).flagFaults.isEmpty)
        #expect(Array(SubstitutedText(text: name, rawFlags: "00000").text.unicodeScalars).contains("\u{E0100}"))
    }

    @Test("Compatibility ideographs and full-width forms are never normalised")
    func verbatim() throws {
        let text = "神\u{FA19}ＡＢ－１"
        let names = replacing(.name, attribute(.name, text))
        let read = try #require(BasicFourAttributes(names: names)?.name?.text)
        #expect(Array(read.utf8) == Array(text.utf8))
    }

    @Test("フリガナ, 旧氏 and unknown attributes under the arc are kept, others are passed over")
    func additional() throws {
        let kana = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 77)
        let foreign = OID(constant: 1, 2, 840, 1)
        let names =
            regular + [
                BasicFourDraft.otherName(kana, "ミホン　ハナコ"), BasicFourDraft.otherName(foreign, "x"),
                .otherName(type: kana, value: [0x02, 0x01, 0x05]),
            ]
        let attributes = try #require(BasicFourAttributes(names: names))
        #expect(attributes.additional.map(\.oid) == [kana, kana])
        #expect(attributes.additional.map(\.text) == ["ミホン　ハナコ", nil])
        #expect(attributes.irregularities.isEmpty)
        #expect(OIDClaims(attributes).additional.map(\.text) == ["ミホン　ハナコ"])
    }

    @Test("Claims carry normal forms beside the certificate's own text")
    func claims() throws {
        let claims = OIDClaims(try #require(BasicFourAttributes(names: regular)))
        #expect(claims.name == "見本　花子")
        #expect(claims.nameSubstitutions == [SubstitutionRange(index: 3, length: 1)])
        #expect(claims.rawNameSubstitutions == "00010")
        #expect(claims.address == "見本県見本市")
        #expect(claims.birthdate == "1990-01-02")
        #expect(claims.rawBirthdate == "419900102")
        #expect(claims.gender == "female")
        #expect(claims.genderCode == "2")
        #expect(claims.mayContainSubstitutions)
    }

    @Test("Neighbouring substituted characters are one run")
    func runs() {
        let text = SubstitutedText(text: "一二三四五", rawFlags: "11011")
        #expect(text.substitutions == [.init(index: 0, length: 2), .init(index: 3, length: 2)])
    }

    @Test("A draft that the profile forbids is not written")
    func strictWriting() {
        var draft = ProfileFixture.draft
        draft.birthDate = "519900102"
        #expect(throws: BasicFourError.self) { try draft.otherNames() }
        draft = ProfileFixture.draft
        draft.substitutedInName = [5]
        #expect(throws: BasicFourError.self) { try draft.otherNames() }
        draft = ProfileFixture.draft
        draft.address = String(repeating: "あ", count: 201)
        #expect(throws: BasicFourError.self) { try draft.otherNames() }
        draft = ProfileFixture.draft
        draft.name = ""
        #expect(throws: BasicFourError.self) { try draft.otherNames() }
    }

    @Test("What is written stands in the cards' order and reads back the same from a certificate")
    func roundTrip() throws {
        var draft = ProfileFixture.draft
        draft.substitutedInName = [0, 1]
        let names = try draft.otherNames()
        let order: [OID] = names.compactMap { if case .otherName(let type, _) = $0 { type } else { nil } }
        #expect(
            order == [
                .jpkiName, .jpkiBirthDate, .jpkiGender, .jpkiAddress, .jpkiNameSubstitutions,
                .jpkiAddressSubstitutions,
            ])
        let fixture = try ProfileFixture()
        let attributes = try #require(BasicFourAttributes(certificate: fixture.leaf(by: fixture.newer)))
        #expect(attributes.irregularities.isEmpty)
        #expect(attributes.name?.text == ProfileFixture.draft.name)
        #expect(attributes.address?.text == ProfileFixture.draft.address)
        #expect(attributes.birthDate?.value == "1990-01-02")
        #expect(attributes.gender?.code == .female)
    }

    @Test("The DER of an attribute is the one that cards show")
    func encoding() {
        var writer = DERWriter()
        writer.generalName(BasicFourDraft.otherName(.jpkiGender, "1"))
        #expect(
            writer.bytes.hexString
                == "A011060A2A83088C9B5508050503A0030C0131")
    }
}
