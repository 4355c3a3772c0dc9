/// Runs what takes long (a pass over a nation's list, flushing a file) beside the requests and not in their place.
package protocol HeavyWork: Sendable {
    /// Runs `body` as soon as one of the workers is free. Cancelling the caller does not end it.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value
}

extension HeavyWork {
    /// The same for what can fail.
    package func attempt<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await run { () -> Result<Value, Failure> in
            do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// In the caller's own thread, for small work and tests.
package struct WorkInPlace: HeavyWork {
    package init() {}

    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value { body() }
}
