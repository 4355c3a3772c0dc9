internal import Foundation
package import PKIX
package import Verification

/// A clock that runs faster than the machine's, alike in every process that begins with the same numbers.
package struct OfficeClock: TrustedClock {
    private let start: ValidationTime
    private let origin: UInt64
    private let pace: UInt64

    /// - Parameters:
    ///   - start: the time at `origin`.
    ///   - origin: nanoseconds of the machine's monotonic clock.
    ///   - pace: seconds that pass in one.
    package init(start: ValidationTime, origin: UInt64, pace: UInt64) {
        (self.start, self.origin, self.pace) = (start, origin, pace)
    }

    package static var monotonic: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    package func reading() -> ClockReading {
        let passed = OfficeClock.monotonic &- origin
        return ClockReading(
            now: start.advanced(bySeconds: Int64(passed / 1_000 &* pace / 1_000_000)), trust: .trusted)
    }
}
