/// EF 0006 of 公的個人認証: 160 octets as PKCS#11's CK_TOKEN_INFO. Its label tells card, Android and iPhone apart.
package struct TokenInformation: Hashable, Sendable {
    package let label: String
    package let medium: CardMedium

    package init(_ octets: [UInt8]) throws(CardFault) {
        guard octets.count >= 32 else { throw .malformedAnswer(.truncated) }
        let padded = octets.prefix(32)
        guard padded.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0 }) else {
            throw .malformedAnswer(.unexpectedContents)
        }
        var text = padded
        while let last = text.last, last == 0x20 || last == 0 { text.removeLast() }
        label = String(decoding: text, as: UTF8.self)
        medium = CardMedium(label: label)
    }
}

/// What carries the certificates.
package enum CardMedium: String, CaseIterable, Sendable {
    /// マイナンバーカード
    case card
    case android
    case iPhone = "iphone"
    /// 住民基本台帳カード, which has no certificate that is still valid.
    case residentRegisterCard = "resident_register_card"
    /// A label that no public source knows: taken for a telephone, since nothing may be presumed free to read.
    case unknown

    package init(label: String) {
        self =
            switch label {
            case "JPKIAPICCTOKEN2": .card
            case "JPKIAPGPSETOKEN": .android
            case "JPKIAPIOSTOKEN": .iPhone
            case "JPKIAPICCTOKEN": .residentRegisterCard
            default: .unknown
            }
    }

    /// Whether the 利用者証明用 certificate can be read before its PIN.
    package var hasFreeCertificate: Bool { self == .card }
}

/// EF 0008 of 公的個人認証: which certificates there are.
package struct CertificatePresence: Hashable, Sendable {
    package let hasSignatureCertificate: Bool
    package let hasAuthenticationCertificate: Bool

    package init(_ octets: [UInt8]) throws(CardFault) {
        guard octets.count == 3 else { throw .malformedAnswer(octets.count < 3 ? .truncated : .tooLong) }
        hasSignatureCertificate = octets[0] == 0x8F
        hasAuthenticationCertificate = octets[1] == 0x8F
    }

    package func has(_ key: CardKey) -> Bool {
        key == .digitalSignature ? hasSignatureCertificate : hasAuthenticationCertificate
    }
}
