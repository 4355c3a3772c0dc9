internal import Dispatch

/// Runs an actor on a thread that may wait, so that no cooperative one does.
final class WaitingExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "sealed queue")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
