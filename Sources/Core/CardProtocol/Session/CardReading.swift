/// What a procedure has learned from a card so far.
package struct CardReading: Hashable, Sendable {
    package internal(set) var pins: [CardPIN: PINState] = [:]
    /// The files as they are on the card, without what stands behind their end.
    package internal(set) var files: [CardFile: [UInt8]] = [:]
    package internal(set) var signature: [UInt8]?
    package internal(set) var algorithm: CardAlgorithm?

    package init() {}
}

/// What to do next with the card.
package enum CardAction: Hashable, Sendable {
    case transmit(CommandAPDU)
    /// Send the command with the PIN behind it, or let the reader's own keys ask for it.
    case verify(VerifyCommand)
    case finished(CardReading)
    case failed(CardFault)
}

/// Whether the last try of a PIN may be spent.
package enum LastTryRule: Hashable, Sendable {
    case refused
    /// A supervisor (監督者) said so for this one attempt.
    case allowedBySupervisor
}
