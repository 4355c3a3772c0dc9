import CounterApplications
import CounterService
import IssuingServerClient
import JPKIProfile
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import Testing

@Suite("発行番号 → 宛名番号")
struct LookupTests {
    @Test("A serial number that is in no table is not linked, whoever's name would fit")
    func unknown() async throws {
        try await IssuingTown.with { town in
            let query = try town.query(try town.sandbox.resident(.regular))
            let foreign = ResidentQuery(
                requestID: query.requestID, municipality: query.municipality,
                issuerKeyIdentifier: query.issuerKeyIdentifier, serial: SerialNumber(1),
                certificateKind: query.certificateKind)
            #expect(await town.lookUp(foreign) == .refused(.notLinked))
            // The same serial number of another authority is another certificate.
            let other = ResidentQuery(
                requestID: query.requestID, municipality: query.municipality,
                issuerKeyIdentifier: query.issuerKeyIdentifier.map { $0 ^ 1 }, serial: query.serial,
                certificateKind: query.certificateKind)
            #expect(await town.lookUp(other) == .refused(.notLinked))
        }
    }

    @Test(
        "Whoever a clerk must look at is refused with a code",
        arguments: [
            (Archetype.linkPending, ResidentRefusal.notLinked), (.movedOut, .movedOut), (.deceased, .deceased),
            (.protectedPerson, .protectedPerson), (.unknownBirthDate, .needsCounter),
        ])
    func refused(_ archetype: Archetype, _ refusal: ResidentRefusal) async throws {
        try await IssuingTown.with { town in
            let answer = await town.lookUp(try town.query(try town.sandbox.resident(archetype)))
            #expect(answer == .refused(refusal))
        }
    }

    @Test("A certificate of another municipality's resident is not linked here")
    func neighbour() async throws {
        try await IssuingTown.with { town in
            let answer = await town.lookUp(try town.query(try town.sandbox.resident(.latinName)))
            #expect(answer == .refused(.notLinked))
        }
    }

    @Test(
        "Former certificates and telephones lead to the same entry",
        arguments: [Archetype.renewed, .reissued, .androidPhone, .iPhone])
    func history(_ archetype: Archetype) async throws {
        try await IssuingTown.with { town in
            let resident = try town.sandbox.resident(archetype)
            #expect(resident.certificates.count > 2)
            var ids: Set<String> = []
            for item in resident.certificates {
                guard case .found(let record) = await town.lookUp(try town.query(item)) else {
                    Issue.record("\(item.kind) is not found")
                    continue
                }
                ids.insert(record.residentID)
                #expect(record.name == resident.person.attributes.name)
                #expect(record.address == resident.person.attributes.address)
            }
            #expect(ids.count == 1)
        }
    }

    @Test("Who was minted later is found; who moves is refused from then on")
    func changes() async throws {
        try await IssuingTown.with { town in
            var request = MintRequest()
            request.municipality = SandboxMunicipality.all[0]
            let resident = try town.sandbox.mint(request)
            guard case .found = await town.lookUp(try town.query(resident)) else {
                Issue.record("the new resident is not found")
                return
            }
            try town.sandbox.move(resident.id, to: SandboxMunicipality.all[1])
            await town.server.registers.refresh()
            #expect(await town.lookUp(try town.query(resident)) == .refused(.movedOut))
        }
    }

    @Test(
        "No two people have one 宛名番号, no reference is one, and nobody is named to a household with a protected person")
    func household() async throws {
        try await IssuingTown.with(minted: 50) { town in
            let everybody = town.server.registers.book.everybody
            #expect(everybody.count > 100)
            #expect(Set(everybody.map(\.residentID)).count == everybody.count)
            let record = try await town.resident(.largeHousehold)
            #expect(record.household.count == 12)
            #expect(Set(record.household.map(\.reference)).count == 12)
            let ids = Set(everybody.map(\.residentID))
            #expect(record.household.allSatisfy { !ids.contains($0.reference) })
            // Whoever has that name, in this household and elsewhere.
            for person in everybody where person.name == record.household.last?.name {
                #expect(town.server.registers.set(.protectedPerson, of: person.residentID))
            }
            #expect(try await town.resident(.largeHousehold).household.isEmpty)
        }
    }

    @Test("A birth date comes as far as it is known")
    func birthDates() async throws {
        try await IssuingTown.with { (town: IssuingTown) async throws in
            #expect(
                try await town.resident(.regular).birthDate
                    == CounterApplications.BirthDate(year: 1990, month: 1, day: 2))
            #expect(
                try await town.resident(.unknownBirthDay).birthDate
                    == CounterApplications.BirthDate(year: 1950, month: 5))
            #expect(
                try await town.resident(.leapDay).birthDate
                    == CounterApplications.BirthDate(year: 2000, month: 2, day: 29))
        }
    }
}
