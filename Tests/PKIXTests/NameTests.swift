import PKIX
import Testing

@Suite("Names are compared as RFC 5280 §7.1 says")
struct NameTests {
    private func name(_ text: String, tag: DERTag = .utf8String, type: OID = .commonName) -> DistinguishedName {
        let value =
            tag == .bmpString
            ? text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } : Array(text.utf8)
        return DistinguishedName(relativeNames: [[NameAttribute(type: type, valueTag: tag, value: value[...])]])
    }

    @Test("another text, type or number of RDNs is another name")
    func different() {
        #expect(name("JPKI") != name("JPK"))
        #expect(name("JPKI") != name("JPKI", type: .organization))
        #expect(name("JPKI") != DistinguishedName([(.commonName, "JPKI"), (.commonName, "JPKI")]))
        #expect(name("ａ") != name("a"), "full and half width are different")
    }

    @Test(
        "case, string type and insignificant space do not count",
        arguments: [
            ("JPKI", DERTag.printableString), ("jpki", .utf8String),
            ("  J p k i".replacing(" ", with: ""), .utf8String),
            ("JPKI", .bmpString), (" JPKI  ", .utf8String),
        ])
    func equal(_ text: String, _ tag: DERTag) {
        #expect(name(text, tag: tag) == name("JPKI"))
        #expect(Set([name(text, tag: tag)]).contains(name("JPKI")))
    }

    @Test("inner space collapses to one and does not vanish")
    func space() {
        #expect(name("a  b") == name("A B"))
        #expect(name("ab") != name("a b"))
    }

    @Test("canonically equivalent characters are equal, variation selectors are not dropped")
    func unicode() {
        #expect(name("\u{304B}\u{3099}") == name("\u{304C}"))
        #expect(name("葛\u{E0100}") != name("葛\u{E0101}"))
        #expect(name("葛\u{E0100}") != name("葛"))
    }

    @Test("more marks on one character than any writing has are compared octet by octet, so that comparing ends")
    func runsOfMarks() {
        func marks(_ pair: String, _ count: Int) -> DistinguishedName {
            name("a" + String(repeating: pair, count: count / 2))
        }
        let (one, other) = ("\u{301}\u{323}", "\u{323}\u{301}")
        #expect(marks(one, 30) == marks(other, 30))
        #expect(marks(one, 32) != marks(other, 32))
        let long = marks(one, 1_000_000)
        #expect(long == marks(one, 1_000_000) && long != marks(other, 1_000_000))
        #expect(Set([long, marks(other, 1_000_000)]).count == 2)
    }

    @Test("a value that is no valid string equals only itself")
    func invalidString() {
        let broken = DistinguishedName(
            relativeNames: [[NameAttribute(type: .commonName, valueTag: .utf8String, value: [0xFF, 0x41])]])
        #expect(broken == broken)
        #expect(broken != name("A"))
    }

    @Test("the order of attributes within an RDN does not count")
    func multiValued() {
        func pair(_ first: String, _ second: String) -> DistinguishedName {
            DistinguishedName(relativeNames: [
                [first, second].map {
                    NameAttribute(type: .organizationalUnit, valueTag: .utf8String, value: Array($0.utf8)[...])
                }
            ])
        }
        #expect(pair("a", "b") == pair("B", "A"))
        #expect(pair("a", "b") != pair("a", "a"))
    }

    @Test("a subtree begins with its base")
    func subtree() {
        let base = DistinguishedName([(.country, "JP"), (.organization, "JPKI")])
        let below = DistinguishedName([(.country, "jp"), (.organization, "jpki"), (.commonName, "x")])
        let prefix = base.preparedRelativeNames
        #expect(below.preparedRelativeNames.starts(with: prefix))
        #expect(!DistinguishedName([(.organization, "JPKI")]).preparedRelativeNames.starts(with: prefix))
    }

    @Test("names with an attribute twice do not share one hash")
    func repeatedAttributes() {
        func twice(_ text: String) -> DistinguishedName {
            let attribute = NameAttribute(type: .commonName, valueTag: .utf8String, value: Array(text.utf8)[...])
            return DistinguishedName(relativeNames: [[attribute, attribute]])
        }
        let hashes = Set((0..<64).map { twice("\($0)").hashValue })
        #expect(hashes.count > 60, "an indirect list names an issuer an entry: one hash for all makes it quadratic")
    }

    @Test("an empty RDN, and more attributes than the limit, are refused")
    func malformed() throws {
        let empty = DERWriter.encode(.sequence) { $0.append(.set, []) }
        #expect(throws: DERError.self) { try DistinguishedName(DERReader.single(.sequence, empty[...], in: "Name")) }
        let many = DistinguishedName((0...DecodingLimit.nameAttributes).map { (OID.commonName, String($0)) })
        #expect(throws: DERError(.limitExceeded, in: "Name")) {
            try DistinguishedName(DERReader.single(.sequence, many.encoding, in: "Name"))
        }
    }

    @Test(
        "every kind of general name is written and read",
        arguments: [
            GeneralName.rfc822Name("a@example.jp"), .dNSName("example.jp"),
            .uniformResourceIdentifier("http://example.jp/x"),
            .iPAddress([192, 0, 2, 1]), .registeredID(.commonName),
            .directoryName(DistinguishedName([(.country, "JP")])),
            .otherName(type: .commonName, value: [0x0C, 0x01, 0x41]), .x400Address([0x30, 0x00]),
            .ediPartyName([0x81, 0x00]),
        ])
    func generalName(_ name: GeneralName) throws {
        var writer = DERWriter()
        writer.generalName(name)
        var reader = DERReader(writer.bytes)
        #expect(try GeneralName(reader.next()) == name)
    }
}
