internal import PKIX

/// Who lives with a test resident: made up from seed and id.
struct HouseholdPlan {
    struct Member {
        /// What random choices about this person are labelled with.
        let label: String
        let name: String
        let birthDate: RegisterDate
        let isMale: Bool
        let relation: String
        let isHolder: Bool
        var otherName: RegisteredPerson.OtherName?
        /// Generation within the household: 0 the head and the spouse, 1 children, -1 the head's parents.
        let generation: Int
    }

    let members: [Member]
    let standing: Standing
    let isLinked: Bool
    let isForeign: Bool

    private static let men = ["一郎", "健二", "翔太", "大輔", "蓮", "陽翔", "正男", "和夫"]
    private static let women = ["陽子", "美咲", "結衣", "さくら", "葵", "凛", "和子", "節子"]

    /// How many people live in a household, and as what the card's holder.
    private enum Shape {
        case alone
        case couple
        case family(children: Int)
        case threeGenerations(children: Int)
        case holderIsChild
        case twelve
    }

    init(_ resident: SourceResident, builder: RegisterBuilder) {
        isForeign = resident.id == "latin_name" || resident.id == "common_name"
        isLinked = resident.id != "link_pending"
        standing =
            switch resident.id {
            case "moved_out": .movedOut
            case "deceased": .deceased
            case "protected_person": .protectedPerson
            default: .resident
            }
        var maker = Maker(resident: resident, builder: builder)
        maker.fill(HouseholdPlan.shape(resident, isForeign: isForeign, builder))
        members = maker.members
    }

    private static func shape(_ resident: SourceResident, isForeign: Bool, _ builder: RegisterBuilder) -> Shape {
        let birth = RegisterDate(resident.birthDate)
        guard birth.year > 0, !isForeign, resident.name.contains("　") else { return .alone }
        switch resident.id {
        case "large_household": return .twelve
        case "very_long": return .family(children: 3)
        case "regular", "variation_selector", "rare_characters": return .family(children: 2)
        default: break
        }
        let age = birth.certainAge(at: builder.now) ?? 0
        if age < 20 { return .holderIsChild }
        if age > 75 { return builder.number("shape|\(resident.id)", below: 2) == 0 ? .alone : .couple }
        switch builder.number("shape|\(resident.id)", below: 10) {
        case 0...2: return .alone
        case 3...4: return .couple
        case 5...8: return .family(children: 1 + builder.number("children|\(resident.id)", below: 3))
        default: return .threeGenerations(children: 2)
        }
    }

    /// How many of the household a member of it keeps, for tax.
    func dependants(of index: Int) -> Int {
        index == 0 ? members.count { $0.generation == 1 } : 0
    }

    // MARK: Making

    private struct Maker {
        let resident: SourceResident
        let builder: RegisterBuilder
        var members: [Member] = []

        private var birth: RegisterDate { RegisterDate(resident.birthDate) }
        private var family: String { String(resident.name.prefix { $0 != "　" }) }

        init(resident: SourceResident, builder: RegisterBuilder) { (self.resident, self.builder) = (resident, builder) }

        mutating func fill(_ shape: Shape) {
            switch shape {
            case .alone: holder("世帯主", 0)
            case .couple: couple()
            case .family(let children):
                couple()
                addChildren(children)
            case .threeGenerations(let children):
                couple()
                addChildren(children)
                addParents()
            case .holderIsChild:
                other("世帯主", 0, isMale: true, year: birth.year - 31)
                other("妻", 0, isMale: false, year: birth.year - 29)
                holder("子", 1)
                if builder.number("sibling|\(resident.id)", below: 2) == 0 {
                    other("子", 1, isMale: false, year: birth.year + 3)
                }
            case .twelve:
                couple()
                addChildren(7)
                addParents()
                other("弟", 0, isMale: true, year: birth.year + 3)
            }
        }

        private mutating func couple() {
            holder("世帯主", 0)
            other(
                resident.isMale ? "妻" : "夫", 0, isMale: !resident.isMale, year: birth.year + (resident.isMale ? 2 : -2))
        }

        private mutating func addChildren(_ count: Int) {
            for index in 0..<count {
                other("子", 1, isMale: index.isMultiple(of: 2), year: birth.year + 24 + index * 2)
            }
        }

        private mutating func addParents() {
            other("父", -1, isMale: true, year: birth.year - 30)
            other("母", -1, isMale: false, year: birth.year - 27)
        }

        private mutating func holder(_ relation: String, _ generation: Int) {
            let other: RegisteredPerson.OtherName? =
                switch resident.id {
                case "former_name": .former("試作")
                case "common_name": .common("見本　通称子")
                default: nil
                }
            members.append(
                Member(
                    label: resident.id, name: resident.name, birthDate: birth, isMale: resident.isMale,
                    relation: relation, isHolder: true, otherName: other, generation: generation))
        }

        private mutating func other(_ relation: String, _ generation: Int, isMale: Bool, year: Int) {
            let label = "\(resident.id)/\(members.count)"
            let today = RegisterDate(builder.now)
            let names = isMale ? HouseholdPlan.men : HouseholdPlan.women
            let start = builder.number("name|\(resident.id)|\(isMale)", below: names.count)
            let place = members.count { $0.isMale == isMale && !$0.isHolder }
            var given = names[(start + place) % names.count]
            if resident.id == "very_long" { given = String(repeating: "長大", count: 20) + given }
            // Nobody is born after the day before yesterday.
            let capped = min(year, today.year - 1)
            members.append(
                Member(
                    label: label, name: "\(family)　\(given)",
                    birthDate: RegisterDate(
                        year: capped, month: 1 + builder.number("bm|\(label)", below: 12),
                        day: 1 + builder.number("bd|\(label)", below: 28)),
                    isMale: isMale, relation: relation, isHolder: false, otherName: nil, generation: generation))
        }
    }
}
