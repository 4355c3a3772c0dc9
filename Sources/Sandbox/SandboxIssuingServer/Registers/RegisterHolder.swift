internal import CounterApplications
internal import JPKIProfile
internal import PKIX
internal import Synchronization
internal import WireFormat

/// Where a municipality's registers come from: asked anew when a certificate is not known.
package typealias ResidentSource = @Sendable () async throws -> [SourceResident]

/// The registers in force, and who may be asked about anew. Thread-safe.
package final class RegisterHolder: Sendable {
    private let municipality: RegisterMunicipality
    private let seed: String
    private let clock: @Sendable () -> ValidationTime
    private let source: ResidentSource
    private let held: Mutex<RegisterBook>

    init(
        municipality: RegisterMunicipality,
        seed: String,
        clock: @escaping @Sendable () -> ValidationTime,
        source: @escaping ResidentSource
    ) async throws {
        (self.municipality, self.seed, self.clock, self.source) = (municipality, seed, clock, source)
        held = Mutex(
            RegisterBuilder.book(try await source(), municipality: municipality, seed: seed, now: clock()))
    }

    package var book: RegisterBook { held.withLock { $0 } }

    /// Reads the residents anew. What cannot be read leaves the registers as they are.
    package func refresh() async {
        guard let residents = try? await source() else { return }
        let former = book
        let book = RegisterBuilder.book(
            residents, municipality: municipality, seed: seed, now: clock(), former: former)
        held.withLock { $0 = book }
    }

    /// Says something of somebody by hand, as a clerk would.
    package func set(_ standing: Standing, of residentID: String) -> Bool {
        held.withLock { book in
            guard book.people[residentID] != nil else { return false }
            book.people[residentID]?.standing = standing
            return true
        }
    }

    /// Whose certificate it is. Never by a name.
    func answer(to question: ResidentLookupRequestBody) async -> ResidentLookupAnswerBody.Outcome {
        let key = RegisterBook.LinkKey(
            issuerKeyIdentifier: question.issuerKeyIdentifier, serialNumber: question.serialNumber)
        var book = self.book
        var found = book.person(linkedTo: key)
        if found == .unknown {
            await refresh()
            book = self.book
            found = book.person(linkedTo: key)
        }
        guard case .person(let person) = found else { return .refused(.notLinked) }
        switch person.standing {
        case .resident: break
        case .movedOut: return .refused(.movedOut)
        case .deceased: return .refused(.deceased)
        case .protectedPerson: return .refused(.protectedPerson)
        }
        guard let birthDate = person.birthDate.forCounter else { return .refused(.needsCounter) }
        // Nobody is named to another member who is protected.
        let members = book.household(of: person)
        let isOpen = members.allSatisfy { $0.standing == .resident }
        let references = members.compactMap { member in
            book.referencesOfPeople[member.residentID]
                .map { ResidentRecord.Member(reference: $0, name: member.name) }
        }
        return .found(
            ResidentRecord(
                residentID: person.residentID, name: person.name, address: person.address, birthDate: birthDate,
                household: isOpen ? references : []))
    }
}

extension RegisterDate {
    /// nil without a year: then nobody can tell an age.
    var forCounter: CounterApplications.BirthDate? {
        CounterApplications.BirthDate(
            year: year, month: month == 0 ? nil : month, day: month == 0 || day == 0 ? nil : day)
    }
}
