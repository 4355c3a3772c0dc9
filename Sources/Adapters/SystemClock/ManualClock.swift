package import PKIX
internal import Synchronization
package import Verification

/// A clock that stands still until it is set: for drills, replays and tests.
package final class ManualClock: TrustedClock {
    private let state: Mutex<ClockReading>

    package init(_ now: ValidationTime, trust: ClockTrust = .trusted) {
        state = Mutex(ClockReading(now: now, trust: trust))
    }

    package func reading() -> ClockReading { state.withLock { $0 } }

    package func set(_ now: ValidationTime, trust: ClockTrust = .trusted) {
        state.withLock { $0 = ClockReading(now: now, trust: trust) }
    }

    /// Moves the time by `seconds` and leaves the trust as it is.
    package func advance(bySeconds seconds: Int64) {
        state.withLock { $0 = ClockReading(now: $0.now.advanced(bySeconds: seconds), trust: $0.trust) }
    }
}
