/// What the card is, as the recognition tells it.
package struct CardSummary: Hashable, Sendable {
    package let medium: CardMedium
    /// Nil when the card does not say.
    package let presence: CertificatePresence?
    package let pins: [CardPIN: PINState]
    package let isFaceAuthenticationCard: Bool

    /// How 顔認証マイナンバーカード are told apart. No public source says; this is configuration.
    package enum FaceCardRule: String, CaseIterable, Sendable {
        /// A card without 署名用 certificate whose 利用者証明用 PIN takes no try. A child's card with a blocked PIN looks the
        /// same; the sentence fits both, since neither can be used with a PIN.
        case unusablePINWithoutSignature = "unusable_pin_without_signature"
        case never
    }

    package init(_ reading: CardReading, rule: FaceCardRule = .unusablePINWithoutSignature) throws(CardFault) {
        medium = try TokenInformation(reading.files[.tokenInformation] ?? []).medium
        presence =
            if let octets = reading.files[.certificatePresence] { try CertificatePresence(octets) } else { nil }
        pins = reading.pins
        let isUnusable = [.blocked, .absent].contains(reading.pins[.userAuthentication])
        isFaceAuthenticationCard =
            rule != .never && medium == .card && presence?.hasSignatureCertificate == false && isUnusable
    }

    /// Why `key` cannot be used, before anybody types a PIN; nil when it can.
    package func obstacle(to key: CardKey) -> CardFault? {
        if isFaceAuthenticationCard { return .faceAuthenticationCard }
        if medium == .residentRegisterCard { return .certificateAbsent(key) }
        if let presence, !presence.has(key) { return .certificateAbsent(key) }
        switch pins[key.pin] {
        case .blocked: return .pinBlocked(key.pin)
        case .absent: return .pinAbsent(key.pin)
        case .triesLeft, .verified: return nil
        case .unreadable, nil: return .counterUnreadable(key.pin)
        }
    }
}
