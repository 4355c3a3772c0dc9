internal import Synchronization

/// Where a simulated process may stop for others, or for good. Without a pause in tests that need neither.
package final class Life: Sendable {
    private let isAlive = Mutex(true)
    private let pause: (@Sendable (String) async -> Bool)?

    /// - Parameter pause: is told where the process stands, and waits for its turn; false when the process dies here.
    package init(_ pause: (@Sendable (String) async -> Bool)? = nil) { self.pause = pause }

    package var lives: Bool { isAlive.withLock { $0 } }

    /// False once the process is dead: then nothing that it still does has an effect.
    package func goesOn(_ place: @autoclosure () -> String = "") async -> Bool {
        guard lives else { return false }
        if let pause, await !pause(place()) { isAlive.withLock { $0 = false } }
        return lives
    }
}
