package import CardProtocol
package import SignatureAlgorithms
package import Verification

/// What a terminal is put together from. The clock says how long a certificate is still valid; verdicts are the platform's.
package struct TerminalParts: Sendable {
    package var slot: any CardSlot
    package var gateway: any PlatformGateway
    package var clock: any TrustedClock
    /// Nil: without the platform nothing is done.
    package var queue: (any SealedQueue)?
    /// Nil: かざし利用 is off.
    package var tap: (any TapAuthentication)?
    package var rules = TerminalRules()

    package init(
        slot: any CardSlot, gateway: any PlatformGateway, clock: any TrustedClock, queue: (any SealedQueue)? = nil,
        tap: (any TapAuthentication)? = nil
    ) {
        (self.slot, self.gateway, self.clock, self.queue, self.tap) = (slot, gateway, clock, queue, tap)
    }
}

/// What is configuration because no public source states it.
package struct TerminalRules: Sendable {
    package var faceCard = CardSummary.FaceCardRule.unusablePINWithoutSignature
    /// Months before the end of validity at which renewal begins.
    package var renewalWindow = 3
    /// Keys of those who certify the signers of card data, by key identifier.
    package var attributeIssuers: [[UInt8]: PublicKey] = [:]

    package init() {}
}
