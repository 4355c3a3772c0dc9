internal import Foundation
internal import RevocationUpdating

/// Threads of their own for work that keeps a processor or waits for a disk, so that requests are not kept waiting by
/// it. Swift's own threads are as many as processors: two lists at once would stop every answer on a small machine.
package final class WorkerQueue: HeavyWork {
    private let queue = OperationQueue()

    /// - Parameter width: pieces of work at a time; at least 1.
    package init(width: Int) {
        queue.name = "akashi.lists"
        queue.maxConcurrentOperationCount = max(width, 1)
        queue.qualityOfService = .utility
    }

    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: body()) }
        }
    }
}
