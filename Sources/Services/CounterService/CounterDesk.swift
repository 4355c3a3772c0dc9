package import CounterApplications
package import Logging
package import Organizations
package import PKIX
internal import Verification

/// The use cases of staff behind the counter. Who acts has been established by the staff listener; every call looks
/// at the member's municipality and roles again.
package struct CounterDesk: Sendable {
    let ports: CounterPorts
    let settings: @Sendable () -> CounterSettings
    let wake: @Sendable (MunicipalityCode) -> Void
    let logger: Logger
    let breaker: IssuerBreaker?
    let platform: @Sendable () -> Set<CounterCondition>

    /// - Parameters:
    ///   - breaker: the drivers' own; nil knows of no issuer that is away.
    ///   - platform: what of the platform is not as usual, for every municipality.
    package init(
        ports: CounterPorts,
        settings: @escaping @Sendable () -> CounterSettings,
        wake: @escaping @Sendable (MunicipalityCode) -> Void,
        logger: Logger,
        breaker: IssuerBreaker? = nil,
        platform: @escaping @Sendable () -> Set<CounterCondition> = { [] }
    ) {
        (self.ports, self.settings, self.wake, self.logger) = (ports, settings, wake, logger)
        (self.breaker, self.platform) = (breaker, platform)
    }

    /// What is not as usual now, of the platform and of the member's own municipality; in the order of
    /// ``CounterCondition``.
    package func conditions(for staff: StaffIdentity) -> [CounterCondition] {
        var found = platform()
        if breaker?.isAway(staff.municipality) == true { found.insert(.issuerAway) }
        return CounterCondition.allCases.filter(found.contains)
    }

    /// The clock's time: what day it is at the counter.
    package var now: ValidationTime { ports.now }

    /// The municipality's own configuration, for names and printers.
    package func counter(of staff: StaffIdentity) throws(CounterError) -> MunicipalCounter {
        guard let counter = settings().municipalities[staff.municipality] else { throw .notServed }
        return counter
    }

    /// Applications that are not finished and past the terminal's first steps, of a site, or of all: first those that
    /// nobody comes for, then the others, each oldest first.
    package func queue(
        site: String?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> [CounterApplication] {
        try require(staff, [.counterClerk, .supervisor])
        // Counted apart: what is void at an issuer that is away for days must not crowd out who stands there now.
        let found = try await ports.stored { () async throws(CounterStoreError) in
            let states: [Set<CounterApplication.State>] = [
                [.applied, .requested, .issued, .printing, .ready], [.voiding],
            ]
            var found: [CounterApplication] = []
            for states in states {
                found += try await ports.store.list(
                    CounterQuery(municipality: staff.municipality, site: site, states: states))
            }
            return found.sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
        }
        let now = ports.now
        return found.filter { $0.isUncollected(at: now) } + found.filter { !$0.isUncollected(at: now) }
    }

    package func application(
        _ id: ApplicationID,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        try require(staff, [.counterClerk, .supervisor])
        let found = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.application(id, of: staff.municipality)
        }
        guard let found else { throw .notFound }
        return found
    }

    /// The application whose code was scanned or typed.
    package func find(_ text: String, by staff: StaffIdentity) async throws(CounterError) -> CounterApplication {
        try require(staff, [.counterClerk, .supervisor])
        guard let code = PaperCode(text) else { throw .unreadableCode }
        return try await find(code, by: staff)
    }

    private func find(_ code: PaperCode, by staff: StaffIdentity) async throws(CounterError) -> CounterApplication {
        let found = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.find(code, of: staff.municipality)
        }
        guard let found else { throw .notFound }
        return found
    }

    /// Nil when there is none: a store that does not answer says nothing about whose papers these are.
    private func found(_ code: PaperCode, by staff: StaffIdentity) async throws(CounterError) -> CounterApplication? {
        do throws(CounterError) {
            return try await find(code, by: staff)
        } catch {
            guard error == .notFound else { throw error }
            return nil
        }
    }

    // MARK: Hand-over

    /// What a clerk does with the fee in the same act as the hand-over.
    package enum FeeAct: Hashable, Sendable {
        /// It is settled already, or nothing is due.
        case none
        /// 領収: the whole amount was received.
        case taken
        /// The exemption that the applicant stated applies: what is left to pay under it has been taken.
        case claimConfirmed
        /// The exemption that the applicant stated does not apply: the whole amount was received.
        case claimRejected
        /// 無料・減免, by the id of an exemption of the procedure: what is left to pay has been taken.
        case exempted(String)
    }

    /// What came of a hand-over.
    package enum HandOver: Hashable, Sendable {
        case done(CounterApplication)
        /// The papers belong to two applications. Both are blocked until a supervisor clears them; nothing was handed
        /// over and no fee was taken.
        case crossed(blocked: [ApplicationID])
    }

    /// Whether the codes of a 受付票 and of a certificate, scanned or typed, in either order, are of one application.
    package enum Match: Hashable, Sendable {
        case same(CounterApplication)
        /// The papers belong to two applications. Both are blocked until a supervisor clears them.
        case crossed(blocked: [ApplicationID])
    }

    /// Looks at the codes alone: nothing is handed over yet, but papers that came together wrongly are stopped at once.
    package func match(_ first: String, _ second: String, by staff: StaffIdentity) async throws(CounterError) -> Match {
        try require(staff, [.counterClerk, .supervisor])
        let (receipt, copy) = try codes(first, second)
        let byReceipt = try await found(.receipt(receipt), by: staff)
        let byCopy = try await found(.certifiedCopy(copy), by: staff)
        if let byReceipt, let byCopy, byReceipt.id == byCopy.id { return .same(byReceipt) }
        let involved = [byReceipt, byCopy].compactMap { $0 }
        guard !involved.isEmpty else { throw .notFound }
        return .crossed(blocked: try await block(involved, by: staff))
    }

    /// Hands over by the codes of the 受付票 and of the certificate, scanned or typed, in either order. With a fee act
    /// it is one act of the clerk.
    package func handOver(
        _ first: String,
        _ second: String,
        fee: FeeAct,
        by staff: StaffIdentity
    ) async throws(CounterError) -> HandOver {
        let application: CounterApplication
        switch try await match(first, second, by: staff) {
        case .same(let found): application = found
        case .crossed(let blocked): return .crossed(blocked: blocked)
        }
        let (receipt, copy) = try codes(first, second)
        let settled = try settling(fee, of: application, by: staff)
        return .done(
            try await apply(
                settled + [.handedOver(receipt: receipt, copy: copy, by: staff)], to: application, by: staff))
    }

    private func codes(_ first: String, _ second: String) throws(CounterError) -> (ReceptionNumber, ControlNumber) {
        switch (PaperCode(first), PaperCode(second)) {
        case (.receipt(let receipt), .certifiedCopy(let copy)), (.certifiedCopy(let copy), .receipt(let receipt)):
            return (receipt, copy)
        default: throw .unreadableCode
        }
    }

    /// Blocks every application whose papers came together wrongly, in one transaction.
    private func block(
        _ involved: [CounterApplication],
        by staff: StaffIdentity
    ) async throws(CounterError) -> [ApplicationID] {
        var (current, tries) = (involved, 0)
        while true {
            var changes: [CounterChange] = []
            for application in current {
                let other = current.first { $0.id != application.id }?.id
                do throws(CounterRefusal) {
                    changes.append(
                        try CounterChange(
                            application, [.blocked(.crossedPapers, other: other, by: staff)], by: actor(staff),
                            at: ports.now))
                } catch {
                    // Finished, or not printed yet: its papers cannot be handed over anyway.
                }
            }
            guard !changes.isEmpty else { throw .refused(.crossedPapers) }
            let attempt = changes
            do throws(CounterStoreError) {
                try await ports.store.commit(attempt)
                CounterMetrics.alarm("crossed_papers", of: staff.municipality)
                logger.critical(
                    "counter: papers of two applications came together; both are blocked",
                    metadata: ["applications": .string(attempt.map(\.application.id.rawValue).joined(separator: " "))])
                return attempt.map(\.application.id)
            } catch {
                tries += 1
                guard error == .conflict, tries < 8 else { throw CounterError(error) }
            }
            var fresh: [CounterApplication] = []
            for application in current { fresh.append(try await self.application(application.id, by: staff)) }
            current = fresh
        }
    }

    // MARK: One application

    package func settleFee(
        _ act: FeeAct,
        of id: ApplicationID,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await seen(id, version, by: staff)
        let events = try settling(act, of: application, by: staff)
        return events.isEmpty ? application : try await apply(events, to: application, by: staff)
    }

    /// A claim is never passed over: while one is open, a clerk says whether it applies.
    private func settling(
        _ act: FeeAct,
        of application: CounterApplication,
        by staff: StaffIdentity
    ) throws(CounterError) -> [CounterEvent] {
        let isClaimed = application.openClaim != nil
        switch act {
        case .none: return []
        case .taken where !isClaimed, .claimRejected where isClaimed: return [.feeTaken(by: staff)]
        case .claimConfirmed where isClaimed:
            // As it was stated, whatever the configuration has become since.
            guard let quote = application.order?.fee else { throw .refused(.wrongState) }
            return [.feeReduced(quote, by: staff)]
        case .exempted(let exemption): return [.feeReduced(try quote(exemption, of: application), by: staff)]
        // Settled in the meantime, or never stated.
        case .claimConfirmed, .claimRejected: throw .refused(.wrongState)
        case .taken: throw .exemptionClaimed
        }
    }

    /// 取消・書損.
    package func void(
        _ id: ApplicationID,
        reason: Voiding.Reason,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        guard [.staffCancelled, .spoilt, .notCollected].contains(reason) else { throw .refused(.invalidEvent) }
        let application = try await seen(id, version, by: staff)
        return try await apply([.voidRequested(reason, by: .staff(staff))], to: application, by: staff)
    }

    /// Prints a paper anew; a supervisor's act.
    ///
    /// - Parameter sheets: sheets of the former printing that came out, counted; nil when the printer's count is right.
    package func reprint(
        _ kind: PaperKind,
        of id: ApplicationID,
        sheets: Int?,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await seen(id, version, by: staff)
        return try await apply(
            [.reprinted(kind, token: ports.random(.printJob), sheets: sheets, by: staff)], to: application, by: staff)
    }

    /// Prints a 領収書 over what was taken after a reduction; the former one is taken back.
    package func renewReceipt(
        of id: ApplicationID,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await seen(id, version, by: staff)
        return try await apply(
            [.receiptRenewed(token: ports.random(.printJob), by: staff)], to: application, by: staff)
    }

    /// Clears what blocks an application; a supervisor's act.
    package func clear(
        _ id: ApplicationID,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await seen(id, version, by: staff)
        return try await apply([.cleared(by: staff)], to: application, by: staff)
    }

    /// Ends the waiting for an issuer's word on a cancelling, by what its people said; a supervisor's act.
    package func endCancelling(
        _ id: ApplicationID,
        reason: CancelEnd.Reason,
        version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await seen(id, version, by: staff)
        return try await apply([.cancelEnded(reason, by: staff)], to: application, by: staff)
    }

    private func seen(
        _ id: ApplicationID,
        _ version: Int?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let application = try await application(id, by: staff)
        if let version, version != application.version { throw .conflict }
        return application
    }

    /// What the order costs under an exemption of its procedure.
    private func quote(_ exemption: String, of application: CounterApplication) throws(CounterError) -> FeeQuote {
        guard let order = application.order?.order,
            let procedure = settings().municipalities[application.municipality]?.procedure(order.procedureID),
            let quote = procedure.fees.quote(copies: order.copies, exemption: exemption)
        else { throw .order(.exemption) }
        return quote
    }
}

// MARK: - Shared

extension CounterDesk {
    /// One of `roles`, in the member's own municipality.
    func require(_ staff: StaffIdentity, _ roles: Set<StaffMember.Role>) throws(CounterError) {
        guard !staff.roles.isDisjoint(with: roles) else { throw .refused(.notAllowed) }
    }

    func actor(_ staff: StaffIdentity) -> CounterActor {
        CounterActor(environment: settings().environment, id: staff.id, requestID: ports.random(.request))
    }

    func apply(
        _ events: [CounterEvent],
        to application: CounterApplication,
        by staff: StaffIdentity
    ) async throws(CounterError) -> CounterApplication {
        let changed = try await ports.apply(events, to: application, by: actor(staff))
        if changed.state.isFinal { CounterMetrics.ended(changed) }
        wake(application.municipality)
        return changed
    }
}
