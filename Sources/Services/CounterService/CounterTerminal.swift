package import CounterApplications
internal import JPKIProfile
package import Organizations
internal import PKIX
internal import PathValidation
internal import ServiceLifecycle
internal import SignatureValidation
package import Verification

/// What the counter needs of the verification; ``VerificationService`` is one.
package protocol CounterVerification: Sendable {
    func createChallenge(purpose: String, context: RequestContext) async throws(ServiceError) -> Challenge
    func verify(
        _ request: VerificationRequest, context: RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer
}

extension VerificationService: CounterVerification {}

/// The use cases of a 利用者操作端末: one resident, from the choice to the 受付票.
///
/// The terminal that began an application is the only one that sees it, and it never gets back what it was told of a
/// person.
package struct CounterTerminal: Sendable {
    let ports: CounterPorts
    let verification: any CounterVerification
    let breaker: IssuerBreaker
    let settings: @Sendable () -> CounterSettings
    /// Called after each change that gives a driver something to do.
    let wake: @Sendable (MunicipalityCode) -> Void

    package init(
        ports: CounterPorts,
        verification: any CounterVerification,
        breaker: IssuerBreaker,
        settings: @escaping @Sendable () -> CounterSettings,
        wake: @escaping @Sendable (MunicipalityCode) -> Void
    ) {
        (self.ports, self.verification, self.breaker) = (ports, verification, breaker)
        (self.settings, self.wake) = (settings, wake)
    }

    /// What is offered now.
    package struct Offer: Sendable {
        package let procedure: CounterProcedure
        package let state: OpeningHours.State
    }

    /// The municipality's procedures, in order, with whether each is served now.
    package func procedures(_ context: RequestContext) throws(CounterError) -> [Offer] {
        let counter = try counter(context)
        let now = ports.now
        return counter.procedures.map { Offer(procedure: $0, state: $0.hours.state(at: now)) }
    }

    /// Begins with the next resident: an application, and the challenge for their card.
    package func open(
        language: String,
        _ context: RequestContext
    ) async throws(CounterError) -> (application: CounterApplication, challenge: Challenge) {
        let counter = try counter(context)
        guard let site = context.requester.site, counter.sites[site] != nil else { throw .notServed }
        // Nobody shows a card to a server that will not be asked.
        guard !breaker.isOpen(counter.code, at: ports.now) else { throw .issuerUnavailable }
        let challenge = try await verified { () async throws(ServiceError) in
            try await verification.createChallenge(
                purpose: MunicipalCounter.purpose, context: context.forIdentification)
        }
        // Two that draw one reception number of 35 random bits draw again.
        for _ in 0..<8 {
            guard let id = ApplicationID(random: ports.randomness.octets(ApplicationID.randomOctets)),
                let number = ReceptionNumber(random: ports.randomness.octets(ReceptionNumber.randomOctets))
            else { throw .serviceNotReady }
            let application = CounterApplication(
                id: id, municipality: counter.code, site: site, terminal: context.requester.actor,
                challengeID: challenge.id, receptionNumber: number, language: language, createdAt: ports.now,
                idleSeconds: counter.idleSeconds)
            let event = context.actor.event(.counterSessionCreated, application, at: application.createdAt)
            do throws(CounterStoreError) {
                try await ports.store.create(application, audit: event)
                return (application, challenge)
            } catch .exists {
                continue
            } catch {
                throw CounterError(error)
            }
        }
        throw .serviceNotReady
    }

    /// The application of this terminal.
    package func application(
        _ id: ApplicationID,
        _ context: RequestContext
    ) async throws(CounterError) -> CounterApplication {
        let counter = try counter(context)
        let found = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.application(id, of: counter.code)
        }
        guard let found, found.terminal == context.requester.actor else { throw .notFound }
        return found
    }

    /// The application as soon as it is newer than `version`; as it is after `seconds`, at most 20.
    package func application(
        _ id: ApplicationID,
        after version: Int,
        waiting seconds: Int,
        _ context: RequestContext
    ) async throws(CounterError) -> CounterApplication {
        let first = try await application(id, context)
        guard first.version <= version else { return first }
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: .seconds(min(max(seconds, 0), 20)))
        while clock.now < end, !Task.isCancelled, !Task.isShuttingDownGracefully {
            try? await Task.sleep(for: .milliseconds(150))
            let current = try await ports.stored { () async throws(CounterStoreError) in
                try await ports.store.version(id, of: first.municipality)
            }
            if current != version { break }
        }
        return try await application(id, context)
    }

    /// An order as a terminal sends it.
    package struct OrderRequest: Hashable, Sendable {
        package var procedureID: String
        /// Members by what ``HouseholdMember/id`` called them.
        package var scope: OrderScope
        package var details: Set<OrderDetail>
        package var fiscalYear: Int?
        package var copies: Int
        package var exemption: String?

        package init(
            procedureID: String, scope: OrderScope, details: Set<OrderDetail>, fiscalYear: Int?, copies: Int,
            exemption: String?
        ) {
            (self.procedureID, self.scope, self.details) = (procedureID, scope, details)
            (self.fiscalYear, self.copies, self.exemption) = (fiscalYear, copies, exemption)
        }
    }

    /// Orders. From here on the centre goes on by itself.
    ///
    /// - Parameter version: what the terminal has seen; nil when it does not matter.
    package func submit(
        _ id: ApplicationID,
        _ request: OrderRequest,
        version: Int?,
        _ context: RequestContext
    ) async throws(CounterError) -> CounterApplication {
        let counter = try counter(context)
        let application = try await application(id, context)
        if let version, version != application.version { throw .conflict }
        guard application.state == .identified, let applicant = application.applicant else {
            throw .refused(.wrongState)
        }
        let now = ports.now
        let accepted = try accept(request, from: applicant, counter, at: now)
        let stop = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.issuingStop(of: counter.code)
        }
        guard stop == nil else { throw .issuingStopped }
        guard !breaker.isOpen(counter.code, at: now) else { throw .issuerUnavailable }
        guard let site = counter.sites[application.site],
            let plans = site.plans(for: accepted, token: { ports.random(.printJob) }),
            let control = ControlNumber(random: ports.randomness.octets(ControlNumber.randomOctets))
        else { throw .notServed }
        let preparation = IssuePreparation(
            requestID: ports.random(.issueRequest), nonce: ports.randomness.octets(32), controlNumber: control)
        return try await apply([.submitted(accepted, preparation, plans)], to: application, context)
    }

    private func accept(
        _ request: OrderRequest,
        from applicant: Applicant,
        _ counter: MunicipalCounter,
        at now: ValidationTime
    ) throws(CounterError) -> AcceptedOrder {
        guard let procedure = counter.procedure(request.procedureID) else { throw .order(.unknownProcedure) }
        guard procedure.policyID == applicant.identification.policyID else { throw .identificationPolicy }
        let scope = try HouseholdMember.scope(request.scope, of: applicant.resident)
        let order = CertificateOrder(
            procedureID: procedure.id, kind: procedure.kind, scope: scope, details: request.details,
            fiscalYear: request.fiscalYear, copies: request.copies, exemption: request.exemption)
        do throws(OrderRefusal) {
            return try procedure.accept(order, from: applicant.resident, at: now)
        } catch {
            throw .order(error)
        }
    }

    /// The resident takes the application back; possible until the papers are released. A change that comes between
    /// is looked at again.
    package func void(
        _ id: ApplicationID,
        _ context: RequestContext
    ) async throws(CounterError) -> CounterApplication {
        for _ in 0..<8 {
            let application = try await application(id, context)
            do throws(CounterError) {
                return try await apply([.voidRequested(.residentCancelled, by: .resident)], to: application, context)
            } catch .conflict {
                continue
            } catch {
                throw error
            }
        }
        throw .conflict
    }
}

// MARK: - Shared

extension CounterTerminal {
    func counter(_ context: RequestContext) throws(CounterError) -> MunicipalCounter {
        guard context.requester.scopes.contains(.counter) else { throw .scopeMissing }
        guard let counter = settings().municipalities[context.requester.municipality] else { throw .notServed }
        return counter
    }

    func apply(
        _ events: [CounterEvent],
        to application: CounterApplication,
        _ context: RequestContext
    ) async throws(CounterError) -> CounterApplication {
        let changed = try await ports.apply(events, to: application, by: context.actor)
        wake(application.municipality)
        return changed
    }

    func verified<Value>(_ body: () async throws(ServiceError) -> Value) async throws(CounterError) -> Value {
        do throws(ServiceError) {
            return try await body()
        } catch {
            throw .verification(error)
        }
    }
}

extension RequestContext {
    var actor: CounterActor {
        CounterActor(environment: requester.environment, id: requester.actor, requestID: requestID)
    }

    /// A client of the counter may identify at the counter, and verify nothing else.
    var forIdentification: RequestContext {
        RequestContext(
            requester: Requester(
                environment: requester.environment, municipality: requester.municipality, actor: requester.actor,
                site: requester.site, scopes: requester.scopes.union([.verify]),
                purposes: requester.purposes.union([MunicipalCounter.purpose]), policies: requester.policies),
            requestID: requestID, idempotency: nil)
    }
}
