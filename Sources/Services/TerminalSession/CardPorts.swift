package import CardProtocol

/// Why the way to a card failed, as far as the card itself has no say in it.
package enum CardChannelFailure: String, Error, Hashable, CaseIterable, Sendable {
    /// The card left the reader.
    case removed
    /// No card came within the time.
    case noCard = "no_card"
    /// The reader was unplugged, or there is none.
    case readerGone = "reader_gone"
    /// The card service (pcscd) does not answer.
    case serviceGone = "service_gone"
    /// Another program holds the card.
    case inUse = "card_in_use"
    /// The card was put in the wrong way round, is damaged, or is none that the reader understands.
    case unresponsive = "card_unresponsive"
    /// Two readers hold a card, and none was named.
    case severalCards = "several_cards"
    /// The card or its reader did not answer within the time.
    case timedOut = "card_timed_out"
    /// The reader's own keys were to be used, and nobody typed or somebody cancelled.
    case pinCancelled = "pin_cancelled"
}

/// Where the PIN is typed.
package enum PINPlace: String, Hashable, Sendable {
    /// At this device: screen, keyboard or keypad.
    case terminal
    /// On the reader's own keys; the PIN never enters this program.
    case reader
}

/// Where a PIN comes from when it is presented.
package enum PINSource: Sendable {
    case typed(any SecretOctets)
    case reader
}

/// A connected card.
package protocol CardChannel: Sendable {
    /// Whether the reader has keys of its own and a way to use them (VERIFY_PIN_DIRECT).
    var hasKeypad: Bool { get }

    /// Sends a command; the whole answer with its status word.
    func transmit(_ octets: [UInt8]) async throws(CardChannelFailure) -> [UInt8]

    /// Presents a PIN to the selected PIN file. A typed secret is copied into memory that is overwritten afterwards.
    func present(_ pin: CardPIN, _ source: PINSource) async throws(CardChannelFailure) -> [UInt8]

    /// Returns when the card has left, the reader is gone, or the task is cancelled.
    func untilRemoved() async

    /// Resets the card, so that nothing stays verified, and lets go of it.
    func close() async
}

/// A place where a card can be put: one reader, or any of those there are.
package protocol CardSlot: Sendable {
    /// Waits for a card and connects to it.
    ///
    /// - Throws: ``CardChannelFailure/noCard`` when none came within the time. A card service that restarts and a reader
    ///   that is plugged in again are waited for too.
    func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel
}
