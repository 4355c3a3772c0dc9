import CertificateIssuing
import JPKIProfile
import Organizations
import PKIX
import PathValidation
import SandboxAuthority
import Testing

@Suite("The sandbox's residents")
struct ArchetypeTests {
    private let clock = HandSetClock()

    @Test("Every reason of JPKI's practice has somebody, and no certificate is ever removed from a list")
    func everyReason() throws {
        let sandbox = try clock.sandbox()
        let reasons = sandbox.residents().flatMap(\.certificates).compactMap { $0.revocation?.reason }
        #expect(Set(reasons) == RevocationReason.issuedByJPKI)
        #expect(!RevocationReason.issuedByJPKI.contains(.removeFromCRL))
    }

    @Test("Who lacks a certificate or a PIN lacks it")
    func lacking() throws {
        let sandbox = try clock.sandbox()
        for archetype in [Archetype.underFifteen, .bornInReiwa, .faceAuthentication] {
            #expect(try sandbox.resident(archetype).certificate(.cardDigitalSignature) == nil)
            #expect(try sandbox.resident(archetype).certificate(.cardUserAuthentication) != nil)
            #expect(try sandbox.resident(archetype).signaturePIN == nil)
        }
        #expect(try sandbox.resident(.faceAuthentication).authenticationPIN == nil)
        #expect(try sandbox.resident(.underFifteen).authenticationPIN?.count == 4)
        #expect(try sandbox.resident(.regular).certificate(.smartphoneDigitalSignature) == nil)
    }

    @Test("Every certificate is issued by its own generation alone, has its kind's profile and its own serial number")
    func certificates() throws {
        let sandbox = try clock.sandbox()
        let trust = sandbox.description.trustSettings
        var serials: Set<String> = []
        for resident in sandbox.residents() {
            for item in resident.certificates {
                let issuer = try #require(trust.issuer(of: item.certificate))
                #expect(issuer.id == item.authority.text)
                let kind = try #require(trust.kind(of: item.certificate, issuer: issuer))
                #expect(kind == item.kind)
                let profile = try #require(trust.kinds[kind])
                #expect(profileChecks(item.certificate, kind: profile).allSatisfy { $0.outcome == .passed })
                #expect(serials.insert("\(item.kind):\(item.serialNumber.hex)").inserted)
            }
        }
        #expect(try sandbox.certificate(.previousGeneration, .cardDigitalSignature).authority.generation == .first)
    }

    @Test("署名用 certificates carry the basic four without irregularity, 利用者証明用 ones nothing")
    func attributes() throws {
        let sandbox = try clock.sandbox()
        for resident in sandbox.residents() {
            for item in resident.certificates {
                let attributes = BasicFourAttributes(certificate: item.certificate)
                guard item.kind.use == .digitalSignature else {
                    #expect(attributes == nil)
                    continue
                }
                #expect(attributes?.irregularities == [])
                #expect(attributes?.name?.text == resident.person.attributes.name)
                #expect(attributes?.address?.text.hasPrefix("見本県") == true)
            }
        }
    }

    @Test("Special characters, lengths and dates survive issue and reading")
    func specialAttributes() throws {
        let sandbox = try clock.sandbox()
        func attributes(_ archetype: Archetype) throws -> BasicFourAttributes {
            let item = try sandbox.certificate(archetype, .cardDigitalSignature)
            return try #require(BasicFourAttributes(certificate: item.certificate))
        }
        #expect(
            try attributes(.substituted).name?.substitutions == [
                .init(index: 0, length: 1), .init(index: 5, length: 1),
            ])
        #expect(try attributes(.substituted).address?.mayContainSubstitutions == true)
        let selectors = try attributes(.variationSelector).name?.text.unicodeScalars.filter { $0.value >= 0xE0100 }
        #expect(selectors?.count == 1)
        #expect(try attributes(.veryLong).address?.text.unicodeScalars.count == 200)
        #expect(try attributes(.oneWordName).name?.text.contains("　") == false)
        #expect(try attributes(.formerName).additional.map(\.text) == ["試作"])
        #expect(try attributes(.kanaName).additional.map(\.text) == ["ミホン　カナコ"])
        #expect(try attributes(.unknownBirthDate).birthDate?.value == nil)
        #expect(try attributes(.unknownBirthDay).birthDate?.value == "1950-05")
        #expect(try attributes(.leapDay).birthDate?.value == "2000-02-29")
        #expect(try attributes(.bornInMeiji).birthDate?.era == .meiji)
        #expect(try attributes(.bornInTaisho).birthDate?.era == .taisho)
        #expect(try attributes(.bornInShowa).birthDate?.era == .showa)
        #expect(try attributes(.regular).birthDate?.era == .heisei)
    }

    @Test("Validity: expired, soon to expire and regular, each to the end of a day in Japan")
    func validity() throws {
        let sandbox = try clock.sandbox()
        let expired = try sandbox.certificate(.expired, .cardUserAuthentication).certificate
        #expect(expired.notAfter < clock.now && expired.notBefore < expired.notAfter)
        let soon = try sandbox.certificate(.expiresSoon, .cardUserAuthentication).certificate
        #expect((1...30).contains(soon.notAfter.seconds(since: clock.now) / 86_400))
        let regular = try sandbox.certificate(.regular, .cardUserAuthentication).certificate
        #expect(regular.notBefore < clock.now)
        for certificate in [expired, soon, regular] {
            let civil = certificate.notAfter.civil
            #expect([civil.hour, civil.minute, civil.second] == [14, 59, 59])
        }
    }

    @Test("The same settings make the same sandbox, another seed other serial numbers and PINs")
    func deterministic() throws {
        let first = try clock.sandbox().residents()
        let second = try clock.sandbox().residents()
        #expect(first.flatMap(\.certificates).map(\.certificate) == second.flatMap(\.certificates).map(\.certificate))
        #expect(first.map(\.signaturePIN) == second.map(\.signaturePIN))
        let other = try clock.sandbox { $0.seed = "other" }
        let item = try other.certificate(.regular, .cardUserAuthentication)
        let own = try #require(first.first?.certificate(.cardUserAuthentication))
        #expect(item.serialNumber != own.serialNumber)
        #expect(try other.resident(.regular).signaturePIN != first.first?.signaturePIN)
    }

    @Test("Minted residents share keys and nothing else")
    func minting() async throws {
        let sandbox = try clock.sandbox()
        let residents = try await sandbox.mint(Array(repeating: MintRequest(), count: 300))
        #expect(Set(residents.map(\.id)).count == 300)
        #expect(Set(residents.map(\.person.attributes.name)).count == 300)
        #expect(Set(residents.flatMap(\.certificates).map { "\($0.kind)\($0.serialNumber.hex)" }).count == 600)
        #expect(Set(residents.map(\.certificates[0].certificate.subjectPublicKeyInfo)).count < 300)
        for resident in residents {
            let keys = resident.certificates.map(\.certificate.subjectPublicKeyInfo)
            #expect(Set(keys).count == keys.count)
        }
        let again = try await clock.sandbox().mint(Array(repeating: MintRequest(), count: 300))
        #expect(again.map(\.certificates[0].certificate) == residents.map(\.certificates[0].certificate))
    }

    @Test("Everything is of the sandbox's organisation, which production refuses, and both generations share a name")
    func organisation() throws {
        let sandbox = try clock.sandbox()
        #expect(sandbox.description.issuers.count == 8)
        #expect(sandbox.description.issuers.allSatisfy { SandboxOrganization.contains($0.certificate.subject) })
        for kind in CertificateKind.allCases {
            let roots = sandbox.description.issuers.filter { $0.kind == kind }.map(\.certificate)
            #expect(roots.count == 2)
            #expect(Set(roots.map(\.subject)).count == 1)
            #expect(Set(roots.map(\.subjectPublicKeyInfo)).count == 2)
        }
        #expect(
            sandbox.description.municipalities.map(\.code.digits).allSatisfy { $0.hasPrefix("99") && $0.count == 6 })
        #expect(sandbox.description.municipalities.count == 3)
    }
}
