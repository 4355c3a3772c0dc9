package import PKIX

/// The four certificates of JPKI. Each has authorities, policies and a responder of its own, from configuration.
package enum CertificateKind: String, CaseIterable, Sendable {
    /// 署名用電子証明書: carries the basic four attributes, signs documents.
    case cardDigitalSignature = "card_digital_signature"
    /// 利用者証明用電子証明書: carries no attribute of the person, logs in.
    case cardUserAuthentication = "card_user_authentication"
    /// 移動端末設備用署名用電子証明書.
    case smartphoneDigitalSignature = "smartphone_digital_signature"
    /// 移動端末設備用利用者証明用電子証明書.
    case smartphoneUserAuthentication = "smartphone_user_authentication"

    /// What a signature by this kind means.
    package enum Use: Sendable {
        case digitalSignature
        case userAuthentication
    }

    package enum Medium: Sendable {
        case card
        case smartphone
    }

    package var use: Use {
        switch self {
        case .cardDigitalSignature, .smartphoneDigitalSignature: .digitalSignature
        case .cardUserAuthentication, .smartphoneUserAuthentication: .userAuthentication
        }
    }

    package var medium: Medium {
        switch self {
        case .cardDigitalSignature, .cardUserAuthentication: .card
        case .smartphoneDigitalSignature, .smartphoneUserAuthentication: .smartphone
        }
    }

    /// The exact key usage of this kind: 署名用 has digitalSignature and nonRepudiation, 利用者証明用 only the former.
    package var keyUsage: KeyUsage {
        use == .digitalSignature ? [.digitalSignature, .nonRepudiation] : [.digitalSignature]
    }
}
