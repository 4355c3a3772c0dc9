/// Why a card session ended without what it was for. Each has sentences in the message catalogue under ``code``.
package enum CardFault: Error, Hashable, Sendable {
    /// In which way an answer is none.
    package enum Malformation: String, Hashable, Sendable {
        case truncated
        case tooLong = "too_long"
        case unexpectedContents = "unexpected_contents"
        /// The card asks for one more command time and again.
        case endless
    }

    /// The card has no 公的個人認証 application.
    case foreignCard
    case malformedAnswer(Malformation)
    /// The card refused a command for a reason that is none of the others.
    case refused(StatusWord, CardOperation)
    /// A try was spent, by the person who typed.
    case wrongPIN(CardPIN, triesLeft: Int)
    case pinBlocked(CardPIN)
    /// One try is left, and nobody took the responsibility for it.
    case lastTry(CardPIN)
    /// The counter could not be read, so no PIN was sent.
    case counterUnreadable(CardPIN)
    case pinAbsent(CardPIN)
    /// 顔認証マイナンバーカード: no PIN is ever tried.
    case faceAuthenticationCard
    /// The card has no such certificate: 署名用 below the age of 15, for example.
    case certificateAbsent(CardKey)
    /// The key of the certificate is of a kind that no card is known to have.
    case unsupportedAlgorithm

    /// The code in JSON and in the message catalogue.
    package var code: String {
        switch self {
        case .foreignCard: "foreign_card"
        case .malformedAnswer: "malformed_answer"
        case .refused: "card_refused"
        case .wrongPIN: "wrong_pin"
        case .pinBlocked(.digitalSignature): "pin_blocked_signature"
        case .pinBlocked(.faceNumberB): "pin_blocked_face_number_b"
        case .pinBlocked: "pin_blocked"
        case .lastTry: "last_try"
        case .counterUnreadable: "counter_unreadable"
        case .pinAbsent: "pin_absent"
        case .faceAuthenticationCard: "face_authentication_card"
        case .certificateAbsent(.digitalSignature): "no_signature_certificate"
        case .certificateAbsent: "no_authentication_certificate"
        case .unsupportedAlgorithm: "unsupported_card_algorithm"
        }
    }
}

/// What a command is for; stands in faults and traces.
package enum CardOperation: Hashable, Sendable {
    case select(CardApplication)
    case read(CardFile)
    case countTries(CardPIN)
    case verify(CardPIN)
    case sign(CardKey)

    package var name: String {
        switch self {
        case .select(let application): "select_" + application.rawValue
        case .read(let file): "read_" + file.rawValue
        case .countTries(let pin): "count_tries_" + pin.rawValue
        case .verify(let pin): "verify_" + pin.rawValue
        case .sign(let key): "sign_" + key.rawValue
        }
    }
}
