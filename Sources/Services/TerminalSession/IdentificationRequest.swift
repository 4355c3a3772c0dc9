package import CardProtocol

/// How a person is to be identified. Each way gives a result of its own kind and is never shown as another.
package enum IdentificationWay: Hashable, Sendable {
    /// 利用者証明用: four digits, a signature over a challenge.
    case userAuthentication
    /// 署名用: 6 to 16 characters, a signature over a document; nil for one over a challenge of the platform.
    case digitalSignature(CardMessage?)
    /// Name and address of 券面事項入力補助 by its PIN or by 照合番号B. No signature, no status.
    case attributes(AttributesKey)
    /// かざし利用: no PIN; only with an adapter that can prove it.
    case tap
    /// The certificate alone. Proves nothing.
    case certificateRead

    package enum AttributesKey: String, Hashable, Sendable {
        case pin
        /// 照合番号B: 14 digits printed on the card, typed by staff.
        case faceNumberB = "face_number_b"

        package var pin: CardPIN { self == .pin ? .textInput : .faceNumberB }
    }

    /// The word in JSON.
    package var name: String {
        switch self {
        case .userAuthentication: "user_authentication"
        case .digitalSignature: "digital_signature"
        case .attributes(.pin): "attributes_by_pin"
        case .attributes(.faceNumberB): "attributes_by_face_number_b"
        case .tap: "tap"
        case .certificateRead: "certificate_read"
        }
    }

    /// The secret that this way asks for.
    package var pin: CardPIN? {
        switch self {
        case .userAuthentication: .userAuthentication
        case .digitalSignature: .digitalSignature
        case .attributes(let key): key.pin
        case .tap, .certificateRead: nil
        }
    }

    package var key: CardKey? {
        switch self {
        case .userAuthentication, .tap, .certificateRead: .userAuthentication
        case .digitalSignature: .digitalSignature
        case .attributes: nil
        }
    }
}

/// One identification to be made.
package struct IdentificationRequest: Hashable, Sendable {
    package var way: IdentificationWay
    /// A purpose of the platform's configuration, for example `certificate_issuance`.
    package var purpose: String
    /// How long to wait for a card.
    package var patience: Duration

    package init(_ way: IdentificationWay, purpose: String, patience: Duration = .seconds(60)) {
        (self.way, self.purpose, self.patience) = (way, purpose, patience)
    }
}
