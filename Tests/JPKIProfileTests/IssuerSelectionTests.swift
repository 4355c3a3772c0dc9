import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import Testing

@Suite("Issuers are keys, not names")
struct IssuerSelectionTests {
    let fixture = try? ProfileFixture()

    @Test("A certificate whose AKI names one generation and which the other one signed has no issuer")
    func otherGenerationsKey() throws {
        let fixture = try #require(fixture)
        let leaf = try fixture.leaf(by: fixture.newer, .signedBy(fixture.older.key))
        #expect(fixture.settings.issuer(of: leaf) == nil)
        guard case .signatureMismatch(let issuer) = fixture.settings.identifyIssuer(of: leaf) else {
            Issue.record("expected a signature mismatch")
            return
        }
        #expect(issuer.id == "newer")
    }

    @Test("A certificate of an authority with the same name and an unknown key has no issuer")
    func strangerOfSameName() throws {
        let fixture = try #require(fixture)
        let stranger = try IssuingAuthority(
            root: ProfileFixture.name, key: .pooledRSA(9), notBefore: ProfileFixture.start,
            notAfter: ProfileFixture.end)
        let leaf = try fixture.leaf(by: stranger)
        #expect(fixture.settings.identifyIssuer(of: leaf) == .unknownIssuer)
        // Without an AKI every generation of that name is tried, and none signed.
        let silent = try fixture.leaf(by: stranger, .withoutExtension(.authorityKeyIdentifier))
        #expect(fixture.settings.issuer(of: silent) == nil)
    }

    @Test("A key identifier alone, under another name, identifies nobody")
    func sameKeyOtherName() throws {
        let fixture = try #require(fixture)
        let other = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.organization, "OTHER")]), key: fixture.newer.key,
            notBefore: ProfileFixture.start, notAfter: ProfileFixture.end)
        #expect(fixture.settings.identifyIssuer(of: try fixture.leaf(by: other)) == .unknownIssuer)
    }

    @Test("Changed octets, another signature and SHA-1 leave a certificate without issuer", arguments: 0..<3)
    func spoiled(_ index: Int) throws {
        let fixture = try #require(fixture)
        let defect: CertificateDefect = [.tampered, .tamperedSignature, .insecureSHA1Signature][index]
        let leaf = try fixture.leaf(by: fixture.newer, defect)
        #expect(fixture.settings.issuer(of: leaf) == nil)
        guard case .signatureMismatch = fixture.settings.identifyIssuer(of: leaf) else {
            Issue.record("the issuer is configured, so the signature is what is wrong")
            return
        }
    }

    @Test("Each generation's certificate is told apart by its key, with and without AKI")
    func rightGeneration() throws {
        let fixture = try #require(fixture)
        for (authority, id) in [(fixture.older, "older"), (fixture.newer, "newer")] {
            #expect(fixture.settings.issuer(of: try fixture.leaf(by: authority))?.id == id)
            let silent = try fixture.leaf(by: authority, .withoutExtension(.authorityKeyIdentifier))
            #expect(fixture.settings.issuer(of: silent)?.id == id)
        }
    }

    @Test("A policy of a kind that the issuer does not issue is no kind")
    func kindByPolicyWithinIssuer() throws {
        let fixture = try #require(fixture)
        let issuer = try #require(fixture.settings.issuer(id: "newer"))
        let wrong = try fixture.leaf(by: fixture.newer, .policies([.jpkiCardUserAuthentication]))
        #expect(fixture.settings.kind(of: wrong, issuer: issuer) == nil)
        let anyPolicy = try fixture.leaf(by: fixture.newer, .policies([.anyPolicy]))
        #expect(fixture.settings.kind(of: anyPolicy, issuer: issuer) == nil)
        let none = try fixture.leaf(by: fixture.newer, .policies([]))
        #expect(fixture.settings.kind(of: none, issuer: issuer) == nil)
        let right = try fixture.leaf(by: fixture.newer)
        #expect(fixture.settings.kind(of: right, issuer: issuer) == .cardDigitalSignature)
    }

    @Test("A certificate that matches two kinds of one issuer is no kind")
    func ambiguousKind() throws {
        let fixture = try #require(fixture)
        let both = Issuer(
            id: "both", anchor: TrustAnchor(fixture.newer.certificate),
            kinds: [.cardDigitalSignature, .cardUserAuthentication])
        let leaf = try fixture.leaf(
            by: fixture.newer, .policies([.jpkiCardDigitalSignature, .jpkiCardUserAuthentication]))
        #expect(fixture.settings.kind(of: leaf, issuer: both) == nil)
    }
}
