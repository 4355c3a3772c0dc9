/// A private key of the card.
package enum CardKey: String, CaseIterable, Sendable {
    /// 利用者証明用
    case userAuthentication = "user_authentication"
    /// 署名用
    case digitalSignature = "digital_signature"

    package var file: UInt16 { self == .userAuthentication ? 0x0017 : 0x001A }
    package var pin: CardPIN { self == .userAuthentication ? .userAuthentication : .digitalSignature }
    package var certificate: CardFile {
        self == .userAuthentication ? .authenticationCertificate : .signatureCertificate
    }
}
