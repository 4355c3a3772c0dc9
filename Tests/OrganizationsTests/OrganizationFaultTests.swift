import Organizations
import PKIX
import Testing

@Suite("An organization model with a fault is refused whole")
struct OrganizationFaultTests {
    @Test("A client of a municipality that is not configured")
    func unknownMunicipality() throws {
        var model = try wholeModel()
        model.clientSystems.append(
            ClientSystem(
                id: "other", name: "他", municipality: try code("131016"), credential: credential("other"),
                grants: verifyGrants))
        #expect(faults(model) == [.unknownMunicipality])
    }

    @Test("Two clients with one id, across systems and terminals")
    func duplicateClient() throws {
        var model = try wholeModel()
        model.clientSystems.append(
            ClientSystem(
                id: "T-01", name: "同名", municipality: try code("011002"), credential: credential("second"),
                grants: verifyGrants))
        #expect(faults(model) == [.duplicateID])
    }

    @Test("Two clients with one key")
    func sharedKey() throws {
        var model = try wholeModel()
        model.clientSystems.append(
            ClientSystem(
                id: "copy", name: "写し", municipality: try code("011002"), credential: credential("terminal"),
                grants: verifyGrants))
        #expect(faults(model) == [.ambiguousCredential])
    }

    @Test("Two clients told by one name alone")
    func sharedName() throws {
        var model = try wholeModel()
        for id in ["a", "b"] {
            model.clientSystems.append(
                ClientSystem(
                    id: id, name: id, municipality: try code("011002"),
                    credential: ClientCredential(keyDigests: [], subjectAlternativeName: "gyomu.example"),
                    grants: verifyGrants))
        }
        #expect(faults(model) == [.ambiguousCredential])
    }

    @Test("A credential with nothing in it, or with a digest of another length")
    func malformedCredential() throws {
        for keyDigests: Set<[UInt8]> in [[], [[1, 2, 3]]] {
            var model = try wholeModel()
            model.clientSystems.append(
                ClientSystem(
                    id: "x", name: "x", municipality: try code("011002"),
                    credential: ClientCredential(keyDigests: keyDigests), grants: verifyGrants))
            #expect(faults(model) == [.malformedCredential])
        }
    }

    @Test(
        "An id that could break a log line, a metric or a path", arguments: ["", "a b", "a\nb", "../x", "窓口", "a\"b"])
    func malformedID(id: String) throws {
        var model = try wholeModel()
        model.staff = [StaffMember(id: id, municipality: try code("011002"), roles: [.counterClerk])]
        #expect(faults(model) == [.malformedID])
    }

    @Test("A merged municipality without an end, with a successor not in force at that end, or merged in a circle")
    func mergers() throws {
        let (old, new) = (try code("131016"), try code("141003"))
        let day = try time("2026-04-01T00:00:00+09:00")
        func model(old end: ValidationTime?, new start: ValidationTime?, back: Bool = false) throws -> OrganizationModel
        {
            var model = try wholeModel()
            model.municipalities += [
                Municipality(code: old, name: "旧", validUntil: end, mergedInto: new, verifier: verifier),
                Municipality(code: new, name: "新", validFrom: start, verifier: verifier),
            ]
            return model
        }
        #expect(faults(try model(old: nil, new: day)) == [.mergerMismatch])
        #expect(faults(try model(old: day, new: day.advanced(bySeconds: 1))) == [.mergerMismatch])
        #expect(faults(try model(old: day, new: day)) == [])
        var circle = try wholeModel()
        circle.municipalities += [
            Municipality(
                code: old, name: "甲", validUntil: day.advanced(bySeconds: 9), mergedInto: new, verifier: verifier),
            Municipality(
                code: new, name: "乙", validUntil: day.advanced(bySeconds: 9), mergedInto: old, verifier: verifier),
        ]
        #expect(faults(circle) == [.mergerMismatch, .mergerMismatch])
        var own = try wholeModel()
        own.municipalities.append(
            Municipality(code: old, name: "自", validUntil: day, mergedInto: old, verifier: verifier))
        #expect(faults(own) == [.mergerMismatch])
    }

    @Test("A ward of a city that is not there, and a ward of a ward")
    func wards() throws {
        var model = try wholeModel()
        let (ward, part) = (try code("141011"), try code("141020"))
        model.municipalities += [
            Municipality(code: ward, name: "区", parent: try code("141003"), verifier: verifier),
            Municipality(code: part, name: "区の区", parent: ward, verifier: verifier),
        ]
        #expect(faults(model) == [.unknownMunicipality, .wardOfWard])
    }

    @Test("A verifier without a legal basis, and a validity that ends before it begins")
    func basisAndValidity() throws {
        var model = try wholeModel()
        let day = try time("2026-04-01T00:00:00+09:00")
        model.municipalities.append(
            Municipality(
                code: try code("131016"), name: "無", validFrom: day, validUntil: day,
                verifier: Verifier(name: "長", legalBasis: "")))
        #expect(faults(model) == [.emptyValidity, .missingLegalBasis])
    }

    @Test("Places that are referred to and do not exist")
    func unknownPlaces() throws {
        var model = try wholeModel()
        let city = try code("131016")
        let terminal = Terminal(
            id: "T-9", name: "9", counter: "none", credential: credential("t9"), grants: verifyGrants)
        model.municipalities.append(
            Municipality(
                code: city, name: "他市", verifier: verifier,
                sites: [Site(id: "S-9", name: "支所", department: "none", terminals: [terminal])]))
        model.clientSystems.append(
            ClientSystem(
                id: "y", name: "y", municipality: city, site: "none", credential: credential("y"), grants: verifyGrants)
        )
        #expect(faults(model) == [.unknownDepartment, .unknownCounter, .unknownSite])
    }

    @Test("Staff lent by their own city, without a role, or auditing themselves")
    func staff() throws {
        let city = try code("011002")
        var model = try wholeModel()
        model.staff = [
            StaffMember(id: "a", municipality: city, lentFrom: city, roles: [.supervisor]),
            StaffMember(id: "b", municipality: city, roles: []),
            StaffMember(id: "c", municipality: city, roles: [.auditor, .administrator]),
        ]
        #expect(faults(model) == [.lentByItself, .roleConflict, .roleConflict])
    }

    @Test("Every fault is reported at once")
    func allAtOnce() throws {
        var model = try wholeModel()
        model.municipalities.append(model.municipalities[0])
        model.staff.append(StaffMember(id: "z", municipality: try code("131016"), roles: [.auditor]))
        #expect(Set(faults(model)).isSuperset(of: [.duplicateID, .unknownMunicipality]))
    }
}
