internal import Logging
internal import PKIX
internal import ServiceLifecycle
internal import Verification

extension BatchEngine: Service {
    /// Takes up what the last process left, then runs jobs until the service is shut down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.runUntilCancelled() }
    }

    /// The same without a service group.
    package nonisolated func runUntilCancelled() async {
        await ports.lists.waitUntilLoaded()
        guard await claimed() else { return }
        await removeLeftovers()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<settings.workers {
                group.addTask(executorPreference: ports.files.executor) { await self.work() }
            }
            group.addTask { await self.watch() }
        }
        ports.files.release()
    }

    /// Waits until no other process runs the jobs of this store. False when cancelled before.
    private nonisolated func claimed() async -> Bool {
        while !Task.isCancelled {
            if let isHeld = try? ports.files.claim(), isHeld { return true }
            try? await Task.sleep(for: .seconds(2))
        }
        return false
    }

    private nonisolated func work() async {
        while true {
            switch await nextStep() {
            case .prepare(let job): await prepare(job)
            case .slice(let slice):
                await deliver(await slice.work.answers(to: slice.lines, first: slice.first), of: slice)
            case .stop: return
            }
        }
    }

    /// Looks for jobs that other processes made or ended, and deletes what is past its time.
    private nonisolated func watch() async {
        var turn = 0
        while !Task.isCancelled {
            await synchronize()
            if turn % 30 == 0 { await purge() }
            turn += 1
            try? await Task.sleep(for: .seconds(2))
        }
        await stop()
    }

    /// Deletes finished jobs whose time is over, with their files.
    package nonisolated func purge() async {
        let now = ports.clock.reading().now
        while let jobs = try? await ports.store.expiredJobs(at: now, limit: 100), !jobs.isEmpty {
            for job in jobs {
                let event = event(.recordsPurged, job, result: "deleted", at: now)
                ports.files.remove(job.id)
                let isDeleted = try? await ports.store.deleteJob(job.id, of: job.origin.municipality, audit: event)
                guard isDeleted != nil else { return }
            }
        }
        ports.files.sweepSpools(olderThan: 7_200)
    }

    /// Files of jobs that never came to be, or whose deletion was interrupted.
    private nonisolated func removeLeftovers() async {
        guard let ids = try? ports.files.jobIDs(), !ids.isEmpty,
            let known = try? await ports.store.existing(ids)
        else { return }
        for id in ids where !known.contains(id) { ports.files.remove(id) }
    }
}
