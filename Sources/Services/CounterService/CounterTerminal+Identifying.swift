package import CounterApplications
internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import PathValidation
internal import SignatureValidation
package import Verification

extension CounterTerminal {
    /// What came of an identification.
    package struct IdentificationAnswer: Sendable {
        package let application: CounterApplication
        package let verification: VerificationService.Answer
        /// Why the resident is sent to the counter; nil when they were found. For staff alone.
        package let refusal: IdentificationRefusal?
        /// The applicant's own household, when the procedure that was chosen lets a part of it be ordered.
        package var household: [HouseholdMember] = []
    }

    /// Verifies the card's answer to the application's challenge, and finds its holder in the register.
    ///
    /// Whoever is not identified is not asked again: the application is voided, and the next try is a new one.
    ///
    /// - Parameter procedureID: the procedure that has been chosen; its policy is used. Nil for the municipality's own.
    package func identify(
        _ id: ApplicationID,
        _ request: VerificationRequest,
        procedureID: String?,
        _ context: RequestContext
    ) async throws(CounterError) -> IdentificationAnswer {
        let counter = try counter(context)
        let application = try await application(id, context)
        guard application.state == .open else { throw .refused(.wrongState) }
        guard ports.now.seconds(since: application.changedAt) <= application.idleSeconds else {
            throw .refused(.expired)
        }
        var request = request
        guard request.challengeID == application.challengeID else { throw .verification(.challengeNotFound) }
        var policyID = counter.identificationPolicyID
        if let procedureID {
            guard let procedure = counter.procedure(procedureID) else { throw .order(.unknownProcedure) }
            policyID = procedure.policyID
        }
        // What the counter needs is the counter's to say.
        (request.purpose, request.policyID, request.validationTime) = (MunicipalCounter.purpose, policyID, nil)
        let wanted = request
        let answer = try await verified { () async throws(ServiceError) in
            try await verification.verify(wanted, context: context.forIdentification)
        }
        guard case .new(let outcome) = answer, outcome.report.result == .valid,
            let certificate = outcome.report.certificate, let kind = certificate.kind,
            let issuerKey = certificate.issuerKeyIdentifier, let rung = outcome.report.revocation.rung
        else { return try await refuse(.notVerified, application, answer, context) }
        guard kind == .cardUserAuthentication || kind == .smartphoneUserAuthentication else {
            return try await refuse(.wrongCertificate, application, answer, context)
        }
        let found = await lookUp(
            ResidentQuery(
                requestID: ports.random(.residentLookup), municipality: counter.code, issuerKeyIdentifier: issuerKey,
                serial: certificate.serialNumber, certificateKind: kind.rawValue), counter)
        switch found {
        case .refused(let refusal): return try await refuse(.resident(refusal), application, answer, context)
        case .failed, nil: return try await refuse(.registerUnavailable, application, answer, context)
        case .found(let resident):
            let isDegraded = outcome.report.revocation.degradation == .degraded
            let applicant = Applicant(
                identification: Identification(
                    verificationID: outcome.id, certificateKind: kind.rawValue, policyID: policyID,
                    assurance: "pin_authentication", rung: rung.rawValue,
                    service: isDegraded ? .degraded : .normal, verifiedAt: outcome.createdAt),
                resident: resident)
            let identified = try await apply([.identified(applicant)], to: application, context)
            CounterMetrics.identified(applicant.identification, of: counter.code)
            return IdentificationAnswer(
                application: identified, verification: answer, refusal: nil,
                household: HouseholdMember.all(of: resident, for: procedureID.flatMap { counter.procedure($0) }))
        }
    }

    /// Asks the municipality's register, unless its server does not answer at the moment: then nobody waits for it.
    ///
    /// - Returns: nil when nothing was sent.
    private func lookUp(_ query: ResidentQuery, _ counter: MunicipalCounter) async -> ResidentLookupAnswer? {
        guard breaker.admits(counter.code, at: ports.now) else { return nil }
        let answer = await ports.lookup.resident(query, deadline: counter.issuerSeconds)
        // Whoever asked may have hung up: that says nothing of the server.
        let hasFailed = if case .failed = answer { true } else { false }
        let outcome: IssuerBreaker.Outcome = !hasFailed ? .answered : Task.isCancelled ? .notTried : .failed
        breaker.note(outcome, of: counter.code, at: ports.now)
        return answer
    }

    private func refuse(
        _ refusal: IdentificationRefusal,
        _ application: CounterApplication,
        _ answer: VerificationService.Answer,
        _ context: RequestContext
    ) async throws(CounterError) -> IdentificationAnswer {
        let now = ports.now
        var change: CounterChange
        do throws(CounterRefusal) {
            change = try CounterChange(
                application, [.notIdentified(refusal)], by: context.actor, at: now)
        } catch {
            throw .refused(error)
        }
        change.audit.append(
            context.actor.event(.counterIdentificationRefused, application, at: now, result: refusal.code))
        let final = change
        try await ports.stored { () async throws(CounterStoreError) in try await ports.store.commit([final]) }
        wake(application.municipality)
        return IdentificationAnswer(application: change.application, verification: answer, refusal: refusal)
    }
}
