package import Organizations
package import PKIX
internal import Synchronization

/// Stops asking an issuing server that does not answer, one 団体 apart from the other. Requests and look-ups count
/// together: both go to the one server (docs/issuing-server.md).
package final class IssuerBreaker: Sendable {
    package struct Settings: Hashable, Sendable {
        /// Failures in a row after which nothing is sent.
        package var failures: Int
        /// Seconds until one request is let through again; doubled with each that fails, at most 16 times as long.
        package var seconds: Int64

        package init(failures: Int = 4, seconds: Int64 = 5) { (self.failures, self.seconds) = (failures, seconds) }
    }

    private struct State {
        var failures = 0
        var openUntil: ValidationTime?
        var isProbing = false
    }

    private let settings: Settings
    private let states = Mutex<[MunicipalityCode: State]>([:])

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Whether a request may be sent now. One that may must be followed by ``note(_:of:at:)``.
    func admits(_ municipality: MunicipalityCode, at now: ValidationTime) -> Bool {
        states.withLock { states in
            guard let openUntil = states[municipality]?.openUntil else { return true }
            guard now >= openUntil, states[municipality]?.isProbing == false else { return false }
            states[municipality]?.isProbing = true
            return true
        }
    }

    /// Whether a new application would wait for nothing.
    package func isOpen(_ municipality: MunicipalityCode, at now: ValidationTime) -> Bool {
        states.withLock { $0[municipality]?.openUntil.map { now < $0 } ?? false }
    }

    /// Whether it has not answered since it was given up: as ``isOpen(_:at:)``, and until a request gets an answer.
    package func isAway(_ municipality: MunicipalityCode) -> Bool {
        states.withLock { $0[municipality]?.openUntil != nil }
    }

    enum Outcome {
        case answered
        case failed
        /// Nothing was sent after all: what is known of the issuer stays.
        case notTried
    }

    func note(_ outcome: Outcome, of municipality: MunicipalityCode, at now: ValidationTime) {
        let isOpen = states.withLock { states in
            switch outcome {
            case .answered:
                states[municipality] = nil
                return false
            case .notTried:
                states[municipality]?.isProbing = false
                return states[municipality]?.openUntil != nil
            case .failed: break
            }
            var state = states[municipality] ?? State()
            state.failures = min(state.failures + 1, 1_000)
            state.isProbing = false
            if state.failures >= settings.failures {
                let doublings = min(4, state.failures - settings.failures)
                state.openUntil = now.advanced(bySeconds: settings.seconds << Int64(doublings))
            }
            states[municipality] = state
            return state.openUntil != nil
        }
        CounterMetrics.issuer(isOpen ? .away : .answering, of: municipality)
    }
}
