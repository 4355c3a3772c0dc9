package import PKIX

/// Whether the time of this machine can be relied on.
package enum ClockTrust: Hashable, Sendable {
    case trusted
    /// Why not, in words for an operator: set back behind the high-water mark, or never set.
    case untrusted(reason: String)
}

/// One reading of the clock.
package struct ClockReading: Hashable, Sendable {
    package let now: ValidationTime
    package let trust: ClockTrust

    package init(now: ValidationTime, trust: ClockTrust) { (self.now, self.trust) = (now, trust) }
}

/// The clock as a port, so that flows run with a hand-set one.
package protocol TrustedClock: Sendable {
    func reading() -> ClockReading
}
