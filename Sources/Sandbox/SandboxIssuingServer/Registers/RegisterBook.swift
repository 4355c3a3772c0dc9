internal import PKIX

/// The registers of one municipality: residents, households, family registers, seals, taxes, and the table that leads
/// from a certificate to a 宛名番号. A value; ``RegisterHolder`` swaps it whole.
package struct RegisterBook: Sendable {
    struct LinkKey: Hashable, Sendable {
        let issuerKeyIdentifier: [UInt8]
        let serialNumber: SerialNumber
    }

    let municipality: RegisterMunicipality
    var people: [String: RegisteredPerson] = [:]
    var households: [Household] = []
    var familyRegisters: [FamilyRegister] = []
    var links: [LinkKey: String] = [:]
    /// Certificates that are known and lead nowhere yet.
    var pending: Set<LinkKey> = []
    var seals: [String: SealRegistration] = [:]
    var taxes: [String: [TaxRecord]] = [:]
    /// What an order may select a member by; never a 宛名番号, which would then be shown on a terminal.
    var references: [String: String] = [:]
    /// The same the other way round.
    var referencesOfPeople: [String: String] = [:]

    init(municipality: RegisterMunicipality) { self.municipality = municipality }

    /// Whom a certificate belongs to.
    enum LinkAnswer: Hashable, Sendable {
        case person(RegisteredPerson)
        case notLinked
        case unknown
    }

    func person(linkedTo key: LinkKey) -> LinkAnswer {
        if let id = links[key], let person = people[id] { return .person(person) }
        return pending.contains(key) ? .notLinked : .unknown
    }

    /// The household's people, the head first.
    func household(of person: RegisteredPerson) -> [RegisteredPerson] {
        guard households.indices.contains(person.householdID) else { return [person] }
        return households[person.householdID].members.compactMap { people[$0] }
    }

    func headName(of person: RegisteredPerson) -> String {
        guard households.indices.contains(person.householdID) else { return person.name }
        return people[households[person.householdID].head]?.name ?? person.name
    }

    func familyRegister(of person: RegisteredPerson) -> FamilyRegister? {
        guard let id = person.familyRegister?.registerID, familyRegisters.indices.contains(id) else { return nil }
        return familyRegisters[id]
    }

    /// The 宛名番号 that the sandbox's resident has here.
    package func residentID(of sourceID: String) -> String? {
        people.values.first { $0.sourceID == sourceID }?.residentID
    }

    package func person(_ residentID: String) -> RegisteredPerson? { people[residentID] }

    /// Everybody, in the order of their 宛名番号.
    package var everybody: [RegisteredPerson] { people.values.sorted { $0.residentID < $1.residentID } }
}

/// Whose registers these are, as papers name it.
package struct RegisterMunicipality: Hashable, Sendable {
    /// Six digits.
    package let code: String
    package let prefecture: String
    package let name: String

    package init(code: String, prefecture: String, name: String) {
        (self.code, self.prefecture, self.name) = (code, prefecture, name)
    }

    /// 見本市長, 例示町長.
    var mayorTitle: String { name + "長" }
    var mayorName: String { "見本　首長" }
}
