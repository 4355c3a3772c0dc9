/// The test people that every sandbox has, one for each case that a verifier must know. Also their ids.
package enum Archetype: String, CaseIterable, Sendable {
    case regular
    /// Certificates of the first generation, under the same name.
    case previousGeneration = "previous_generation"

    // Revoked, one for each reason of J-LIS's practice statement
    case revokedUnspecified = "revoked_unspecified"
    case revokedKeyCompromise = "revoked_key_compromise"
    case revokedCACompromise = "revoked_ca_compromise"
    /// Moved house: 署名用 revoked, 利用者証明用 good.
    case moved
    /// Renewed: the former certificates superseded, new ones good.
    case renewed
    case revokedCessation = "revoked_cessation"
    case onHold = "on_hold"

    // Validity
    case expired
    case expiresSoon = "expires_soon"
    /// Signed by the authority and not in its register: `unknown` to the responder.
    case neverIssued = "never_issued"

    // Cards that lack something
    /// Without 署名用電子証明書.
    case underFifteen = "under_fifteen"
    /// 顔認証マイナンバーカード: no PIN, no 署名用.
    case faceAuthentication = "face_authentication"

    // Names and addresses
    case substituted
    case variationSelector = "variation_selector"
    case veryLong = "very_long"
    case oneWordName = "one_word_name"
    case latinName = "latin_name"
    case commonName = "common_name"
    case formerName = "former_name"
    case kanaName = "kana_name"

    // Birth dates
    case unknownBirthDate = "unknown_birth_date"
    case unknownBirthDay = "unknown_birth_day"
    case leapDay = "leap_day"
    case bornInMeiji = "born_in_meiji"
    case bornInTaisho = "born_in_taisho"
    case bornInShowa = "born_in_showa"
    case bornInReiwa = "born_in_reiwa"

    // Smartphones, beside the card
    case androidPhone = "android_phone"
    case iPhone = "iphone"
    /// The telephone's certificates revoked for its repair, the card's good.
    case phoneRevoked = "phone_revoked"

    // What the register of residents (住民記録) knows and the certificates do not: they stay good. Kept last, so that
    // the numbers of those above never change.
    /// The card is new; its serial number is not linked to a 宛名番号 yet.
    case linkPending = "link_pending"
    /// Moved to another municipality; the 利用者証明用 certificate goes along.
    case movedOut = "moved_out"
    /// Died; the notice has not reached the certificates.
    case deceased
    /// 支援措置対象者.
    case protectedPerson = "protected_person"
    /// The card was lost and issued again: former certificates revoked, new ones good.
    case reissued
    /// Head of a household of twelve.
    case largeHousehold = "large_household"
    /// Characters beyond JIS X 0208 and beyond the Basic Multilingual Plane.
    case rareCharacters = "rare_characters"
}
