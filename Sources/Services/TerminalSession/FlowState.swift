package import CardProtocol

/// What a page or a terminal shows. Holds nothing secret; a finished result holds what the person came for, until
/// ``IdentificationFlow/wipe()``.
package enum FlowState: Hashable, Sendable {
    /// Nothing begun, or wiped.
    case idle
    case waitingForCard
    /// A card is there and is being recognised.
    case recognising
    /// Waits for ``IdentificationFlow/submit(_:)``, or for the reader's own keys.
    case pinNeeded(PINPrompt)
    case working(CardMedium, FlowActivity)
    case finished(IdentificationResult)
    case failed(FlowFailure)

    /// The word in JSON.
    package var name: String {
        switch self {
        case .idle: "idle"
        case .waitingForCard: "waiting_for_card"
        case .recognising: "recognising"
        case .pinNeeded: "pin_needed"
        case .working: "working"
        case .finished: "finished"
        case .failed: "failed"
        }
    }

    /// Whether nothing more happens before ``IdentificationFlow/wipe()`` or another start.
    package var isFinal: Bool {
        switch self {
        case .idle, .finished, .failed: true
        default: false
        }
    }
}

package enum FlowActivity: String, Hashable, Sendable {
    /// The card reads, compares or signs: it must stay where it is.
    case card
    /// The platform judges; the card may be taken.
    case platform
}

/// Which PIN, how many tries, and what went before.
package struct PINPrompt: Hashable, Sendable {
    package enum Reason: String, Hashable, Sendable {
        case first
        /// The last one was wrong; a try was spent.
        case wrong
        /// The last one has not the form of this PIN; it was not sent, no try was spent.
        case malformed
        /// One try is left: ``IdentificationFlow/allowLastTry()`` must come first.
        case lastTry = "last_try"
    }

    package let medium: CardMedium
    package let pin: CardPIN
    package let triesLeft: Int
    package let place: PINPlace
    package let reason: Reason
    /// What can be said already, such as an expiry that is near.
    package let notices: [CardNotice]

    /// The code of its sentences.
    package var code: TerminalCode {
        switch (reason, pin) {
        case (.wrong, _): .pinWrongTryAgain
        case (.malformed, .digitalSignature): .pinMalformedSignature
        case (.malformed, _): .pinMalformed
        case (.lastTry, _): .lastTry
        case (.first, .userAuthentication): .pinNeededAuthentication
        case (.first, .digitalSignature): .pinNeededSignature
        case (.first, .textInput): .pinNeededText
        case (.first, .faceNumberB): .pinNeededFaceNumber
        }
    }
}

/// How an identification ended without a result.
package struct FlowFailure: Hashable, Sendable {
    package let code: TerminalCode
    /// Of the PIN that it is about, when it is known.
    package let triesLeft: Int?
    package let notices: [CardNotice]
    /// Sentences of the platform, keyed `staff_ja` and so on; empty for those of this device.
    package let messages: [String: String]

    package init(
        _ code: TerminalCode, triesLeft: Int? = nil, notices: [CardNotice] = [], messages: [String: String] = [:]
    ) {
        (self.code, self.triesLeft, self.notices, self.messages) = (code, triesLeft, notices, messages)
    }
}
