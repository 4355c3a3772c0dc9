import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import Testing

@Suite("The rules of JPKI's certificate profile")
struct ProfileCheckTests {
    private func failures(_ defects: CertificateDefect..., kind: KindProfile = ProfileFixture.profile) throws
        -> [CheckCode]
    {
        let fixture = try ProfileFixture()
        let request = try fixture.leaf(by: fixture.newer)
        var spoiled = request
        for defect in defects { spoiled = try reissued(fixture, defect) }
        return profileChecks(spoiled, kind: kind).filter { $0.outcome == .failed }.map(\.code)
    }

    private func reissued(_ fixture: ProfileFixture, _ defect: CertificateDefect) throws -> Certificate {
        try fixture.leaf(by: fixture.newer, defect)
    }

    @Test("A missing, another and an any-policy fail the policy check")
    func policies() throws {
        #expect(try failures(.policies([])) == [.certificatePolicy])
        #expect(try failures(.policies([.jpkiCardUserAuthentication])) == [.certificatePolicy])
        #expect(try failures(.policies([.anyPolicy])) == [.certificatePolicy])
    }

    @Test("Key usage must be exactly the kind's: fewer bits, more bits and none fail")
    func keyUsage() throws {
        #expect(try failures(.keyUsage(.digitalSignature)) == [.keyUsage])
        #expect(try failures(.keyUsage([.digitalSignature, .nonRepudiation, .keyEncipherment])) == [.keyUsage])
        #expect(try failures(.keyUsage([])) == [.keyUsage])
    }

    @Test("A 署名用 certificate is refused where a 利用者証明用 one is wanted, by policy and by usage")
    func wrongKind() throws {
        let codes = try failures(kind: ProfileFixture.authenticationProfile)
        #expect(codes == [.certificatePolicy, .keyUsage])
    }

    @Test("A CA certificate, a serial of zero and a negative serial fail")
    func structure() throws {
        let authority = Extension.basicConstraints(BasicConstraints(isCA: true))
        #expect(try failures(.withExtension(authority)) == [.basicConstraints])
        #expect(try failures(.serialNumber(SerialNumber(0))) == [.profile])
    }

    @Test("A regular certificate passes every check, with an extKeyUsage too")
    func regular() throws {
        #expect(try failures().isEmpty)
        #expect(try failures(.withExtension(.extendedKeyUsage([.clientAuth]))).isEmpty)
    }

    @Test("Details of checks name no value of the certificate")
    func detailsAreImpersonal() throws {
        let fixture = try ProfileFixture()
        let leaf = try fixture.leaf(by: fixture.newer, .keyUsage([]))
        let details = profileChecks(leaf, kind: ProfileFixture.authenticationProfile).compactMap(\.detail).joined()
        #expect(!details.contains(leaf.serialNumber.hex))
        #expect(!details.contains("見本"))
        #expect(!details.contains("SANDBOX0001"))
    }
}
