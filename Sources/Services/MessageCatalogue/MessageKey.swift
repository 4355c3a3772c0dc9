/// What a message is about: a vocabulary of the API and a code of it.
package struct MessageKey: Hashable, Sendable {
    package enum Domain: String, CaseIterable, Sendable {
        case result
        case certificateStatus = "certificate_status"
        case undeterminedReason = "undetermined_reason"
        case revocationReason = "revocation_reason"
        case subIndication = "sub_indication"
        /// The rung of the degraded-mode ladder that answered.
        case rung
        case problem
        /// What a terminal with a card reader says: prompts, results, faults, notices.
        case terminal
    }

    package let domain: Domain
    package let code: String

    package init(_ domain: Domain, _ code: String) { (self.domain, self.code) = (domain, code) }
}

/// Who a sentence is for, and in which language.
package enum Audience: String, CaseIterable, Sendable {
    /// The clerk: what it means, and what to do next.
    case staffJapanese = "staff_ja"
    case residentJapanese = "resident_ja"
    /// やさしい日本語
    case residentEasyJapanese = "resident_easy_ja"
    case residentEnglish = "resident_en"
    /// 中文（简体）
    case residentChinese = "resident_zh"
    case residentKorean = "resident_ko"
    /// Português do Brasil
    case residentPortuguese = "resident_pt"
    case residentVietnamese = "resident_vi"
    case staffEnglish = "staff_en"

    /// The audiences that every message speaks to.
    package static let required: [Audience] = [
        .staffJapanese, .residentJapanese, .residentEasyJapanese, .residentEnglish, .residentChinese, .residentKorean,
        .residentPortuguese, .residentVietnamese,
    ]
}
