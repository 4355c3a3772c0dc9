/// Keeps a responder that does not answer from being asked again and again.
///
/// A value: time comes in, what to do comes out. Closed, it lets everything
/// through and counts failures in a row; open, it refuses until its pause has
/// passed; half-open, it lets one probe through, whose outcome decides. Each
/// further opening doubles the pause, up to a limit.
package struct CircuitBreaker: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case closed
        case halfOpen = "half_open"
        case open
    }

    package struct Settings: Hashable, Sendable {
        /// Failures in a row that open it; at least 1.
        package var failuresToOpen: Int
        /// The pause after the first opening.
        package var firstPause: Duration
        package var longestPause: Duration

        package init(
            failuresToOpen: Int = 5,
            firstPause: Duration = .seconds(1),
            longestPause: Duration = .seconds(60)
        ) {
            self.failuresToOpen = max(failuresToOpen, 1)
            (self.firstPause, self.longestPause) = (firstPause, longestPause)
        }
    }

    /// Leave to send one request; it comes back with the outcome.
    package struct Permit: Hashable, Sendable {
        fileprivate let period: UInt64
    }

    package enum Outcome: Hashable, Sendable {
        case succeeded
        case failed
        /// Nothing was learned: the caller gave up.
        case abandoned
    }

    package let settings: Settings
    package private(set) var state = State.closed
    /// When a probe may go out; meaningful while open.
    package private(set) var opensUntil = Duration.zero
    private var failures = 0
    private var openings = 0
    /// Counts changes of state, so that an answer from an earlier period decides nothing.
    private var period: UInt64 = 0

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Leave to send, or nil while the responder is to be left alone.
    ///
    /// - Parameter now: a monotonic time.
    package mutating func permit(at now: Duration) -> Permit? {
        switch state {
        case .closed:
            return Permit(period: period)
        case .halfOpen:
            return nil
        case .open:
            guard now >= opensUntil else { return nil }
            enter(.halfOpen)
            return Permit(period: period)
        }
    }

    /// Takes the outcome of a permitted request.
    ///
    /// - Parameter jitter: 0 up to 1; lengthens a pause by up to a quarter, so that many clients do not probe at once.
    package mutating func record(_ outcome: Outcome, for permit: Permit, at now: Duration, jitter: Double) {
        guard permit.period == period else { return }
        switch (state, outcome) {
        case (.closed, .succeeded):
            failures = 0
        case (.closed, .failed):
            failures += 1
            if failures >= settings.failuresToOpen { open(at: now, jitter) }
        case (.halfOpen, .succeeded):
            (failures, openings) = (0, 0)
            enter(.closed)
        case (.halfOpen, .failed):
            open(at: now, jitter)
        case (.halfOpen, .abandoned):
            // The next caller probes at once.
            opensUntil = now
            enter(.open)
        case (.closed, .abandoned), (.open, _):
            break
        }
    }

    private mutating func open(at now: Duration, _ jitter: Double) {
        let doubled = settings.firstPause * (1 << min(openings, 20))
        let pause = min(doubled, settings.longestPause)
        openings += 1
        opensUntil = now + pause + pause * (min(max(jitter, 0), 1) / 4)
        enter(.open)
    }

    private mutating func enter(_ next: State) {
        state = next
        period += 1
    }
}
