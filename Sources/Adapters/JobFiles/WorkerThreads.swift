internal import Foundation

/// A few threads of their own, below the others in the system's order of precedence: bulk work and its files take
/// what interactive requests leave.
package final class WorkerThreads: TaskExecutor {
    private let queue = WorkQueue()

    /// - Parameter niceness: 0 to 19, what the system's scheduler takes off these threads' share.
    package init(count: Int, niceness: Int32 = 10) {
        for _ in 0..<max(count, 1) {
            let thread = Thread { [queue] in
                // On Linux a priority belongs to the thread.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
                while let work = queue.next() { work() }
            }
            thread.name = "akashi.batch"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    /// The threads end once their queue is empty.
    deinit { queue.stop() }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.add { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Work for threads that wait for it. Everything in it changes under its lock.
private final class WorkQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []
    private var isStopped = false

    func add(_ work: @escaping @Sendable () -> Void) {
        condition.withLock {
            waiting.append(work)
            condition.signal()
        }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    /// Waits for work; nil when there will be none.
    func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while waiting.isEmpty {
                if isStopped { return nil }
                condition.wait()
            }
            return waiting.removeFirst()
        }
    }
}
