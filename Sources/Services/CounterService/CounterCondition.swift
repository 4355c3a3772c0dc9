/// What of the platform is not as usual now, as far as it matters to staff at a counter.
package enum CounterCondition: String, CaseIterable, Hashable, Sendable {
    /// A responder does not answer: identifications rest on the lists that are held (縮退).
    case responderAway = "responder_away"
    /// A list is missing or past its next update: what rests on it alone is not confirmed.
    case listsStale = "lists_stale"
    /// The clock of the machine is not trusted: nothing is confirmed.
    case clockUntrusted = "clock_untrusted"
    /// The municipality's issuer or register does not answer: nothing new is sent there for a while.
    case issuerAway = "issuer_away"
}
