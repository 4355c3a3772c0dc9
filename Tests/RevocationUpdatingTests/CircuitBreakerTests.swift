import OCSPOverHTTP
import Testing

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    let settings = CircuitBreaker.Settings(failuresToOpen: 3, firstPause: .seconds(1), longestPause: .seconds(10))

    private func leave(_ breaker: inout CircuitBreaker, at now: Duration) throws -> CircuitBreaker.Permit {
        let permit = breaker.permit(at: now)
        return try #require(permit)
    }

    private func opened() throws -> CircuitBreaker {
        var breaker = CircuitBreaker(settings)
        for _ in 0..<3 {
            let permit = try leave(&breaker, at: .zero)
            breaker.record(.failed, for: permit, at: .zero, jitter: 0)
        }
        return breaker
    }

    @Test("opens after failures in a row, and not after as many with a success between")
    func opening() throws {
        #expect(try opened().state == .open)
        var breaker = CircuitBreaker(settings)
        for outcome: CircuitBreaker.Outcome in [.failed, .failed, .succeeded, .failed, .failed, .abandoned] {
            let permit = try leave(&breaker, at: .zero)
            breaker.record(outcome, for: permit, at: .zero, jitter: 0)
        }
        #expect(breaker.state == .closed)
    }

    @Test("lets nothing through while open, then one probe alone")
    func probing() throws {
        var breaker = try opened()
        let early = breaker.permit(at: .milliseconds(999))
        #expect(early == nil)
        _ = try leave(&breaker, at: .seconds(1))
        #expect(breaker.state == .halfOpen)
        for _ in 0..<5 {
            let second = breaker.permit(at: .seconds(2))
            #expect(second == nil)
        }
    }

    @Test("closes when the probe succeeds")
    func closing() throws {
        var breaker = try opened()
        let probe = try leave(&breaker, at: .seconds(1))
        breaker.record(.succeeded, for: probe, at: .seconds(1), jitter: 0)
        #expect(breaker.state == .closed)
        // And counts from nothing again.
        for _ in 0..<2 {
            let permit = try leave(&breaker, at: .seconds(2))
            breaker.record(.failed, for: permit, at: .seconds(2), jitter: 0)
        }
        #expect(breaker.state == .closed)
    }

    @Test("doubles its pause with each failed probe, up to the longest")
    func backOff() throws {
        var breaker = try opened()
        var now = Duration.zero
        var pauses: [Duration] = [breaker.opensUntil - now]
        for _ in 0..<5 {
            now = breaker.opensUntil
            let probe = try leave(&breaker, at: now)
            breaker.record(.failed, for: probe, at: now, jitter: 0)
            pauses.append(breaker.opensUntil - now)
        }
        #expect(pauses == [1, 2, 4, 8, 10, 10].map { .seconds($0) })
    }

    @Test("lengthens a pause by chance within a quarter", arguments: [-3.0, 0, 0.5, 1, 9])
    func jitter(_ jitter: Double) throws {
        var breaker = CircuitBreaker(.init(failuresToOpen: 1, firstPause: .seconds(1), longestPause: .seconds(9)))
        let permit = try leave(&breaker, at: .zero)
        breaker.record(.failed, for: permit, at: .zero, jitter: jitter)
        #expect(breaker.opensUntil >= .seconds(1) && breaker.opensUntil <= .milliseconds(1_250))
    }

    @Test("is not decided by answers to questions of an earlier period")
    func lateAnswers() throws {
        var breaker = CircuitBreaker(settings)
        let late = try leave(&breaker, at: .zero)
        for _ in 0..<3 {
            let permit = try leave(&breaker, at: .zero)
            breaker.record(.failed, for: permit, at: .zero, jitter: 0)
        }
        breaker.record(.succeeded, for: late, at: .zero, jitter: 0)
        #expect(breaker.state == .open)
        let probe = try leave(&breaker, at: .seconds(1))
        breaker.record(.failed, for: late, at: .seconds(1), jitter: 0)
        #expect(breaker.state == .halfOpen)
        breaker.record(.succeeded, for: probe, at: .seconds(1), jitter: 0)
        #expect(breaker.state == .closed)
    }

    @Test("is not stuck half-open when the caller of the probe gives up")
    func abandonedProbe() throws {
        var breaker = try opened()
        let probe = try leave(&breaker, at: .seconds(1))
        breaker.record(.abandoned, for: probe, at: .seconds(2), jitter: 0)
        _ = try leave(&breaker, at: .seconds(2))
    }
}
