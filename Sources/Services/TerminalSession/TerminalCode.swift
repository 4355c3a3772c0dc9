package import CardProtocol

/// Every outcome that a terminal speaks of; each has sentences in the message catalogue (domain `terminal`), where
/// `{tries}`, `{months}` and `{days}` stand for numbers.
package enum TerminalCode: String, CaseIterable, Sendable {
    // Prompts
    case waitingForCard = "waiting_for_card"
    case recognising
    case pinNeededAuthentication = "pin_needed_authentication"
    case pinNeededSignature = "pin_needed_signature"
    case pinNeededText = "pin_needed_text"
    case pinNeededFaceNumber = "pin_needed_face_number"
    case pinWrongTryAgain = "pin_wrong_try_again"
    case pinMalformed = "pin_malformed"
    case pinMalformedSignature = "pin_malformed_signature"
    case lastTry = "last_try"
    case workingCard = "working_card"
    case workingPlatform = "working_platform"

    // Results
    case queued
    case certificateRead = "certificate_read"
    case attributesProven = "attributes_proven"
    case attributesIssuerUnchecked = "attributes_issuer_unchecked"
    case attributesInvalid = "attributes_invalid"
    case tapProven = "tap_proven"

    // The card's word
    case foreignCard = "foreign_card"
    /// A phone, where what is read is on the card alone.
    case cardItselfNeeded = "card_itself_needed"
    case malformedAnswer = "malformed_answer"
    case cardRefused = "card_refused"
    case wrongPIN = "wrong_pin"
    case pinBlocked = "pin_blocked"
    case pinBlockedSignature = "pin_blocked_signature"
    case pinBlockedFaceNumberB = "pin_blocked_face_number_b"
    case counterUnreadable = "counter_unreadable"
    case pinAbsent = "pin_absent"
    case faceAuthenticationCard = "face_authentication_card"
    case noSignatureCertificate = "no_signature_certificate"
    case noAuthenticationCertificate = "no_authentication_certificate"
    case unsupportedCardAlgorithm = "unsupported_card_algorithm"

    // The way to the card
    case removed
    case noCard = "no_card"
    case readerGone = "reader_gone"
    case serviceGone = "service_gone"
    case cardInUse = "card_in_use"
    case severalCards = "several_cards"
    case cardUnresponsive = "card_unresponsive"
    case cardTimedOut = "card_timed_out"
    case pinCancelled = "pin_cancelled"

    // The way to the platform, and the queue
    case platformUnreachable = "platform_unreachable"
    case platformRefused = "platform_refused"
    case terminalCredentials = "terminal_credentials"
    case notThePlatform = "not_the_platform"
    case queueFull = "queue_full"
    case queueNotDurable = "queue_not_durable"
    case queueKeyUnavailable = "queue_key_unavailable"
    case notEnrolled = "not_enrolled"
    case tapOff = "tap_off"
    case tapNotProven = "tap_not_proven"

    // Notices
    case expiresInMonths = "expires_in_months"
    case expiresInDays = "expires_in_days"
    case certificateExpired = "certificate_expired"

    package init(_ fault: CardFault) { self = TerminalCode(rawValue: fault.code) ?? .cardRefused }

    package init(_ failure: CardChannelFailure) { self = TerminalCode(rawValue: failure.rawValue) ?? .removed }

    package init(_ failure: GatewayFailure) { self = TerminalCode(rawValue: failure.code) ?? .platformRefused }

    package init(_ failure: QueueFailure) { self = TerminalCode(rawValue: failure.rawValue) ?? .queueNotDurable }
}
