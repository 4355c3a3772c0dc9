import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import Testing

@Suite("Which lists are about which certificates: RFC 5280 §6.3.3 (b), (d)")
struct ListScopeTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private func list(_ point: IssuingDistributionPoint, _ entries: [RevokedEntry] = []) throws -> CertificateList {
        try Fixture.list(by: fixture.authority, entries) { $0.issuingDistributionPoint = point }
    }

    private func list(at name: GeneralName, _ entries: [RevokedEntry] = []) throws -> CertificateList {
        try list(IssuingDistributionPoint(name: .fullName([name])), entries)
    }

    @Test("The list of another city says nothing, whatever is on it")
    func otherCity() throws {
        let leaf = try fixture.leaf(points: [.directory(.city("Kyoto"))])
        let other = try list(at: .directoryName(.city("Hamamatsu")), [Fixture.entry()])
        #expect(fixture.verdict(leaf, [other]).undeterminedReason == .noMatchingCRL)
        let own = try list(at: .directoryName(.city("Kyoto")))
        #expect(fixture.verdict(leaf, [other, own]).status == .good)
        #expect(fixture.verdict(leaf, [own]).distributionPoint?.contains("Kyoto") == true)
    }

    @Test("Each of several distribution points is compared, in any order")
    func everyPoint() throws {
        let names = ["a", "b", "c", "d"].map { "http://crl.example/\($0).crl" }
        for last in names {
            let order = names.filter { $0 != last } + [last]
            let leaf = try fixture.leaf(points: order.map { .uri($0) })
            for name in names {
                let listed = try list(at: .uniformResourceIdentifier(name), [Fixture.entry()])
                #expect(fixture.verdict(leaf, [listed]).status == .revoked)
            }
        }
        let leaf = try fixture.leaf(points: names.map { .uri($0) })
        let stranger = try list(at: .uniformResourceIdentifier("http://crl.example/e.crl"), [Fixture.entry()])
        #expect(fixture.verdict(leaf, [stranger]).undeterminedReason == .noMatchingCRL)
    }

    @Test("Every kind of general name is compared by its own rule")
    func everyKindOfName() throws {
        let type = try #require(OID("1.2.3"))
        let pairs: [(GeneralName, GeneralName)] = [
            (.otherName(type: type, value: [5, 0]), .otherName(type: type, value: [4, 0])),
            (.rfc822Name("a@example"), .rfc822Name("b@example")),
            (.dNSName("crl.example"), .dNSName("crl2.example")),
            (.x400Address([0x30, 0]), .x400Address([0x31, 0])),
            (.directoryName(.city("A")), .directoryName(.city("B"))),
            (.ediPartyName([0x81, 1, 65]), .ediPartyName([0x81, 1, 66])),
            (.uniformResourceIdentifier("ldap://h/a"), .uniformResourceIdentifier("ldap://h/b")),
            (.iPAddress([127, 0, 0, 1]), .iPAddress([127, 0, 0, 2])),
            (.registeredID(type), .registeredID(.commonName)),
        ]
        for (position, (name, other)) in pairs.enumerated() {
            let leaf = try fixture.leaf(points: [DistributionPoint(name: .fullName([name]))])
            #expect(fixture.verdict(leaf, [try list(at: name)]).status == .good, "\(position)")
            let stranger = fixture.verdict(leaf, [try list(at: other)])
            #expect(stranger.undeterminedReason == .noMatchingCRL, "\(position)")
        }
        let upper = try fixture.leaf(points: [.uri("HTTP://CRL.example/a.crl")])
        let lower = try list(at: .uniformResourceIdentifier("http://crl.EXAMPLE/a.crl"))
        #expect(fixture.verdict(upper, [lower]).status == .good)
        let path = try list(at: .uniformResourceIdentifier("http://crl.example/A.crl"))
        #expect(fixture.verdict(upper, [path]).undeterminedReason == .noMatchingCRL)
    }

    @Test("A name relative to the issuer is the issuer's name with one more part, on either side")
    func relativeNames() throws {
        let part = [NameAttribute(type: .commonName, valueTag: .utf8String, value: Array("CRL1".utf8)[...])]
        let whole = Fixture.name.appending(relativeName: part)
        let relative = DistributionPointName.nameRelativeToCRLIssuer(part)
        let leaf = try fixture.leaf(points: [DistributionPoint(name: relative)])
        #expect(fixture.verdict(leaf, [try list(at: .directoryName(whole))]).status == .good)
        #expect(fixture.verdict(leaf, [try list(IssuingDistributionPoint(name: relative))]).status == .good)
        let full = try fixture.leaf(points: [.directory(whole)])
        #expect(fixture.verdict(full, [try list(IssuingDistributionPoint(name: relative))]).status == .good)
        let other = try fixture.leaf(points: [.directory(Fixture.name)])
        #expect(
            fixture.verdict(other, [try list(IssuingDistributionPoint(name: relative))]).undeterminedReason
                == .noMatchingCRL)
    }

    @Test("A certificate without points: the whole list answers, a named partition does not")
    func noPoints() throws {
        let leaf = try fixture.leaf()
        let named = try list(at: .uniformResourceIdentifier("http://crl.example/a.crl"))
        #expect(fixture.verdict(leaf, [named]).undeterminedReason == .noMatchingCRL)
        let own = try list(at: .directoryName(Fixture.name))
        #expect(fixture.verdict(leaf, [own]).status == .good)
    }

    @Test("Lists of users', authorities' and attribute certificates answer for their kind alone")
    func kindsOfCertificates() throws {
        let user = try fixture.leaf()
        let authority = try fixture.leaf(extensions: [.basicConstraints(BasicConstraints(isCA: true))])
        let expected: [(IssuingDistributionPoint.Contents, user: Bool, authority: Bool)] = [
            (.everyCertificate, true, true), (.onlyUserCertificates, true, false), (.onlyCACertificates, false, true),
            (.onlyAttributeCertificates, false, false),
        ]
        for (contents, forUsers, forAuthorities) in expected {
            let point = IssuingDistributionPoint(
                name: .fullName([.directoryName(Fixture.name)]), contents: contents)
            #expect((fixture.verdict(user, [try list(point)]).status == .good) == forUsers)
            #expect((fixture.verdict(authority, [try list(point)]).status == .good) == forAuthorities)
        }
    }

    @Test("Lists of some reasons clear only when together they cover all of them")
    func someReasons() throws {
        let compromise = ReasonFlags(rawValue: 0b0_0000_0110)
        let rest = ReasonFlags.all.subtracting(compromise)
        let first = try list(IssuingDistributionPoint(onlySomeReasons: compromise))
        let second = try list(IssuingDistributionPoint(onlySomeReasons: rest))
        let leaf = try fixture.leaf()
        #expect(fixture.verdict(leaf, [first]).undeterminedReason == .reasonsIncomplete)
        #expect(fixture.verdict(leaf, [second]).undeterminedReason == .reasonsIncomplete)
        #expect(fixture.verdict(leaf, [second, first]).status == .good)
        let revoking = try list(
            IssuingDistributionPoint(onlySomeReasons: rest), [Fixture.entry(Fixture.serial, .superseded)])
        #expect(fixture.verdict(leaf, [first, revoking]).status == .revoked)
    }

    @Test("The reasons of a distribution point narrow what its list covers")
    func reasonsOfPoints() throws {
        let compromise = ReasonFlags(rawValue: 0b0_0000_0110)
        let point = { (text: String) in IssuingDistributionPoint(name: .fullName([.uniformResourceIdentifier(text)])) }
        let leaf = try fixture.leaf(points: [
            .uri("http://crl.example/1", reasons: compromise),
            .uri("http://crl.example/2", reasons: .all.subtracting(compromise)),
        ])
        let (first, second) = (try list(point("http://crl.example/1")), try list(point("http://crl.example/2")))
        #expect(fixture.verdict(leaf, [first]).undeterminedReason == .reasonsIncomplete)
        #expect(fixture.verdict(leaf, [first, second]).status == .good)
    }

    @Test("A point that names another CRL issuer is not served by a plain list of the certificate's issuer")
    func pointOfAnotherIssuer() throws {
        let point = DistributionPoint(name: nil, cRLIssuer: [.directoryName(.city("Lists"))])
        let leaf = try fixture.leaf(points: [point])
        let plain = try Fixture.list(by: fixture.authority)
        #expect(fixture.verdict(leaf, [plain]).undeterminedReason == .noMatchingCRL)
    }

    @Test("An indirect list that the point does not announce can revoke, and cannot clear")
    func unannouncedIndirectList() throws {
        let name = DistributionPointName.fullName([.uniformResourceIdentifier("http://crl.example/a.crl")])
        let leaf = try fixture.leaf(points: [DistributionPoint(name: name)])
        let point = IssuingDistributionPoint(name: name, kind: .indirect)
        #expect(fixture.verdict(leaf, [try list(point)]).undeterminedReason == .noMatchingCRL)
        #expect(fixture.verdict(leaf, [try list(point, [Fixture.entry()])]).status == .revoked)
        let bare = try fixture.leaf()
        #expect(fixture.verdict(bare, [try list(IssuingDistributionPoint(kind: .indirect))]).status == .good)
    }
}
