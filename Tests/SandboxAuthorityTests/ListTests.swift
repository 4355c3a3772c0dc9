import JPKIProfile
import Organizations
import PKIX
import PathValidation
import RevocationLists
import SandboxAuthority
import SignatureAlgorithms
import Testing

@Suite("The sandbox's revocation lists")
struct ListTests {
    private let clock = HandSetClock()

    private func list(_ sandbox: Sandbox, _ id: String) throws -> CertificateList {
        try CertificateList(der: try #require(try sandbox.serve(list: id).octets))
    }

    private func entry(_ list: CertificateList, _ item: ResidentCertificate) throws -> RevokedEntry? {
        try list.entry(for: item.serialNumber, issuer: item.certificate.issuer)
    }

    private func isSigned(_ list: CertificateList, by key: SubjectPublicKeyInfo) throws -> Bool {
        let key = try PublicKey(key, suite: .current)
        do throws(ListRefusal) { try list.verifySignature(by: key) } catch {
            #expect(error == .signatureInvalid)
            return false
        }
        return true
    }

    private func isPast(_ time: ValidationTime?) -> Bool { time.map { $0 < clock.now } ?? false }

    private func number(_ list: CertificateList) throws -> CRLNumber { try #require(list.crlNumber) }

    @Test("There is no list of a telephone's authority, unless it is switched on, nor of a stranger")
    func absent() throws {
        let sandbox = try clock.sandbox()
        #expect(throws: SandboxError.unknownList) { try sandbox.serve(list: "sandbox-phone-sign-g2/full") }
        #expect(throws: SandboxError.unknownList) { try sandbox.serve(list: "sandbox-card-sign-g2/131016") }
        #expect(sandbox.description.profiles.filter { $0.lists == .none }.count == 2)
        let other = try clock.sandbox { $0.smartphoneLists = .published }
        #expect(try list(other, "sandbox-phone-sign-g2/full").entryCount == 1)
    }

    @Test("A municipality's list holds its own certificates alone, in a critical issuingDistributionPoint")
    func partitioned() throws {
        let sandbox = try clock.sandbox()
        let own = try sandbox.certificate(.revokedKeyCompromise, .cardDigitalSignature)
        let neighbour = try sandbox.certificate(.onHold, .cardDigitalSignature)
        let mihon = try list(sandbox, "sandbox-card-sign-g2/\(SandboxMunicipality.all[0].code.digits)")
        #expect(try entry(mihon, neighbour) == nil)
        #expect(try entry(mihon, own)?.reason == .keyCompromise)
        let point = try #require(mihon.issuingDistributionPoint?.name)
        #expect(own.certificate.extensions.cRLDistributionPoints?.map(\.name) == [point])
        #expect(neighbour.certificate.extensions.cRLDistributionPoints?.map(\.name) != [point])
        guard case .fullName(let names) = point, case .directoryName = try #require(names.first) else {
            Issue.record("the distribution point is a directory name")
            return
        }
    }

    @Test("The whole list has every municipality's, and only its own generation's")
    func whole() throws {
        let sandbox = try clock.sandbox()
        let whole = try list(sandbox, "sandbox-card-sign-g2/full")
        #expect(whole.issuingDistributionPoint == nil)
        #expect(try entry(whole, try sandbox.certificate(.revokedKeyCompromise, .cardDigitalSignature)) != nil)
        #expect(try entry(whole, try sandbox.certificate(.onHold, .cardDigitalSignature))?.reason == .certificateHold)
        #expect(try entry(whole, try sandbox.certificate(.regular, .cardDigitalSignature)) == nil)
        #expect(try list(sandbox, "sandbox-card-sign-g1/full").entryCount == 0)
    }

    @Test("A list is signed by its own generation's key, and each is right again after a fault")
    func signed() throws {
        let sandbox = try clock.sandbox()
        for published in try sandbox.lists() {
            let (own, other) = try keys(sandbox, published.list.authority)
            let right = try list(sandbox, published.list.id)
            #expect(try isSigned(right, by: own))
            try sandbox.set(.wrongKey, on: .everyList)
            let wrong = try list(sandbox, published.list.id)
            #expect(try !isSigned(wrong, by: own))
            #expect(try isSigned(wrong, by: other))
            sandbox.faults.clearAll()
            #expect(try sandbox.serve(list: published.list.id).octets == published.der)
        }
    }

    @Test("Every other fault shows in the answer")
    func faults() throws {
        let sandbox = try clock.sandbox()
        let id = "sandbox-card-auth-g2/full"
        #expect(throws: SandboxError.unknownTarget) {
            try sandbox.set(.down, on: .list(id: "sandbox-card-auth-g9/full"))
        }
        let current = try list(sandbox, id)
        try sandbox.set(.stale, on: .list(id: id))
        let stale = try list(sandbox, id)
        #expect(isPast(stale.nextUpdate))
        #expect(try number(stale) < number(current))
        try sandbox.set(.malformed, on: .list(id: id))
        #expect(throws: DERError.self) { try list(sandbox, id) }
        try sandbox.set(.down, on: .list(id: id))
        guard case .nothing = try sandbox.serve(list: id) else { throw SandboxError.unknownList }
        try sandbox.set(.unauthorised, on: .list(id: id))
        guard case .forbidden = try sandbox.serve(list: id) else { throw SandboxError.unknownList }
        try sandbox.set(.tryLater, on: .list(id: id))
        guard case .unavailable = try sandbox.serve(list: id) else { throw SandboxError.unknownList }
        try sandbox.set(.slow(milliseconds: 9), on: .list(id: id))
        guard case .late(_, milliseconds: 9) = try sandbox.serve(list: id) else { throw SandboxError.unknownList }
        // Its neighbours never noticed.
        #expect(try list(sandbox, "sandbox-card-auth-g1/full").nextUpdate == clock.now.advanced(bySeconds: 86_400))
    }

    @Test("A municipality's lists can be stale from the start, until that is cleared")
    func staleFromTheStart() throws {
        let sandbox = try clock.sandbox { $0.municipalitiesWithStaleLists = ["99301"] }
        let id = "sandbox-card-sign-g2/\(SandboxMunicipality.all[1].code.digits)"
        #expect(try isPast(list(sandbox, id).nextUpdate))
        #expect(try !isPast(list(sandbox, "sandbox-card-sign-g2/full").nextUpdate))
        sandbox.faults.clear(.list(id: id))
        #expect(try !isPast(list(sandbox, id).nextUpdate))
    }

    @Test("A revocation is on the next list, whose number is higher")
    func nextList() throws {
        let sandbox = try clock.sandbox()
        let item = try sandbox.certificate(.regular, .cardDigitalSignature)
        let id = "sandbox-card-sign-g2/full"
        let before = try list(sandbox, id)
        try sandbox.revoke("regular", kind: .cardDigitalSignature, reason: .affiliationChanged)
        #expect(try entry(try list(sandbox, id), item) == nil)
        try sandbox.publishLists(id: id)
        let after = try list(sandbox, id)
        #expect(try entry(after, item)?.reason == .affiliationChanged)
        #expect(try number(before) < number(after))
    }

    @Test("A new list comes by itself every day, and expired certificates leave it")
    func daily() throws {
        let sandbox = try clock.sandbox()
        let item = try sandbox.certificate(.revokedCessation, .cardDigitalSignature)
        let id = "sandbox-card-sign-g2/full"
        let first = try list(sandbox, id)
        clock.advance(bySeconds: 86_399)
        #expect(try list(sandbox, id).crlNumber == first.crlNumber)
        clock.advance(bySeconds: 1)
        let second = try list(sandbox, id)
        #expect(try number(first) < number(second))
        #expect(try entry(second, item) != nil)
        clock.advance(bySeconds: item.certificate.notAfter.seconds(since: clock.now) + 1)
        #expect(try entry(try list(sandbox, id), item) == nil)
    }

    private func keys(_ sandbox: Sandbox, _ id: AuthorityID) throws -> (SubjectPublicKeyInfo, SubjectPublicKeyInfo) {
        let other = AuthorityID(id.kind, id.generation == .first ? .second : .first)
        return (try sandbox.statusIssuer(id).key, try sandbox.statusIssuer(other).key)
    }
}
