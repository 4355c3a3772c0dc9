import CertificateIssuing
import PKIX
import PathValidation
import Testing

/// The rows of the tests below.
enum NameCases {
    /// One name, one constraint, and whether the name lies inside.
    struct Case: CustomTestStringConvertible {
        let name: GeneralName
        let base: GeneralName
        let isInside: Bool

        init(_ name: GeneralName, _ base: GeneralName, _ isInside: Bool) {
            (self.name, self.base, self.isInside) = (name, base, isInside)
        }

        var testDescription: String { "\(name) \(isInside ? "in" : "not in") \(base)" }
    }

    static let cases: [Case] = dNSNames + mailboxes + uris + addresses + directoryNames

    static let dNSNames: [Case] = [
        Case(.dNSName("example.jp"), .dNSName("example.jp"), true),
        Case(.dNSName("a.b.example.jp"), .dNSName("example.jp"), true),
        Case(.dNSName("EXAMPLE.jp."), .dNSName("example.JP"), true),
        Case(.dNSName("badexample.jp"), .dNSName("example.jp"), false),
        Case(.dNSName("example.jp.evil"), .dNSName("example.jp"), false),
        Case(.dNSName("jp"), .dNSName("example.jp"), false),
        Case(.dNSName("any.thing"), .dNSName(""), true),
        Case(.dNSName("*.example.jp"), .dNSName("example.jp"), true),
    ]

    static let mailboxes: [Case] = [
        Case(.rfc822Name("a@example.jp"), .rfc822Name("a@EXAMPLE.jp"), true),
        Case(.rfc822Name("A@example.jp"), .rfc822Name("a@example.jp"), false),
        Case(.rfc822Name("a@example.jp"), .rfc822Name("example.jp"), true),
        Case(.rfc822Name("a@mail.example.jp"), .rfc822Name("example.jp"), false),
        Case(.rfc822Name("a@mail.example.jp"), .rfc822Name(".example.jp"), true),
        Case(.rfc822Name("a@example.jp"), .rfc822Name(".example.jp"), false),
    ]

    static let uris: [Case] = [
        Case(.uniformResourceIdentifier("https://example.jp/a"), .uniformResourceIdentifier("example.jp"), true),
        Case(
            .uniformResourceIdentifier("ldap://u@EXAMPLE.jp:389/x?y#z"), .uniformResourceIdentifier("example.jp"), true),
        Case(.uniformResourceIdentifier("https://a.example.jp"), .uniformResourceIdentifier("example.jp"), false),
        Case(.uniformResourceIdentifier("https://a.example.jp"), .uniformResourceIdentifier(".example.jp"), true),
        Case(.uniformResourceIdentifier("https://example.jp"), .uniformResourceIdentifier(".example.jp"), false),
        Case(
            .uniformResourceIdentifier("https://evil/?@example.jp"), .uniformResourceIdentifier("example.jp"), false),
    ]

    static let addresses: [Case] = [
        Case(.iPAddress([10, 0, 0, 1]), .iPAddress([10, 0, 0, 0, 255, 0, 0, 0]), true),
        Case(.iPAddress([11, 0, 0, 1]), .iPAddress([10, 0, 0, 0, 255, 0, 0, 0]), false),
        Case(.iPAddress([10, 0, 0, 127]), .iPAddress([10, 0, 0, 0, 255, 255, 255, 128]), true),
        Case(.iPAddress([10, 0, 0, 128]), .iPAddress([10, 0, 0, 0, 255, 255, 255, 128]), false),
        Case(
            .iPAddress([UInt8](repeating: 1, count: 16)[...]),
            .iPAddress(([UInt8](repeating: 1, count: 16) + [UInt8](repeating: 255, count: 16))[...]), true),
        Case(.iPAddress([UInt8](repeating: 1, count: 16)[...]), .iPAddress([0, 0, 0, 0, 0, 0, 0, 0]), false),
    ]

    static let directoryNames: [Case] = [
        Case(
            .directoryName(TestPKI.name("x")),
            .directoryName(DistinguishedName([(.country, "JP"), (.organization, "AKASHI  test")])), true),
        Case(
            .directoryName(TestPKI.name("x")),
            .directoryName(DistinguishedName([(.organization, "Akashi test")])), false),
        Case(.directoryName(TestPKI.name("x")), .directoryName(TestPKI.name("y")), false),
        Case(.directoryName(TestPKI.name("x")), .directoryName(DistinguishedName([])), true),
    ]

    static let undecidable: [(GeneralName, GeneralName)] = [
        (.dNSName(""), .dNSName("example.jp")),
        (.dNSName("a..jp"), .dNSName("example.jp")),
        (.rfc822Name("no mailbox"), .rfc822Name("example.jp")),
        (.uniformResourceIdentifier("urn:x"), .uniformResourceIdentifier("example.jp")),
        (.uniformResourceIdentifier("https://192.0.2.1/"), .uniformResourceIdentifier("example.jp")),
        (.uniformResourceIdentifier("https://[2001:db8::1]/"), .uniformResourceIdentifier("example.jp")),
        (.iPAddress([1, 2, 3]), .iPAddress([0, 0, 0, 0, 0, 0, 0, 0])),
        (.x400Address([0x30, 0x00]), .x400Address([0x30, 0x00])),
        (.ediPartyName([0xA1, 0x00]), .ediPartyName([0xA1, 0x00])),
        (.registeredID(.sha256), .registeredID(.sha256)),
        (
            .otherName(type: TestPKI.policyA, value: [0x05, 0x00]),
            .otherName(type: TestPKI.policyA, value: [0x05, 0x00])
        ),
    ]
}

/// RFC 5280 §6.1.3 (b), (c), §6.1.4 (g), §4.2.1.10.
@Suite("Name constraints")
struct NameConstraintTests {
    /// A leaf with one alternative name and a subject that no case's directory name constrains away.
    private func judge(_ names: [GeneralName], _ constraints: Extension, subject: DistinguishedName? = nil) throws
        -> PathReport
    {
        let root = try TestPKI.root()
        let ca = try root.ca("CA", [constraints])
        let san = Extension(
            id: .subjectAltName, critical: true,
            value: DERWriter.encode(.sequence) { list in names.forEach { list.generalName($0) } })
        let leaf = try ca.leaf(names.isEmpty ? [] : [san], subject: subject ?? DistinguishedName([]))
        return root.judge(leaf, through: [ca])
    }

    @Test("A name outside the permitted subtree is refused, one inside is not (b)", arguments: NameCases.cases)
    func permitted(example: NameCases.Case) throws {
        let report = try judge([example.name], .nameConstraints(permitted: [example.base]))
        #expect(report.result == (example.isInside ? .valid : .invalid))
        if !example.isInside { #expect(report.failed == [.nameConstraints]) }
    }

    @Test("A name inside an excluded subtree is refused, one outside is not (c)", arguments: NameCases.cases)
    func excluded(example: NameCases.Case) throws {
        let report = try judge([example.name], .nameConstraints(excluded: [example.base]))
        #expect(report.result == (example.isInside ? .invalid : .valid))
    }

    @Test("A wildcard is excluded as soon as one name that it stands for is")
    func wildcard() throws {
        let excluded = Extension.nameConstraints(excluded: [.dNSName("secret.example.jp")])
        #expect(try judge([.dNSName("*.example.jp")], excluded).result == .invalid)
        #expect(try judge([.dNSName("*.other.jp")], excluded).result == .valid)
        let permitted = Extension.nameConstraints(permitted: [.dNSName("one.example.jp")])
        #expect(try judge([.dNSName("*.example.jp")], permitted).result == .invalid)
    }

    @Test("What cannot be judged is refused, permitted or excluded", arguments: NameCases.undecidable.indices)
    func undecidable(index: Int) throws {
        let (name, base) = NameCases.undecidable[index]
        #expect(try judge([name], .nameConstraints(permitted: [base])).failed == [.nameConstraints])
        #expect(try judge([name], .nameConstraints(excluded: [base])).failed == [.nameConstraints])
    }

    @Test("A constraint on a form that no name has does not matter")
    func otherForm() throws {
        let report = try judge([.dNSName("a.jp")], .nameConstraints(permitted: [.registeredID(.sha256)]))
        #expect(report.result == .valid)
    }

    @Test(
        "A malformed constraint fails whatever the names are",
        arguments: [
            GeneralName.dNSName(".example.jp"), .iPAddress([1, 2, 3, 4]), .iPAddress([10, 0, 0, 0, 255, 0, 255, 0]),
        ])
    func malformed(base: GeneralName) throws {
        let report = try judge([.rfc822Name("a@b.jp")], .nameConstraints(excluded: [base]))
        #expect(report.failed == [.nameConstraints])
    }

    @Test("A mailbox in the subject counts when the alternative names have none")
    func mailboxInSubject() throws {
        let subject = DistinguishedName(relativeNames: [
            [NameAttribute(type: .emailAddress, valueTag: .ia5String, value: Array("a@evil.jp".utf8)[...])]
        ])
        let constraint = Extension.nameConstraints(permitted: [.rfc822Name("example.jp")])
        #expect(try judge([], constraint, subject: subject).failed == [.nameConstraints])
        #expect(try judge([.rfc822Name("a@example.jp")], constraint, subject: subject).result == .valid)
    }

    @Test("Each CA's permitted subtrees narrow the ones above (§6.1.4 (g))")
    func intersection() throws {
        let root = try TestPKI.root()
        let first = try root.ca("First", [.nameConstraints(permitted: [.dNSName("jp")])])
        let second = try first.ca("Second", [.nameConstraints(permitted: [.dNSName("example.jp"), .dNSName("com")])])
        func judge(_ host: String) throws -> ValidationResult {
            root.judge(try second.leaf([.subjectAltName([.dNSName(host)])]), through: [first, second]).result
        }
        #expect(try judge("a.example.jp") == .valid)
        #expect(try judge("a.com") == .invalid)
        #expect(try judge("a.jp") == .invalid)
    }

    @Test("A self-issued CA certificate is not constrained, a self-issued leaf is (b)")
    func selfIssued() throws {
        let root = try TestPKI.root()
        let constraint = Extension.nameConstraints(excluded: [.directoryName(TestPKI.name("CA"))])
        let old = try root.ca("CA", [constraint])
        let new = try old.ca("CA", seed: "new")
        #expect(root.judge(try new.leaf(), through: [old, new]).result == .valid)
        let leaf = try old.leaf(subject: TestPKI.name("CA"))
        #expect(root.judge(leaf, through: [old]).failed == [.nameConstraints])
    }

    @Test("A thousand names under a thousand constraints are judged")
    func manyNamesAndConstraints() throws {
        let names = (0..<1_000).map { GeneralName.dNSName("host\($0).example.jp") }
        let bases = (0..<1_000).map { GeneralName.dNSName("other\($0).example.com") }
        #expect(try judge(names, .nameConstraints(excluded: bases)).result == .valid)
        #expect(try judge(names, .nameConstraints(permitted: bases)).failed == [.nameConstraints])
        #expect(try judge(names, .nameConstraints(excluded: bases + [names[999]])).failed == [.nameConstraints])
    }

    @Test("More comparisons than the budget allows leave the result undetermined")
    func budget() throws {
        let root = try TestPKI.root()
        var authorities: [IssuingAuthority] = []
        for depth in 0..<10 {
            let constraint = Extension.nameConstraints(permitted: [.dNSName("jp")])
            authorities.append(try (authorities.last ?? root).ca("CA \(depth)", [constraint]))
        }
        let names = (0..<4_000).map { GeneralName.dNSName("\($0).jp") }
        let leaf = try (authorities.last ?? root).leaf([.subjectAltName(names)])
        let report = root.judge(leaf, through: authorities)
        #expect(report.result == .undetermined)
        #expect(report.checks.contains { $0.code == .workBudget && $0.outcome == .undetermined })
    }
}
