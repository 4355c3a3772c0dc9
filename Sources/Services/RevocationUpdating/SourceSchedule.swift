/// When a source is asked next: its interval after a delivery, a growing pause after a failure.
///
/// A value: monotonic time and chance come in.
package struct SourceSchedule: Hashable, Sendable {
    package struct Settings: Hashable, Sendable {
        /// The pause after the first failure in a row; also the shortest pause of all.
        package var firstRetry: Duration
        package var longestRetry: Duration

        package init(firstRetry: Duration = .seconds(60), longestRetry: Duration = .seconds(1_800)) {
            (self.firstRetry, self.longestRetry) = (firstRetry, longestRetry)
        }
    }

    package let interval: Duration
    package let settings: Settings
    package private(set) var nextDue: Duration
    package private(set) var failures = 0
    private var lastDelivery: Duration?

    package init(interval: Duration, settings: Settings, firstDue: Duration) {
        (self.interval, self.settings, nextDue) = (interval, settings, firstDue)
    }

    /// - Parameters:
    ///   - expiry: until the list's nextUpdate; a list that ends before the interval does is renewed then.
    ///   - jitter: 0 up to 1; moves the next attempt within a tenth of the pause either way.
    package mutating func delivered(at now: Duration, expiry: Duration?, jitter: Double) {
        failures = 0
        lastDelivery = now
        let pause = expiry.map { min(interval, max($0, settings.firstRetry)) } ?? interval
        nextDue = now + SourceSchedule.spread(pause, by: 0.1, jitter)
    }

    /// Doubles the pause with each failure in a row, within the longest one and the interval.
    package mutating func failed(at now: Duration, jitter: Double) {
        let doubled = settings.firstRetry * (1 << min(failures, 20))
        failures += 1
        let pause = min(doubled, settings.longestRetry, max(interval, settings.firstRetry))
        nextDue = now + SourceSchedule.spread(pause, by: 0.25, jitter)
    }

    /// Due at once, with the shortest pause after the next failure: what failed before may work now.
    ///
    /// Not within the shortest pause after a delivery, so that a line that flutters does not fetch everything
    /// again and again.
    package mutating func expedite(at now: Duration) {
        if let lastDelivery, now - lastDelivery < settings.firstRetry { return }
        nextDue = min(nextDue, now)
        failures = 0
    }

    private static func spread(_ pause: Duration, by share: Double, _ jitter: Double) -> Duration {
        pause * (1 + share * (2 * min(max(jitter, 0), 1) - 1))
    }
}
