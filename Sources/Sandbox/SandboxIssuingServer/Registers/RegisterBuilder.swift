internal import JPKIProfile
internal import PKIX

/// Builds a municipality's registers from its test residents. The same residents and day make the same registers.
struct RegisterBuilder {
    let municipality: RegisterMunicipality
    let seed: String
    let now: ValidationTime
    private(set) var book: RegisterBook

    init(municipality: RegisterMunicipality, seed: String, now: ValidationTime) {
        (self.municipality, self.seed, self.now) = (municipality, seed, now)
        book = RegisterBook(municipality: municipality)
    }

    /// The registers that `residents` make; those of other municipalities are passed over.
    ///
    /// - Parameter former: the book before: who was in it and lives elsewhere now has moved out.
    static func book(
        _ residents: [SourceResident],
        municipality: RegisterMunicipality,
        seed: String,
        now: ValidationTime,
        former: RegisterBook? = nil
    ) -> RegisterBook {
        var builder = RegisterBuilder(municipality: municipality, seed: seed, now: now)
        var known: Set<String> = []
        if let former { known = Set(former.people.values.compactMap(\.sourceID)) }
        for resident in residents {
            if resident.municipalityCode == municipality.code {
                builder.enter(resident)
            } else if known.contains(resident.id) {
                builder.enter(resident)
                if let id = builder.book.residentID(of: resident.id) { builder.book.people[id]?.standing = .movedOut }
            }
        }
        // What was said of somebody by hand stays said.
        for person in former?.people.values ?? [:].values where person.standing != .resident {
            builder.book.people[person.residentID]?.standing = person.standing
        }
        return builder.book
    }

    /// A number below `bound` that seed and label determine.
    func number(_ label: String, below bound: Int) -> Int {
        sha256(Array("\(seed)|\(municipality.code)|\(label)".utf8)).prefix(7).reduce(0) { $0 << 8 | Int($1) }
            % max(bound, 1)
    }

    private mutating func takeResidentID(_ label: String) -> String {
        var candidate = number("resident|\(label)", below: 10_000_000_000)
        while book.people[padded(candidate)] != nil { candidate = (candidate + 1) % 10_000_000_000 }
        return padded(candidate)
    }

    private func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 10 - text.utf8.count)) + text
    }

    // MARK: One resident with their household

    private mutating func enter(_ resident: SourceResident) {
        let plan = HouseholdPlan(resident, builder: self)
        let householdID = book.households.count
        let ids = plan.members.map { takeNew($0.label) }
        let domicile = FamilyRegisterPlan(plan, ids: ids, builder: self)
        let firstRegister = book.familyRegisters.count
        book.familyRegisters += domicile.registers
        for (index, member) in plan.members.enumerated() {
            let addresses = addresses(of: member, current: resident.address)
            let person = RegisteredPerson(
                residentID: ids[index], sourceID: member.isHolder ? resident.id : nil, name: member.name,
                kana: member.isHolder ? resident.kana : nil, otherName: member.otherName, birthDate: member.birthDate,
                isMale: member.isMale, relation: member.relation, householdID: householdID, addresses: addresses,
                residentSince: addresses.last?.since ?? member.birthDate,
                familyRegister: domicile.reference(member: index, firstRegister: firstRegister),
                residence: plan.isForeign ? residence(member.label) : nil,
                standing: member.isHolder ? plan.standing : .resident)
            book.people[ids[index]] = person
            let reference = reference(ids[index])
            book.references[reference] = ids[index]
            book.referencesOfPeople[ids[index]] = reference
            enterSealAndTax(person, member, dependants: plan.dependants(of: index))
        }
        book.households.append(Household(head: ids[0], members: ids))
        guard let holder = plan.members.firstIndex(where: \.isHolder) else { return }
        for link in resident.links {
            let key = RegisterBook.LinkKey(
                issuerKeyIdentifier: link.issuerKeyIdentifier, serialNumber: link.serialNumber)
            if plan.isLinked { book.links[key] = ids[holder] } else { book.pending.insert(key) }
        }
    }

    /// Reserved at once, so that two members of one household cannot take the same number.
    private mutating func takeNew(_ label: String) -> String {
        let id = takeResidentID(label)
        book.people[id] = RegisteredPerson.reserved(id)
        return id
    }

    func reference(_ residentID: String) -> String {
        "m_" + sha256(Array("\(seed)|reference|\(residentID)".utf8)).prefix(10).map { $0 }.hexString.lowercased()
    }

    private func addresses(of member: HouseholdPlan.Member, current: String) -> [RegisteredPerson.AddressEntry] {
        let count = 1 + number("moves|\(member.label)", below: member.isHolder ? 4 : 2)
        let firstYear = max(member.birthDate.year, 1960)
        let span = max(1, RegisterDate(now).year - firstYear)
        return (0..<count).map { index in
            let isLast = index == count - 1
            let block = 1 + number("block|\(member.label)|\(index)", below: 40)
            let former = "見本県\(["例示町", "架空村", "旧見本町"][index % 3])大字仮設\(wideDigits(block))番地\(wideDigits(1 + index))"
            let year = index == 0 && !isLast ? firstYear : firstYear + span * (index + 1) / (count + 1)
            let since =
                index == 0 && member.birthDate.birthDate.isComplete
                ? member.birthDate
                : RegisterDate(
                    year: max(year, member.birthDate.year + 1),
                    month: 1 + number("month|\(member.label)|\(index)", below: 12),
                    day: 1 + number("day|\(member.label)|\(index)", below: 28))
            return RegisteredPerson.AddressEntry(address: isLast ? current : former, since: since)
        }
    }

    private func residence(_ label: String) -> RegisteredPerson.Residence {
        let year = RegisterDate(now).year + 1 + number("visa|\(label)", below: 4)
        return RegisteredPerson.Residence(
            nationality: "見本国", status: "技術・人文知識・国際業務", period: "５年",
            until: RegisterDate(year: year, month: 3, day: 31),
            cardNumber: "ＺＺ\(wideDigits(10_000_000 + number("card|\(label)", below: 90_000_000)))ＺＺ")
    }

    private mutating func enterSealAndTax(
        _ person: RegisteredPerson, _ member: HouseholdPlan.Member, dependants: Int
    ) {
        guard let age = person.birthDate.certainAge(at: now), age >= 15 else { return }
        let year = RegisterDate(now).year
        if age >= 18 {
            let salary = number("salary|\(member.label)", below: 90) * 100_000
            book.taxes[person.residentID] = (0..<3).map { back in
                TaxRecord(year: year - back, salary: max(0, salary - back * 60_000), dependants: dependants)
            }
        }
        // One in ten adults has none.
        guard member.isHolder || number("seal|\(member.label)", below: 10) > 0 else { return }
        let inscription = String(person.familyName.prefix { $0 != "［" }.prefix(4))
        book.seals[person.residentID] = SealRegistration(
            inscription: inscription.isEmpty ? "印" : inscription,
            registeredOn: RegisterDate(
                year: max(person.birthDate.year + 16, 1990), month: 1 + number("sm|\(member.label)", below: 12),
                day: 1 + number("sd|\(member.label)", below: 28)),
            number: String(100_000 + number("sn|\(member.label)", below: 900_000)),
            form: number("sf|\(member.label)", below: 5) == 0 ? .square : .round)
    }
}

extension RegisteredPerson {
    /// A place in the book while a household is being written.
    static func reserved(_ id: String) -> RegisteredPerson {
        RegisteredPerson(
            residentID: id, sourceID: nil, name: "", kana: nil, otherName: nil, birthDate: RegisterDate("000000000"),
            isMale: false, relation: "", householdID: 0, addresses: [], residentSince: RegisterDate("000000000"),
            familyRegister: nil, residence: nil)
    }

    /// What stands before the first space; the whole name when there is none.
    var familyName: String { String(name.prefix { $0 != "　" }) }
    /// What stands after it.
    var givenName: String {
        let rest = name.drop { $0 != "　" }.dropFirst()
        return rest.isEmpty ? name : String(rest)
    }
}

/// `number` in full-width digits.
func wideDigits(_ number: Int) -> String { String(decoding: String(number).utf16.map { $0 + 0xFEE0 }, as: UTF16.self) }
