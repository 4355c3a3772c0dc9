package import JPKIProfile
package import PKIX

/// A made-up person. Every name and address says that it is a specimen.
package struct Person: Hashable, Sendable {
    package var municipality: SandboxMunicipality
    package var attributes: BasicFourDraft

    package init(municipality: SandboxMunicipality, attributes: BasicFourDraft) {
        (self.municipality, self.attributes) = (municipality, attributes)
    }
}

/// Attributes that no public source gives an identifier for. These are the sandbox's own, far from J-LIS's six,
/// so that nothing comes to rely on them.
package enum SandboxAttribute {
    /// フリガナ.
    package static let kanaName = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 9_901)
    /// 旧氏.
    package static let formerName = OID(constant: 1, 2, 392, 200_149, 8, 5, 5, 9_902)
}

/// Makes up people by the thousand, all different and all the same for one seed.
struct PersonGenerator {
    let seeded: SeededOctets
    let now: ValidationTime

    private static let families = ["見本", "試作", "例示", "架空", "仮設", "模擬", "標本", "雛形"]
    private static let givenNames = ["花子", "太郎", "一", "さくら", "次郎", "みどり", "三郎", "あおい"]
    private static let numerals = Array("〇一二三四五六七八九")

    /// Person number `index`; their name ends in that number, so no two are the same.
    func person(_ index: Int, in municipality: SandboxMunicipality? = nil) -> Person {
        let label = "person-\(index)"
        let all = SandboxMunicipality.all
        let home = municipality ?? all[seeded.number(label + "-home", below: all.count)]
        let family = pick(PersonGenerator.families, label + "-family")
        let given = pick(PersonGenerator.givenNames, label + "-given")
        let block = 1 + seeded.number(label + "-block", below: 9)
        let lot = 1 + seeded.number(label + "-lot", below: 99)
        let address = "\(home.prefecture)\(home.name)見本町\(wide(block))丁目\(wide(lot))番\(wide(index % 90 + 1))号"
        return Person(
            municipality: home,
            attributes: BasicFourDraft(
                name: "\(family)　\(given)\(PersonGenerator.kanji(index))", address: address,
                birthDate: birthDate(label), gender: seeded.number(label + "-sex", below: 2) == 0 ? .male : .female))
    }

    /// An adult's.
    private func birthDate(_ label: String) -> String {
        birthDateText(
            year: now.japaneseYear - 20 - seeded.number(label + "-age", below: 70),
            month: 1 + seeded.number(label + "-month", below: 12), day: 1 + seeded.number(label + "-day", below: 28))
    }

    private func pick(_ words: [String], _ label: String) -> String { words[seeded.number(label, below: words.count)] }

    private static func kanji(_ number: Int) -> String {
        String(String(number).compactMap { $0.wholeNumberValue.map { numerals[$0] } })
    }
}

/// `number` in full-width digits, as addresses are written.
func wide(_ number: Int) -> String {
    String(decoding: String(number).utf16.map { $0 + 0xFEE0 }, as: UTF16.self)
}
