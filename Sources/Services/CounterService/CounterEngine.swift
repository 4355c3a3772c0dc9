internal import CounterApplications
internal import Logging
package import Organizations
internal import PKIX
internal import ServiceLifecycle
internal import Verification

/// Finds applications that are due and has them driven: so many of each municipality at once and no more, so that
/// one whose issuer hangs does not slow the others.
package actor CounterEngine: Service {
    package struct Settings: Sendable {
        /// Between two looks at the store; a change in this process is looked at once.
        package var interval: Duration
        /// Seconds that a finished application's skeleton is kept.
        package var skeletonSeconds: Int64
        /// Between two looks for held jobs that nobody owns.
        package var sweepInterval: Duration = .seconds(3_600)
        /// Between two countings for operators; nil counts nothing.
        package var censusInterval: Duration?

        package init(interval: Duration = .milliseconds(250), skeletonSeconds: Int64 = 31_536_000) {
            (self.interval, self.skeletonSeconds) = (interval, skeletonSeconds)
        }
    }

    private let driver: CounterDriver
    private let settings: Settings
    private let owner: String
    private let signal: AsyncStream<Void>
    private let poke: AsyncStream<Void>.Continuation
    private var running: [MunicipalityCode: Int] = [:]
    /// What was found last of municipalities that the configuration has not.
    private var holdings: [CounterHolding] = []
    /// Those of them that it had not at the look before either: another process may have a newer configuration already.
    private var unserved: [MunicipalityCode] = []
    private var wasTrusted = true

    package init(driver: CounterDriver, settings: Settings = Settings()) {
        (self.driver, self.settings) = (driver, settings)
        owner = driver.ports.random(.counterDriver)
        (signal, poke) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something has changed: look now.
    package nonisolated func wake(_ municipality: MunicipalityCode) { poke.yield() }

    package func run() async throws { await cancelWhenGracefulShutdown { await self.runUntilCancelled() } }

    /// The same without a service group.
    package nonisolated func runUntilCancelled() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.tick() }
            group.addTask { await self.work() }
            group.addTask { await self.sweep() }
            group.addTask { await self.count() }
        }
    }

    private nonisolated func tick() async {
        var turn = 0
        while !Task.isCancelled {
            poke.yield()
            if turn % 4_000 == 0 { await purge() }
            turn += 1
            try? await Task.sleep(for: settings.interval)
        }
        poke.finish()
    }

    /// At the start, which may follow a death, and again and again.
    private nonisolated func sweep() async {
        while !Task.isCancelled {
            _ = await SpoolSweep(driver).run()
            try? await Task.sleep(for: settings.sweepInterval)
        }
    }

    private nonisolated func count() async {
        guard let interval = settings.censusInterval else { return }
        while !Task.isCancelled {
            await CounterCensus(driver: driver).record()
            try? await Task.sleep(for: interval)
        }
    }

    private nonisolated func work() async {
        await withDiscardingTaskGroup { group in
            for await _ in signal {
                for claimed in await self.claimed() {
                    group.addTask {
                        await self.driver.drive(claimed.application, lease: claimed.lease)
                        await self.finished(claimed.application.municipality)
                    }
                }
            }
        }
    }

    private struct Claimed {
        let application: CounterApplication
        let lease: CounterLease
    }

    /// Claims what is due, of each municipality as much as it has room for.
    private func claimed() async -> [Claimed] {
        let current = driver.settings()
        var claimed: [Claimed] = []
        guard isOnTime() else { return claimed }
        let left = unserved.filter { current.municipalities[$0] == nil }
        let counters = Array(current.municipalities.values) + left.map { .unserved($0) }
        for counter in counters.sorted(by: { $0.code < $1.code }) {
            let room = counter.parallel - running[counter.code, default: 0]
            guard room > 0 else { continue }
            let now = driver.ports.now
            let lease = CounterLease(
                owner: "\(owner).\(driver.ports.random(.counterDriver))",
                until: now.advanced(bySeconds: current.leaseSeconds))
            // Reserved before the wait, so that a second call finds less room.
            running[counter.code, default: 0] += room
            var found: [CounterApplication] = []
            do throws(CounterStoreError) {
                found = try await driver.ports.store.claim(of: counter.code, dueAt: now, lease: lease, limit: room)
            } catch {
                driver.logger.error("counter: the store does not answer")
            }
            running[counter.code, default: 0] -= room - found.count
            claimed += found.map { Claimed(application: $0, lease: lease) }
        }
        return claimed
    }

    /// Says once when it stops for a clock that is not trusted, and once when it goes on.
    private func isOnTime() -> Bool {
        let isTrusted = driver.ports.isClockTrusted
        if isTrusted != wasTrusted {
            driver.logger.error(
                isTrusted
                    ? "counter: the clock is trusted again; work goes on"
                    : "counter: the clock is not trusted; nothing is issued, printed or wiped until it is")
            CounterMetrics.clock(isTrusted)
        }
        wasTrusted = isTrusted
        return isTrusted
    }

    private func finished(_ municipality: MunicipalityCode) {
        running[municipality, default: 1] -= 1
        poke.yield()
    }

    /// Deletes skeletons that are past their time, and looks for what the configuration's municipalities do not cover.
    package nonisolated func purge() async {
        guard driver.ports.isClockTrusted else { return }
        let before = driver.ports.now.advanced(bySeconds: -settings.skeletonSeconds)
        while let count = try? await driver.ports.store.purge(finishedBefore: before), count >= 1_000 {}
        await keepUnserved()
    }

    /// Retention over what the store holds, also of whom the configuration has no more.
    private func keepUnserved() async {
        let keeping = UnservedMunicipalities(driver, skeletonSeconds: settings.skeletonSeconds)
        guard let found = await keeping.find() else { return }
        for former in holdings where !found.contains(where: { $0.municipality == former.municipality }) {
            CounterMetrics.unserved(0, of: former.municipality)
        }
        if found != holdings { keeping.tell(found) }
        unserved = found.map(\.municipality).filter { code in holdings.contains { $0.municipality == code } }
        holdings = found
        for holding in found { await keeping.end(holding) }
        poke.yield()
    }
}
