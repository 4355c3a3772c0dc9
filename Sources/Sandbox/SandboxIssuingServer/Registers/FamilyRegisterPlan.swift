/// The family registers of one household: the head's with spouse and children, and the head's parents' own.
struct FamilyRegisterPlan {
    let registers: [FamilyRegister]
    /// For each member: the place in ``registers``, nil when another municipality keeps it.
    private let places: [Int?]
    private let domiciles: [String?]
    private let heads: [String?]

    init(_ plan: HouseholdPlan, ids: [String], builder: RegisterBuilder) {
        guard !plan.isForeign, let holder = plan.members.first(where: \.isHolder) else {
            registers = []
            (places, domiciles, heads) = (
                plan.members.map { _ in nil }, plan.members.map { _ in nil }, plan.members.map { _ in nil }
            )
            return
        }
        let isElsewhere = builder.number("domicile|\(holder.label)", below: 8) == 0 && holder.label.hasPrefix("minted")
        let keeper = isElsewhere ? "見本県架空郡他所町" : builder.municipality.prefecture + builder.municipality.name
        let lot = 1 + builder.number("lot|\(holder.label)", below: 900)
        var made: [FamilyRegister] = []
        var places: [Int?] = Array(repeating: nil, count: plan.members.count)
        var domiciles: [String?] = places.map { _ in nil }
        var heads = domiciles
        // 世帯主・配偶者・子 are one family; everybody else has a register of their own generation.
        let groups = FamilyRegisterPlan.groups(plan)
        for (number, group) in groups.enumerated() {
            let domicile = "\(keeper)標本一丁目\(wideDigits(lot + number))番地"
            let people = group.map { (index: $0, member: plan.members[$0], id: ids[$0]) }
            guard let head = people.first(where: { $0.member.isMale && $0.member.relation != "子" }) ?? people.first
            else {
                continue
            }
            let register = FamilyRegisterPlan.register(
                people.map { (member: $0.member, id: $0.id) }, head: head.member, domicile: domicile, builder: builder)
            for person in people {
                places[person.index] = isElsewhere ? nil : made.count
                (domiciles[person.index], heads[person.index]) = (domicile, head.member.name)
            }
            if !isElsewhere { made.append(register) }
        }
        (registers, self.places, self.domiciles, self.heads) = (made, places, domiciles, heads)
    }

    func reference(member index: Int, firstRegister: Int) -> FamilyRegisterReference? {
        guard let domicile = domiciles[index], let head = heads[index] else { return nil }
        return FamilyRegisterReference(
            domicile: domicile, headName: head, registerID: places[index].map { $0 + firstRegister })
    }

    /// Two generations at most in one register.
    private static func groups(_ plan: HouseholdPlan) -> [[Int]] {
        let indices = plan.members.indices
        let parents = indices.filter { plan.members[$0].generation == -1 }
        let others = indices.filter { plan.members[$0].relation == "弟" }
        let family = indices.filter { !parents.contains($0) && !others.contains($0) }
        return ([family, parents] + others.map { [$0] }).filter { !$0.isEmpty }
    }

    private static func register(
        _ people: [(member: HouseholdPlan.Member, id: String)],
        head: HouseholdPlan.Member,
        domicile: String,
        builder: RegisterBuilder
    ) -> FamilyRegister {
        let adults = people.filter { $0.member.relation != "子" }
        let isCouple = adults.count == 2
        let wedding = RegisterDate(
            year: (adults.map { max($0.member.birthDate.year, 1900) }.max() ?? 1990) + 21,
            month: 1 + builder.number("wm|\(head.label)", below: 12),
            day: 1 + builder.number("wd|\(head.label)", below: 28))
        var sons = 0
        var daughters = 0
        let father = adults.first { $0.member.isMale }?.member.name ?? "見本　父"
        let mother = adults.first { !$0.member.isMale }?.member.name ?? "見本　母"
        let entries = people.map { person in
            let member = person.member
            let isChild = member.relation == "子"
            if isChild { if member.isMale { sons += 1 } else { daughters += 1 } }
            let order = isChild ? (member.isMale ? sons : daughters) : 1
            let partner = isCouple ? adults.first { $0.id != person.id }?.member : nil
            return FamilyRegister.Entry(
                residentID: person.id, givenName: given(member.name), birthDate: member.birthDate,
                father: isChild ? father : "見本　義雄", mother: isChild ? mother : "見本　千代",
                birthOrder: birthOrder(order, isMale: member.isMale),
                spouse: !isChild && isCouple ? (member.isMale ? "夫" : "妻") : nil,
                events: [birth(member, builder)]
                    + (!isChild
                        ? partner.map { [marriage(wedding, $0.name, domicile.replacing("一丁目", with: "二丁目"))] } ?? []
                        : []))
        }
        return FamilyRegister(
            domicile: domicile, headName: head.name, since: isCouple ? wedding : head.birthDate.adding(years: 20),
            entries: entries)
    }

    private static func given(_ name: String) -> String {
        let rest = name.drop { $0 != "　" }.dropFirst()
        return rest.isEmpty ? name : String(rest)
    }

    private static func birthOrder(_ number: Int, isMale: Bool) -> String {
        let numerals = ["長", "二", "三", "四", "五", "六", "七", "八", "九"]
        return numerals[min(max(number, 1), numerals.count) - 1] + (isMale ? "男" : "女")
    }

    private static func birth(_ member: HouseholdPlan.Member, _ builder: RegisterBuilder) -> FamilyRegister.Event {
        FamilyRegister.Event(
            title: "出生",
            lines: [
                ("【出生日】", member.birthDate.text),
                ("【出生地】", builder.municipality.prefecture + builder.municipality.name),
                ("【届出日】", member.birthDate.text),
                ("【届出人】", "父"),
            ])
    }

    private static func marriage(_ date: RegisterDate, _ partner: String, _ domicile: String) -> FamilyRegister.Event {
        FamilyRegister.Event(
            title: "婚姻",
            lines: [
                ("【婚姻日】", date.text), ("【配偶者氏名】", partner), ("【従前戸籍】", "\(domicile)　見本　旧筆頭者"),
            ])
    }
}
