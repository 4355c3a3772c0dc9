package import CardProtocol
package import CertificateIssuing
package import JPKIProfile
internal import PKIX

/// What is on a virtual card. Made up throughout; its keys and PINs are public.
package struct CardProfile: Sendable {
    /// As what the card behaves.
    package enum Form: String, CaseIterable, Sendable {
        case card
        /// 顔認証マイナンバーカード: no PIN can be used, no 署名用.
        case face
        case android
        case iPhone = "iphone"
        /// 住民基本台帳カード.
        case residentRegisterCard = "resident_register_card"
        /// A card of another kind altogether.
        case foreign

        /// EF 0006, as the reference data has it.
        var label: String {
            switch self {
            case .card, .face, .foreign: "JPKIAPICCTOKEN2"
            case .android: "JPKIAPGPSETOKEN"
            case .iPhone: "JPKIAPIOSTOKEN"
            case .residentRegisterCard: "JPKIAPICCTOKEN"
            }
        }

        package var medium: CertificateKind.Medium {
            self == .android || self == .iPhone ? .smartphone : .card
        }
    }

    /// A certificate with what signs for it.
    package struct Credential: Sendable {
        package var certificate: [UInt8]
        package var authority: [UInt8]
        package var key: SigningKey

        package init(certificate: [UInt8], authority: [UInt8], key: SigningKey) {
            (self.certificate, self.authority, self.key) = (certificate, authority, key)
        }
    }

    package var form: Form
    package var credentials: [CardKey: Credential]
    package var pins: [CardPIN: String]
    package var holder: CardHolder

    package init(form: Form, credentials: [CardKey: Credential], pins: [CardPIN: String], holder: CardHolder) {
        (self.form, self.credentials, self.pins, self.holder) = (form, credentials, pins, holder)
    }

    /// The key of the published pool that a certificate of the sandbox belongs to; nil for any other.
    package static func publishedKey(of certificate: [UInt8]) -> SigningKey? {
        guard let info = try? Certificate(der: certificate).subjectPublicKeyInfo else { return nil }
        return (0..<SigningKey.pooledKeys).lazy.compactMap { try? SigningKey.pooledRSA($0) }
            .first { $0.publicKeyInfo == info }
    }
}

/// What is printed on the card.
package struct CardHolder: Sendable {
    package var name: String
    package var address: String
    /// `EYYYYMMDD`, as in the certificate.
    package var birthDate: String
    /// `1`, `2` or `3`.
    package var sex: String
    /// Of five digits.
    package var municipality: String
    /// The year in which the card ends.
    package var expiryYear: Int
    /// Four digits beside the photograph.
    package var securityCode: String

    package init(
        name: String, address: String, birthDate: String, sex: String, municipality: String, expiryYear: Int = 2035,
        securityCode: String = "5285"
    ) {
        (self.name, self.address, self.birthDate, self.sex) = (name, address, birthDate, sex)
        (self.municipality, self.expiryYear, self.securityCode) = (municipality, expiryYear, securityCode)
    }

    /// 照合番号B: the era's year, month and day of birth, the year of expiry, the security code.
    package var faceNumberB: String {
        let digits = birthDate.compactMap(\.wholeNumberValue)
        guard digits.count == 9 else { return "00000000000000" }
        let year = digits[1...4].reduce(0) { $0 * 10 + $1 }
        // The years before the first of 明治, 大正, 昭和, 平成 and 令和.
        let bases = [0, 1867, 1911, 1925, 1988, 2018]
        let eraYear = year == 0 || digits[0] >= bases.count ? 0 : max(year - bases[digits[0]], 0) % 100
        let monthAndDay = digits[5...8].map(String.init).joined()
        let text = eraYear < 10 ? "0\(eraYear)" : String(eraYear)
        return text + monthAndDay + String(expiryYear) + securityCode
    }

    /// `YYYYMMDD`.
    var gregorianBirthDate: String { String(birthDate.dropFirst()) }
}
