internal import PKIX

/// What the register of residents says of somebody beside who they are.
package enum Standing: String, CaseIterable, Sendable {
    case resident
    /// 転出.
    case movedOut = "moved_out"
    /// 死亡.
    case deceased
    /// 支援措置対象者: nothing is issued without a clerk.
    case protectedPerson = "protected_person"
}

/// One entry of a municipality's registers. Everything in it is made up.
package struct RegisteredPerson: Hashable, Sendable {
    /// 在留 of somebody without Japanese nationality (住民基本台帳法第30条の45).
    struct Residence: Hashable, Sendable {
        let nationality: String
        let status: String
        let period: String
        let until: RegisterDate
        let cardNumber: String
    }

    struct AddressEntry: Hashable, Sendable {
        let address: String
        let since: RegisterDate
    }

    /// 宛名番号: ten digits, unique within the municipality.
    package let residentID: String
    /// The sandbox's id for somebody with a card, nil for a made-up member of their household.
    package let sourceID: String?
    /// 氏名.
    package let name: String
    /// 氏名の振り仮名; nil when none was notified.
    let kana: String?
    /// 旧氏, or 通称 of a foreign resident; nil without.
    let otherName: OtherName?
    package let birthDate: RegisterDate
    let isMale: Bool
    /// 続柄 to the head of the household: `世帯主`, `妻`, `子`.
    let relation: String
    /// The household's place in the book.
    let householdID: Int
    /// Oldest first; the last one is where they live.
    let addresses: [AddressEntry]
    /// 住民となった日.
    let residentSince: RegisterDate
    /// nil for a foreign resident, who has no 本籍.
    let familyRegister: FamilyRegisterReference?
    let residence: Residence?
    package var standing = Standing.resident

    enum OtherName: Hashable, Sendable {
        case former(String)
        case common(String)
    }

    package var address: String { addresses.last?.address ?? "" }
}

/// Where somebody's 戸籍 is kept.
struct FamilyRegisterReference: Hashable, Sendable {
    /// 本籍.
    let domicile: String
    /// 筆頭者氏名.
    let headName: String
    /// The register's place in the book; nil when another municipality keeps it.
    let registerID: Int?
}

/// A household (世帯).
struct Household: Hashable, Sendable {
    let head: String
    /// 宛名番号, the head first.
    let members: [String]
}

/// A family register (戸籍), at most two generations (戸籍法第6条).
struct FamilyRegister: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let residentID: String
        /// 名 without the family's.
        let givenName: String
        let birthDate: RegisterDate
        let father: String
        let mother: String
        /// 父母との続柄: 長男, 二女.
        let birthOrder: String
        /// 配偶者区分: 夫, 妻; nil for somebody unmarried.
        let spouse: String?
        let events: [Event]
    }

    /// 身分事項.
    struct Event: Hashable, Sendable {
        let title: String
        let lines: [(label: String, value: String)]

        static func == (left: Event, right: Event) -> Bool {
            left.title == right.title && left.lines.map(\.label) == right.lines.map(\.label)
                && left.lines.map(\.value) == right.lines.map(\.value)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(title)
            for line in lines { hasher.combine(line.value) }
        }
    }

    let domicile: String
    let headName: String
    /// 編製日.
    let since: RegisterDate
    let entries: [Entry]
}
