package import Logging
package import Organizations
package import PKIX
package import Verification

/// Fetches lists on schedule and on demand (定期取得機能) and keeps the set in force up to date.
///
/// A bad download changes nothing: the former list stays in force until a newer
/// one has passed every rule, is kept and is recorded.
package actor RevocationUpdater {
    package struct Settings: Sendable {
        package var environment: DeploymentEnvironment
        package var schedule: SourceSchedule.Settings
        /// Sources that are fetched at a time; at least 1.
        package var concurrentFetches: Int
        /// Of those, sources of one server: one that does not answer leaves the others their share.
        package var fetchesPerServer: Int

        package init(
            environment: DeploymentEnvironment,
            schedule: SourceSchedule.Settings = SourceSchedule.Settings(),
            concurrentFetches: Int = 8,
            fetchesPerServer: Int = 4
        ) {
            (self.environment, self.schedule) = (environment, schedule)
            self.fetchesPerServer = max(fetchesPerServer, 1)
            self.concurrentFetches = max(concurrentFetches, 1)
        }
    }

    package enum UpdateError: Error, Hashable, Sendable {
        case unknownSource
    }

    /// The lists in force; readers take snapshots of it.
    package nonisolated let holder: RevocationListHolder
    nonisolated let settings: Settings
    nonisolated let reporting: UpdateReporting
    nonisolated let clock: any TrustedClock
    private let sources: [String: CRLSource]
    private let order: [String]
    /// The server of each source that has one, by the source's id.
    private let servers: [String: String]
    private let fetcher: any CRLFetcher
    private let randomness: any Randomness
    private let intake: ListIntake
    private let started = ContinuousClock.now
    /// Whether the lists that were kept over a restart are in force.
    package private(set) var isLoaded = false
    private var schedules: [String: SourceSchedule]
    private var statuses: [String: SourceStatus]
    private var validators: [String: CacheValidators] = [:]
    private var underWay: [String: Task<SourceOutcome, Never>] = [:]
    private var claimed: Set<String> = []

    /// - Parameter sources: with ids that differ; of two with one id the first counts.
    package init(
        sources: [CRLSource],
        fetcher: any CRLFetcher,
        store: any RevocationListStore,
        pending: any PendingListStore,
        marks: any ListMarkStore,
        records: any RecordStore,
        work: any HeavyWork,
        clock: any TrustedClock,
        randomness: any Randomness,
        settings: Settings,
        logger: Logger
    ) {
        let byID = Dictionary(sources.map { ($0.id, $0) }) { first, _ in first }
        self.sources = byID
        order = sources.map(\.id)
        servers = byID.compactMapValues(\.location.server)
        self.fetcher = fetcher
        self.randomness = randomness
        self.clock = clock
        self.settings = settings
        holder = RevocationListHolder(sources: sources)
        reporting = UpdateReporting(environment: settings.environment, logger: logger)
        intake = ListIntake(
            holder: holder, stores: .init(lists: store, pending: pending, marks: marks, records: records, work: work),
            clock: clock,
            reporting: reporting)
        schedules = byID.mapValues {
            SourceSchedule(interval: .seconds($0.interval), settings: settings.schedule, firstDue: .zero)
        }
        statuses = byID.mapValues { SourceStatus(source: $0) }
    }

    /// Puts the kept lists into force. Once; later calls do nothing.
    ///
    /// - Throws: ``ListStoreError`` when the store cannot be read: without its marks no order is safe.
    package func load() async throws(ListStoreError) {
        guard !isLoaded else { return }
        try await intake.load(Array(sources.values), UpdateOrigin(.schedule, randomness))
        isLoaded = true
        let now = clock.reading().now
        for source in sources.values {
            // A source whose lists are all fresh need not be asked at once after each restart.
            let held = holder.current.lists(ofSource: source.id)
            guard !held.isEmpty, held.allSatisfy({ $0.state(at: now) == .active }) else { continue }
            let soonest = min(.seconds(source.interval), settings.schedule.firstRetry)
            schedules[source.id] = SourceSchedule(
                interval: .seconds(source.interval), settings: settings.schedule,
                firstDue: elapsed + soonest * Double.random(in: 0..<1))
        }
    }

    /// Each configured source and what came of it last, in the order of the configuration.
    package var sourceStatuses: [SourceStatus] { order.compactMap { statuses[$0] } }

    /// Asks one source now.
    package func refresh(_ sourceID: String, by cause: UpdateCause) async throws(UpdateError) -> SourceOutcome {
        guard let source = sources[sourceID] else { throw .unknownSource }
        return await update(source, cause)
    }

    /// Asks every source now, a few at a time: on an operator's word, or when the network is back.
    package func refreshAll(by cause: UpdateCause) async -> [SourceOutcome] {
        var waiting = order.compactMap { sources[$0] }[...]
        return await withTaskGroup(of: SourceOutcome.self) { group in
            for _ in 0..<settings.concurrentFetches {
                guard let source = waiting.popFirst() else { break }
                group.addTask { await self.update(source, cause) }
            }
            var outcomes: [SourceOutcome] = []
            while let outcome = await group.next() {
                outcomes.append(outcome)
                guard let source = waiting.popFirst() else { continue }
                group.addTask { await self.update(source, cause) }
            }
            return outcomes
        }
    }

    /// Takes a list that an operator brought (`POST /v1/crls`), under the same rules as a fetched one.
    ///
    /// - Parameter sourceID: the source that it comes in place of; nil for the one that the list itself points to.
    package func importList(
        _ list: FetchedList,
        to sourceID: String?,
        by cause: UpdateCause
    ) async throws(UpdateError) -> ListImport {
        let origin = UpdateOrigin(cause, randomness)
        if let sourceID {
            guard let source = sources[sourceID] else { throw .unknownSource }
            return await offer(list, to: source, origin)
        }
        let match = SourceMatch(sources: order.compactMap { sources[$0] })
        let now = clock.reading().now
        switch await intake.stores.work.run({ match.source(of: list, now: now) }) {
        case .success(let source): return await offer(list, to: source, origin)
        case .failure(let refusal): return await intake.refuseImport(refusal, of: list, origin)
        }
    }

    /// Takes a list in place of a source's own.
    package func offer(
        _ list: FetchedList,
        to sourceID: String,
        by cause: UpdateCause
    ) async throws(UpdateError) -> ListOutcome {
        try await importList(list, to: sourceID, by: cause).outcome
    }

    /// Octets of the largest list that an import may bring.
    package func largestImport(to sourceID: String?) throws(UpdateError) -> Int {
        guard let sourceID else { return sources.values.map(\.maximumSize).max() ?? 0 }
        guard let source = sources[sourceID] else { throw .unknownSource }
        return source.maximumSize
    }

    private func offer(_ list: FetchedList, to source: CRLSource, _ origin: UpdateOrigin) async -> ListImport {
        let outcome = await intake.take(list, from: source, origin)
        reporting.count(outcome, from: source)
        return ListImport(sourceID: source.id, outcome: outcome, digest: ListImport.digest(of: list))
    }

    /// The lists that wait for operators.
    package func pendingLists() async throws(ListStoreError) -> [PendingList] {
        try await intake.stores.pending.pendingLists().sorted { $0.id < $1.id }
    }

    /// A pending list as it was signed.
    package func octets(ofPending list: PendingList) async throws(ListStoreError) -> StoredOctets {
        try await intake.stores.pending.octets(of: list)
    }

    /// Proposes a pending list, or, for another operator than the one who did, puts it in force.
    package func accept(
        _ id: String,
        _ reason: AcceptanceReason,
        by cause: UpdateCause
    ) async throws(AcceptanceRefusal) -> ListAcceptance {
        try await intake.accept(id, reason, sources, UpdateOrigin(cause, randomness))
    }

    // MARK: One update

    /// Joins an update of the source that is under way, or begins one.
    private func update(_ source: CRLSource, _ cause: UpdateCause) async -> SourceOutcome {
        if let task = underWay[source.id] { return await task.value }
        let task = Task { await self.perform(source, cause) }
        underWay[source.id] = task
        let outcome = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        underWay[source.id] = nil
        return outcome
    }

    private func perform(_ source: CRLSource, _ cause: UpdateCause) async -> SourceOutcome {
        statuses[source.id]?.phase = .downloading
        let hasList = !holder.current.lists(ofSource: source.id).isEmpty
        let fetch = await fetcher.fetch(source, ifChangedSince: hasList ? validators[source.id] : nil)
        var outcomes: [ListOutcome] = []
        switch fetch {
        case .failure(let failure):
            outcomes = [.fetchFailed(failure)]
            await intake.note(failure, of: source, UpdateOrigin(cause, randomness))
        case .unchanged:
            outcomes = [.unchanged]
            await intake.noteDelivery(of: source)
        case .fetched(let lists):
            statuses[source.id]?.phase = .verifying
            let origin = UpdateOrigin(cause, randomness)
            for list in lists { outcomes.append(await intake.take(list, from: source, origin)) }
            // What was refused must be looked at again, not answered with 304.
            validators[source.id] = outcomes.allSatisfy(\.isDelivery) ? lists.last?.validators : nil
            if outcomes.contains(where: \.isDelivery) { await intake.noteDelivery(of: source) }
        }
        return finish(source, outcomes)
    }

    private func finish(_ source: CRLSource, _ outcomes: [ListOutcome]) -> SourceOutcome {
        for outcome in outcomes { reporting.count(outcome, from: source) }
        let now = clock.reading().now
        if outcomes.contains(where: \.isDelivery) {
            let soonest = holder.current.lists(ofSource: source.id).compactMap(\.nextUpdate).min()
            let expiry = soonest.map { Duration.seconds($0.seconds(since: now)) }
            schedules[source.id]?.delivered(at: elapsed, expiry: expiry, jitter: .random(in: 0..<1))
        } else {
            schedules[source.id]?.failed(at: elapsed, jitter: .random(in: 0..<1))
        }
        let outcome = SourceOutcome(sourceID: source.id, outcomes: outcomes, finishedAt: now)
        statuses[source.id]?.phase = .idle
        statuses[source.id]?.lastOutcome = outcome
        return outcome
    }
}

// MARK: Schedule

extension RevocationUpdater {
    private var elapsed: Duration { started.duration(to: .now) }

    /// The source that has been due longest, or how long until one is.
    func claimDue() -> DueSource {
        let busy = claimed.union(underWay.keys).reduce(into: [String: Int]()) { counts, id in
            if let server = servers[id] { counts[server, default: 0] += 1 }
        }
        let waiting = schedules.filter { id, _ in
            !claimed.contains(id) && underWay[id] == nil
                && servers[id].flatMap { busy[$0] } ?? 0 < settings.fetchesPerServer
        }
        guard let next = waiting.min(by: { $0.value.nextDue < $1.value.nextDue }), let source = sources[next.key]
        else { return .none(pause: .seconds(1)) }
        let wait = next.value.nextDue - elapsed
        guard wait <= .zero else { return .none(pause: wait) }
        claimed.insert(source.id)
        return .source(source)
    }

    /// Makes every source due at once, apart from those that delivered a moment ago: the network is back.
    package func expediteAll() {
        let now = elapsed
        for id in schedules.keys { schedules[id]?.expedite(at: now) }
    }

    func updateClaimed(_ source: CRLSource) async {
        _ = await update(source, .schedule)
        claimed.remove(source.id)
    }
}

/// What a worker does next.
enum DueSource: Sendable {
    case source(CRLSource)
    case none(pause: Duration)
}
