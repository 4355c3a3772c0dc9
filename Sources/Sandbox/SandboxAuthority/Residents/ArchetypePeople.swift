import JPKIProfile
package import PKIX

/// Who the archetypes are.
extension Archetype {
    package func person(now: ValidationTime) -> Person {
        let municipality = SandboxMunicipality.all[municipalityIndex]
        let number = (Archetype.allCases.firstIndex(of: self) ?? 0) + 1
        var draft = BasicFourDraft(
            name: name, address: "\(municipality.prefecture)\(municipality.name)標本一丁目\(wide(number))番１号",
            birthDate: birthDate(now: now), gender: number.isMultiple(of: 2) ? .male : .female)
        complete(&draft)
        return Person(municipality: municipality, attributes: draft)
    }

    private var name: String {
        switch self {
        case .regular: "見本　花子"
        case .previousGeneration: "見本　旧世代"
        case .revokedUnspecified: "失効　未交付"
        case .revokedKeyCompromise: "失効　危殆"
        case .revokedCACompromise: "失効　認証局"
        case .moved: "転居　済子"
        case .renewed: "更新　済太郎"
        case .revokedCessation: "失効　使用止"
        case .onHold: "一時　保留"
        case .expired: "期限　切子"
        case .expiresSoon: "期限　間近"
        case .neverIssued: "発行　無太郎"
        case .underFifteen: "見本　こども"
        case .faceAuthentication: "顔認証　一郎"
        case .substituted: "代替　文字子"
        // 葛 with the variation selector that U+845B has in Moji_Joho.
        case .variationSelector: "葛\u{E0102}見本　異体"
        case .veryLong: String(repeating: "見本長名", count: 12) + "　" + String(repeating: "長大", count: 24)
        case .oneWordName: "サンプルマン"
        case .latinName: "ＳＡＭＰＬＥ　ＳＰＥＣＩＭＥＮ　ＴＡＲＯ"
        case .commonName: "ＳＰＥＣＩＭＥＮ　ＪＡＮＥ（見本　通称子）"
        case .formerName: "見本［試作］　旧氏子"
        case .kanaName: "見本　仮名子"
        case .unknownBirthDate: "見本　年月日不詳"
        case .unknownBirthDay: "見本　日不詳"
        case .leapDay: "閏日　生子"
        case .bornInMeiji: "明治　見本"
        case .bornInTaisho: "大正　見本"
        case .bornInShowa: "昭和　見本"
        case .bornInReiwa: "令和　見本"
        case .androidPhone: "端末　安泥子"
        case .iPhone: "端末　愛本太郎"
        case .phoneRevoked: "端末　修理子"
        case .linkPending: "見本　未連携"
        case .movedOut: "見本　転出済"
        case .deceased: "見本　逝去"
        case .protectedPerson: "見本　支援子"
        case .reissued: "見本　再交付"
        case .largeHousehold: "見本　大家族"
        // U+9AD9, U+FA11 and U+20BB7; 辻 with the selector of Moji_Joho for the form with one dot.
        case .rareCharacters: "髙\u{FA11}見本　\u{20BB7}辻\u{E0102}子"
        }
    }

    private func birthDate(now: ValidationTime) -> String {
        switch self {
        case .underFifteen: birthDateText(year: now.japaneseYear - 10, month: 6, day: 15)
        case .unknownBirthDate: "300000000"
        case .unknownBirthDay: "319500500"
        case .leapDay: "420000229"
        case .bornInMeiji: "119120701"
        case .bornInTaisho: "219200401"
        case .bornInShowa: "319890107"
        case .bornInReiwa: "520200505"
        default: "419900102"
        }
    }

    private func complete(_ draft: inout BasicFourDraft) {
        switch self {
        case .substituted:
            draft.substitutedInName = [0, 5]
            draft.substitutedInAddress = [3]
        case .veryLong:
            // Exactly the 200 characters that the profile allows.
            let count = draft.address.unicodeScalars.count
            draft.address += String(repeating: "長", count: max(0, 200 - count))
        case .formerName:
            draft.additional = [.init(oid: SandboxAttribute.formerName, text: "試作")]
        case .kanaName:
            draft.additional = [.init(oid: SandboxAttribute.kanaName, text: "ミホン　カナコ")]
        default: break
        }
    }
}
