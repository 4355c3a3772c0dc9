package import CounterApplications
package import Logging
internal import Organizations
internal import PKIX
internal import Verification

/// Carries out the actions of one application that it has claimed, until only a person or time brings it further.
///
/// Each step is recorded before it is done and after; what is found begun is asked about, never done again. Whatever
/// a driver did whose claim has ended is not recorded, and whoever claims next finds out.
package struct CounterDriver: Sendable {
    let ports: CounterPorts
    let breaker: IssuerBreaker
    let settings: @Sendable () -> CounterSettings
    let logger: Logger

    package init(
        ports: CounterPorts,
        breaker: IssuerBreaker,
        settings: @escaping @Sendable () -> CounterSettings,
        logger: Logger
    ) {
        (self.ports, self.breaker, self.settings, self.logger) = (ports, breaker, settings, logger)
    }

    /// Steps of one claim.
    static let mostSteps = 64
    /// Seconds between two looks at papers that are being printed.
    static let watchSeconds: Int64 = 1
    /// Seconds between two looks at what only its municipality's return to the configuration would bring further.
    static let unservedSeconds: Int64 = 60
    /// Seconds that a single call may take; a claim that ends sooner is given back first.
    static let callSeconds: Int64 = 35

    /// One application and the right to work on it.
    struct Work: Sendable {
        var application: CounterApplication
        let lease: CounterLease
        let actor: CounterActor
        let counter: MunicipalCounter
        let scope: Scope
    }

    /// What is done for an application.
    enum Scope: Hashable, Sendable {
        case everything
        /// Of a municipality that the configuration has no more: what runs out is taken back, what has ended is wiped.
        case ending
    }

    /// What came of one step.
    enum Step: Sendable {
        case advanced(CounterApplication)
        /// Nothing to record.
        case unchanged
        /// Somebody else changed it, or the claim has ended: read it again.
        case conflict
        /// The store does not answer.
        case failed
    }

    /// Drives a claimed application and gives the claim back.
    package func drive(_ application: CounterApplication, lease: CounterLease) async {
        let settings = settings()
        let counter = settings.municipalities[application.municipality]
        let actor = CounterActor(environment: settings.environment, id: "akashi", requestID: ports.random(.request))
        var work = Work(
            application: application, lease: lease, actor: actor,
            counter: counter ?? .unserved(application.municipality), scope: counter == nil ? .ending : .everything)
        var pause: ValidationTime?
        steps: for _ in 0..<CounterDriver.mostSteps {
            let now = ports.now
            guard lease.until.seconds(since: now) > CounterDriver.callSeconds, let dueAt = work.application.dueAt,
                dueAt <= now
            else { break }
            switch await step(work) {
            case .advanced(let application): work.application = application
            case .unchanged:
                pause = now.advanced(
                    bySeconds: work.scope == .ending ? CounterDriver.unservedSeconds : CounterDriver.watchSeconds)
                break steps
            case .conflict:
                guard let fresh = await reread(work.application) else { return }
                work.application = fresh
            case .failed: return
            }
        }
        try? await ports.store.release(
            work.application.id, of: work.application.municipality, lease: lease, notBefore: pause)
    }

    private func reread(_ application: CounterApplication) async -> CounterApplication? {
        do throws(CounterStoreError) {
            return try await ports.store.application(application.id, of: application.municipality)
        } catch {
            return nil
        }
    }

    private func step(_ work: Work) async -> Step {
        let application = work.application
        if let deadline = application.deadline, ports.now > deadline { return await record([.timePassed], work) }
        if application.isWipedUnfinished(at: ports.now) { return await wipeUnfinished(work) }
        if let giveUpAt = application.giveUpAt, ports.now >= giveUpAt { return await giveUpCancelling(work) }
        let actions = application.actions
        guard let first = actions.first, work.scope == .everything || first.isEnding else { return .unchanged }
        let kinds = actions.compactMap { $0.kind(like: first) }
        switch first {
        case .issue: return await issue(work)
        case .askIssuer: return await askIssuer(work)
        case .cancelIssue: return await cancelIssue(work)
        case .render: return await render(work)
        case .hold: return await hold(kinds, work)
        case .findJob: return await findJobs(kinds, work)
        case .releasePapers: return await recordUnlessStopped([.releasing], work)
        case .release: return await release(kinds, work)
        case .watch: return await watch(kinds, work)
        case .withdraw: return await withdraw(kinds, work)
        case .deleteDocuments: return await deleteDocuments(work)
        case .wipe: return await record([.wiped], work)
        }
    }

    // MARK: Recording

    /// Records events as one change.
    func record(
        _ events: [CounterEvent],
        _ work: Work,
        prepare: (inout CounterChange) -> Void = { _ in }
    ) async -> Step {
        guard !events.isEmpty else { return .unchanged }
        do throws(CounterStoreError) {
            return .advanced(try await commit(events, work, prepare: prepare))
        } catch {
            return CounterDriver.step(after: error)
        }
    }

    /// The same for what must not happen while the municipality's issuing is stopped: then the application is taken
    /// back.
    func recordUnlessStopped(_ events: [CounterEvent], _ work: Work) async -> Step {
        do throws(CounterStoreError) {
            return .advanced(try await commit(events, work) { _ in })
        } catch {
            guard error == .issuingStopped else { return CounterDriver.step(after: error) }
            return await record([.voidRequested(.issuingStopped, by: .platform)], work)
        }
    }

    private func commit(
        _ events: [CounterEvent],
        _ work: Work,
        prepare: (inout CounterChange) -> Void
    ) async throws(CounterStoreError) -> CounterApplication {
        var change: CounterChange
        do throws(CounterRefusal) {
            change = try CounterChange(work.application, events, by: work.actor, at: ports.now, lease: work.lease)
        } catch {
            // The machine itself refuses what the driver made out: a defect, and never a loop.
            logger.error("counter: an event was refused", metadata: ["refusal": .string(error.rawValue)])
            throw .unavailable(reason: error.rawValue)
        }
        prepare(&change)
        try await ports.store.commit([change])
        if change.application.state != work.application.state, change.application.state.isFinal {
            CounterMetrics.ended(change.application)
        }
        return change.application
    }

    static func step(after error: CounterStoreError) -> Step {
        switch error {
        case .conflict: .conflict
        case .exists, .issuingStopped, .unavailable: .failed
        }
    }
}

extension CounterAction {
    /// Whether it takes back or wipes, and neither asks for a certificate nor prints.
    fileprivate var isEnding: Bool {
        switch self {
        case .cancelIssue, .withdraw, .deleteDocuments, .wipe: true
        case .issue, .askIssuer, .render, .hold, .findJob, .releasePapers, .release, .watch: false
        }
    }

    /// The paper of an action of the same sort as `other`.
    fileprivate func kind(like other: CounterAction) -> PaperKind? {
        switch (self, other) {
        case (.hold(let kind), .hold), (.findJob(let kind), .findJob), (.release(let kind), .release),
            (.watch(let kind), .watch), (.withdraw(let kind), .withdraw):
            kind
        default: nil
        }
    }
}
