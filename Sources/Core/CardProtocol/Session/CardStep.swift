/// One thing to do with a card; several commands each.
package enum CardStep: Hashable, Sendable {
    /// Whether the card must have what the step looks for.
    package enum Need: Hashable, Sendable {
        case required
        /// A file that is not there or may not be read is left out.
        case optional
    }

    case select(CardApplication)
    case read(CardFile, Need)
    case countTries(CardPIN)
    /// Reads the counter and presents the PIN only if a try more than the last is left.
    case verify(CardPIN)
    /// Signs with a key whose certificate was read before or is given.
    case sign(CardKey, CardMessage)
}

extension [CardStep] {
    /// Which card it is, what it holds, how many tries are left. Spends nothing and reads no certificate.
    package static let recognition: [CardStep] = [
        .select(.publicPersonalAuthentication), .read(.tokenInformation, .required),
        .read(.certificatePresence, .optional), .countTries(.userAuthentication), .countTries(.digitalSignature),
    ]

    /// The 利用者証明用 certificate without a PIN: free on cards, refused by Android. It proves nothing.
    package static let freeCertificate: [CardStep] = [
        .select(.publicPersonalAuthentication), .read(.authenticationCertificate, .optional),
    ]

    /// PIN, certificate and signature. The PIN comes first: on Android both certificates stand behind it, on cards 署名用.
    package static func signature(_ key: CardKey, over message: CardMessage) -> [CardStep] {
        [
            .select(.publicPersonalAuthentication), .verify(key.pin), .read(key.certificate, .required),
            .sign(key, message),
        ]
    }

    /// Name, address, date of birth and sex from 券面事項入力補助, with what proves them. 個人番号 is not among them.
    package static func attributes(by pin: CardPIN) -> [CardStep] {
        [
            .select(.textInput), .verify(pin), .read(.basicFour, .required), .read(.basicFourSignature, .required),
            .read(.textCertificate, .required),
        ]
    }
}
