internal import Dispatch

/// Runs calls that block on a disk or a library, away from the threads on which answers are made.
///
/// As many run at a time as sources are fetched at a time; the updater bounds those.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "akashi.list-sources", attributes: .concurrent)

    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    static func run<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await run { () -> Result<Value, Failure> in
            do throws(Failure) { return .success(try work()) } catch { return .failure(error) }
        }.get()
    }
}
