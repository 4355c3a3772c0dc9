import Organizations
import PKIX
import Testing

@Suite("Who presents a client certificate")
struct OrganizationDirectoryTests {
    private let now = ValidationTime(secondsSince1970: 1_790_000_000)

    private func refusal(
        _ directory: OrganizationDirectory, _ certificate: PresentedCertificate, at time: ValidationTime
    ) -> ClientRefusal? {
        do throws(ClientRefusal) {
            _ = try directory.requester(presenting: certificate, at: time)
            return nil
        } catch {
            return error
        }
    }

    @Test("A key that no client has is unknown, whatever names the certificate carries")
    func unknownKey() throws {
        let directory = try OrganizationDirectory(validating: try wholeModel())
        let presented = PresentedCertificate(keyDigest: digest("stranger"), names: ["koseki", "011002"])
        #expect(refusal(directory, presented, at: now) == .unknown)
    }

    @Test("A revoked client is refused by name of the reason")
    func revoked() throws {
        var model = try wholeModel()
        model.clientSystems = [
            ClientSystem(
                id: "koseki", name: "戸籍", municipality: try code("011002"),
                credential: credential("koseki", state: .revoked), grants: verifyGrants)
        ]
        let directory = try OrganizationDirectory(validating: model)
        #expect(refusal(directory, PresentedCertificate(keyDigest: digest("koseki")), at: now) == .revoked)
    }

    @Test("A client whose name must match too is unknown with the right key and another name")
    func keyWithoutName() throws {
        var model = try wholeModel()
        model.clientSystems = [
            ClientSystem(
                id: "koseki", name: "戸籍", municipality: try code("011002"),
                credential: credential("koseki", name: "koseki.example"), grants: verifyGrants)
        ]
        let directory = try OrganizationDirectory(validating: model)
        let key = digest("koseki")
        #expect(refusal(directory, PresentedCertificate(keyDigest: key), at: now) == .unknown)
        #expect(refusal(directory, PresentedCertificate(keyDigest: key, names: ["x.example"]), at: now) == .unknown)
        let right = PresentedCertificate(keyDigest: key, names: ["koseki.example"])
        #expect(try directory.requester(presenting: right, at: now).actor == "koseki")
    }

    @Test("A certificate whose names fit two clients fits none")
    func ambiguousNames() throws {
        var model = try wholeModel()
        for name in ["a.example", "b.example"] {
            model.clientSystems.append(
                ClientSystem(
                    id: name, name: name, municipality: try code("011002"),
                    credential: ClientCredential(keyDigests: [], subjectAlternativeName: name), grants: verifyGrants))
        }
        let directory = try OrganizationDirectory(validating: model)
        let both = PresentedCertificate(keyDigest: digest("any"), names: ["a.example", "b.example"])
        #expect(refusal(directory, both, at: now) == .unknown)
        let one = PresentedCertificate(keyDigest: digest("any"), names: ["a.example"])
        #expect(try directory.requester(presenting: one, at: now).actor == "a.example")
    }

    @Test("A client of a municipality that has merged away is refused from that instant on")
    func merged() throws {
        let day = try time("2026-04-01T00:00:00+09:00")
        let (old, new) = (try code("131016"), try code("141003"))
        var model = try wholeModel()
        model.municipalities += [
            Municipality(code: old, name: "旧", validUntil: day, mergedInto: new, verifier: verifier),
            Municipality(code: new, name: "新", validFrom: day, verifier: verifier),
        ]
        model.clientSystems.append(
            ClientSystem(id: "old", name: "旧", municipality: old, credential: credential("old"), grants: verifyGrants))
        model.clientSystems.append(
            ClientSystem(id: "new", name: "新", municipality: new, credential: credential("new"), grants: verifyGrants))
        let directory = try OrganizationDirectory(validating: model)
        let before = day.advanced(bySeconds: -1)
        let (oldKey, newKey) = (
            PresentedCertificate(keyDigest: digest("old")), PresentedCertificate(keyDigest: digest("new"))
        )
        #expect(refusal(directory, oldKey, at: day) == .municipalityNotInForce)
        #expect(refusal(directory, newKey, at: before) == .municipalityNotInForce)
        #expect(try directory.requester(presenting: oldKey, at: before).municipality == old)
        #expect(directory.municipality(inForce: old, at: day)?.code == new)
        #expect(directory.municipality(inForce: new, at: before) == nil)
    }

    @Test("A terminal's requests carry its municipality, its site and its grants")
    func terminal() throws {
        let directory = try OrganizationDirectory(validating: try wholeModel())
        let requester = try directory.requester(
            presenting: PresentedCertificate(keyDigest: digest("terminal")), at: now)
        #expect(requester.actor == "T-01")
        #expect(requester.site == "S-1")
        #expect(requester.municipality.digits == "011002")
        #expect(requester.environment == .sandbox)
        #expect(requester.scopes == [.verify])
        #expect(requester.purposes == ["certificate_issuance"])
        #expect(requester.policies == ["counter-default"])
    }
}
