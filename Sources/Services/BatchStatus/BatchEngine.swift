internal import JPKIProfile
package import Logging
internal import Organizations
internal import PKIX
internal import ServiceLifecycle
internal import SignatureValidation
package import Verification

/// Runs bulk jobs: a few workers, jobs in turns, progress made durable as they go.
///
/// One engine of a store runs at a time. What it had begun when its process ended
/// goes on from the last checkpoint when the next one starts.
package actor BatchEngine {
    package struct Ports: Sendable {
        package var store: any BatchJobStore
        package var files: any BatchFiles
        package var lists: any BatchListSource
        package var clock: any TrustedClock
        package var randomness: any Randomness
        /// Sealed records are taken where devices are configured.
        package var sealed: SealedRecordIntake?

        package init(
            store: any BatchJobStore,
            files: any BatchFiles,
            lists: any BatchListSource,
            clock: any TrustedClock,
            randomness: any Randomness,
            sealed: SealedRecordIntake? = nil
        ) {
            self.store = store
            self.files = files
            self.lists = lists
            self.clock = clock
            self.randomness = randomness
            self.sealed = sealed
        }
    }

    nonisolated let ports: Ports
    nonisolated let settings: BatchSettings
    nonisolated let verificationSettings: @Sendable () -> VerificationSettings
    nonisolated let logger: Logger
    nonisolated let identifiers: IdentifierSource
    private var queue = FairQueue()
    /// Jobs in the queue that have not begun in this process.
    private var unprepared: [String: BatchJob] = [:]
    private var preparing: Set<String> = []
    private var runs: [String: BatchRun] = [:]
    private var runCount = 0
    private var idle: [CheckedContinuation<Void, Never>] = []
    private var isStopping = false

    package init(
        ports: Ports,
        settings: BatchSettings,
        verificationSettings: @escaping @Sendable () -> VerificationSettings,
        logger: Logger
    ) {
        self.ports = ports
        self.settings = settings
        self.verificationSettings = verificationSettings
        self.logger = logger
        identifiers = IdentifierSource(ports.randomness)
    }

    /// A job under way, with what has not been made durable yet; nil when it does not run here.
    package func live(_ jobID: String) -> (progress: BatchProgress, remainingSeconds: Int?)? {
        runs[jobID].map { ($0.job.progress, $0.remainingSeconds) }
    }

    // MARK: Queue

    /// Takes jobs up that the store has and this engine does not know, and drops those that no longer run.
    package func synchronize() async {
        guard let jobs = try? await ports.store.unfinishedJobs() else { return }
        BatchMetrics.unfinished(jobs.count)
        for job in jobs where runs[job.id] == nil && unprepared[job.id] == nil && !preparing.contains(job.id) {
            unprepared[job.id] = job
            queue.add(job.id, of: job.origin.municipality)
        }
        let known = Set(jobs.map(\.id))
        // A job may have come since the store was asked; only what ran before can have ended.
        for id in runs.keys where !known.contains(id) { await confirm(id) }
        wake()
    }

    private func confirm(_ id: String) async {
        guard let run = runs[id], !run.isComplete else { return }
        let stored = try? await ports.store.job(id, kind: run.job.kind, of: run.job.origin.municipality)
        if let stored, stored.state == .running { return }
        drop(id)
    }

    /// Forgets a job, whatever is out of it.
    package func drop(_ jobID: String) {
        queue.remove(jobID)
        runs[jobID] = nil
        unprepared[jobID] = nil
    }

    private func wake() {
        for waiting in idle { waiting.resume() }
        idle = []
    }

    func stop() {
        isStopping = true
        wake()
    }

    enum Step: Sendable {
        case prepare(BatchJob)
        case slice(BatchRun.Slice)
        case stop
    }

    /// What a worker does next; waits until there is something.
    func nextStep() async -> Step {
        while !isStopping {
            if let step = step() { return step }
            await withCheckedContinuation { idle.append($0) }
        }
        return .stop
    }

    private func step() -> Step? {
        let limit = settings.workers
        while true {
            let next = queue.next { id in
                runs[id]?.isReady(limit: limit) ?? (unprepared[id] != nil && !preparing.contains(id))
            }
            guard let id = next else { return nil }
            if let job = unprepared.removeValue(forKey: id) {
                preparing.insert(id)
                return .prepare(job)
            }
            guard var run = runs[id] else { return nil }
            do throws(BatchFileError) {
                let slice = try run.take(
                    upTo: settings.sliceSize, longestLine: settings.maximumLine(run.job.kind), from: ports.files)
                runs[id] = run
                return .slice(slice)
            } catch {
                drop(id)
                Task {
                    await self.fail(run.job, error == .damaged || error == .missing ? .inputDamaged : .storageFailed)
                }
            }
        }
    }

    // MARK: Beginning

    func begin(_ job: BatchJob, work: any BatchWork) {
        preparing.remove(job.id)
        runCount += 1
        runs[job.id] = BatchRun(job, work: work, number: runCount)
        wake()
    }

    /// Gives a job up for now; the next synchronisation takes it up again when it is still to be done.
    func giveUp(_ jobID: String) {
        preparing.remove(jobID)
        drop(jobID)
    }

    // MARK: Going on

    /// Takes a worker's answers. A slice of a run that was dropped meanwhile changes nothing.
    func deliver(_ answers: BatchAnswers, of slice: BatchRun.Slice) async {
        guard var run = runs[slice.jobID], run.number == slice.run else { return }
        do throws(BatchFileError) {
            try run.deliver(answers, of: slice, to: ports.files)
            BatchMetrics.answered(answers.counts, run.job.kind)
        } catch {
            drop(slice.jobID)
            await fail(run.job, .storageFailed)
            return
        }
        let isDue = run.job.progress.done - run.durableLines >= settings.checkpointLines
        let isComplete = run.isComplete
        guard !run.isCheckpointing, isDue || isComplete else {
            runs[slice.jobID] = run
            return wake()
        }
        run.isCheckpointing = true
        runs[slice.jobID] = run
        wake()
        if !isComplete { await checkpoint(run.job, run: run.number) }
        // The last answers may have come while the checkpoint was written.
        if let run = runs[slice.jobID], run.number == slice.run, run.isComplete { await complete(run.job) }
    }

    private func checkpoint(_ job: BatchJob, run number: Int) async {
        var isRunning = true
        do {
            try await synchronizeResult(job.id)
            isRunning = try await ports.store.checkpoint(job.id, progress: job.progress)
        } catch {
            logger.error("batch checkpoint not written", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
        guard var run = runs[job.id], run.number == number else { return }
        guard isRunning else { return drop(job.id) }
        run.durableLines = job.progress.done
        // A complete run stays marked, so that one worker completes it.
        run.isCheckpointing = run.isComplete
        runs[job.id] = run
    }

    private func complete(_ job: BatchJob) async {
        await finish(job)
        drop(job.id)
        wake()
    }

    private nonisolated func synchronizeResult(_ id: String) async throws(BatchFileError) {
        try ports.files.synchronizeResult(id)
    }
}
