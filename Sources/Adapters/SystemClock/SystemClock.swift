internal import Foundation
package import PKIX
internal import Synchronization
package import Verification

/// The machine's clock, watched.
///
/// Every trusted reading raises a high-water mark, in memory and, at most once
/// a minute, in a small file. A reading is untrusted, and raises nothing, when it
/// - lies before 2025, which is a clock that was never set;
/// - lies behind the mark by more than ``Settings/tolerance``: the clock was set back;
/// - has moved on by more than ``Settings/largestStep`` beyond what the
///   machine's uptime counter says since the last trusted reading: set ahead;
/// - at the first reading, lies more than ``Settings/longestOutage`` after the mark in the file.
///
/// It recovers by itself when a later reading passes all rules: the clock was
/// put right, or has caught up with the mark. Otherwise an operator who has
/// compared the clock with another source says so with ``confirm()``, which
/// makes the present reading the mark. A clock that was set ahead therefore
/// never poisons the mark, and one that was set back never makes a stale list fresh.
package final class SystemClock: TrustedClock {
    package struct Settings: Sendable {
        /// Seconds that the clock may lie behind the mark: time servers step it by fractions of a second.
        package var tolerance: Int64 = 30
        /// Seconds that the clock may jump ahead while the machine is up.
        package var largestStep: Int64 = 3_600
        /// Seconds after which a machine that was off must have its clock confirmed.
        package var longestOutage: Int64 = 400 * 86_400
        /// Seconds between two writes of the mark.
        package var persistEvery: Int64 = 60

        package init() {}
    }

    /// Raw readings: the wall clock, and seconds of a counter that nobody sets and that runs on while the machine
    /// sleeps.
    package struct Source: Sendable {
        package let wall: @Sendable () -> ValidationTime
        package let uptime: @Sendable () -> Int64

        package init(wall: @escaping @Sendable () -> ValidationTime, uptime: @escaping @Sendable () -> Int64) {
            (self.wall, self.uptime) = (wall, uptime)
        }

        package static let system = Source(
            wall: { ValidationTime(secondsSince1970: seconds(CLOCK_REALTIME)) },
            uptime: { seconds(CLOCK_BOOTTIME) })

        private static func seconds(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            return clock_gettime(clock, &time) == 0 ? Int64(time.tv_sec) : 0
        }
    }

    /// 2025-01-01T00:00:00Z: no clock that is right is before this program.
    private static let earliest = ValidationTime(secondsSince1970: 1_735_689_600)

    private struct State {
        var mark: ValidationTime?
        var persisted: ValidationTime?
        var lastTrusted: (wall: ValidationTime, uptime: Int64)?
        var persistFailure: String?
    }

    private let settings: Settings
    private let source: Source
    private let file: HighWaterMarkFile?
    private let state: Mutex<State>

    /// - Parameter markPath: keeps the mark over restarts; nil keeps it in memory alone.
    /// - Throws: ``ClockMarkError`` when the file is there but holds no time.
    package init(
        markPath: String?,
        settings: Settings = Settings(),
        source: Source = .system
    ) throws(ClockMarkError) {
        (self.settings, self.source) = (settings, source)
        file = markPath.map { HighWaterMarkFile(path: $0) }
        let mark = try file?.read()
        state = Mutex(State(mark: mark, persisted: mark))
    }

    package func reading() -> ClockReading {
        state.withLock { state in
            let (now, uptime) = (source.wall(), source.uptime())
            if let reason = distrust(now, uptime, state) {
                return ClockReading(now: now, trust: .untrusted(reason: reason))
            }
            accept(now, uptime, &state)
            return ClockReading(now: now, trust: .trusted)
        }
    }

    /// Makes the present reading the mark, on the word of an operator. A clock before 2025 cannot be confirmed.
    @discardableResult
    package func confirm() -> ClockReading {
        state.withLock { state in
            let (now, uptime) = (source.wall(), source.uptime())
            guard now >= SystemClock.earliest else {
                return ClockReading(now: now, trust: .untrusted(reason: "the clock has not been set"))
            }
            (state.mark, state.persisted) = (nil, nil)
            accept(now, uptime, &state)
            return ClockReading(now: now, trust: .trusted)
        }
    }

    /// Why the mark could not be written the last time; nil when it was. For the readiness report.
    package var persistFailure: String? { state.withLock { $0.persistFailure } }

    private func distrust(_ now: ValidationTime, _ uptime: Int64, _ state: State) -> String? {
        guard now >= SystemClock.earliest else { return "the clock has not been set" }
        if let mark = state.mark, now < mark.advanced(bySeconds: -settings.tolerance) {
            return "the clock was set back: \(mark.seconds(since: now)) s behind the latest time seen"
        }
        if let last = state.lastTrusted {
            let ahead = now.seconds(since: last.wall) - (uptime - last.uptime)
            if ahead > settings.largestStep { return "the clock was set ahead by \(ahead) s" }
        } else if let mark = state.mark, now.seconds(since: mark) > settings.longestOutage {
            return "the clock is \(now.seconds(since: mark)) s ahead of the latest time seen: confirm it"
        }
        return nil
    }

    private func accept(_ now: ValidationTime, _ uptime: Int64, _ state: inout State) {
        state.lastTrusted = (now, uptime)
        state.mark = max(state.mark ?? now, now)
        guard let file, let mark = state.mark else { return }
        if let persisted = state.persisted, mark.seconds(since: persisted) < settings.persistEvery { return }
        do throws(ClockMarkError) {
            try file.write(mark)
            (state.persisted, state.persistFailure) = (mark, nil)
        } catch {
            state.persistFailure = error.description
        }
    }
}
