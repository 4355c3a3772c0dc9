internal import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// Printing and the audit trail.
extension FormDesk {
    /// Given to the queue, held: it comes out once it stands on the audit trail, and not otherwise.
    func held(_ form: FilledForm, at target: PrintTarget) async throws(FormError) -> PrintJobReference {
        guard let printer = ports.printer else { throw .noPrinter }
        let token = identifiers.next(.formJob)
        switch await printer.hold(form.octets, token: token, copies: 1, at: target) {
        case .held(let job): return job
        case .rejected: throw .printerUnavailable
        case .unknown:
            // There may be a job: it is taken back, since nobody waits for it any more. One that cannot be found now
            // stays held, and is the sweep's.
            var outcome = FormError.printerUnavailable
            if case .found(let jobs) = await printer.find(token: token, at: target) {
                for job in jobs where await !takenBack(job, by: printer) { outcome = .printOutcomeUnknown }
            }
            throw outcome
        }
    }

    /// Takes a job back that was never released; false when something of it may have come out all the same, as of a
    /// queue that does not hold.
    private func takenBack(_ job: PrintJobReference, by printer: any PaperPrinter) async -> Bool {
        let state = await printer.state(of: job)
        await cancelled(job)
        switch state.phase {
        case .held: return true
        case .cancelled, .aborted: return state.sheets == 0
        case .pending, .printing, .stopped, .completed, .gone, .unknown: return false
        }
    }

    /// Lets it print. A release that is not confirmed may have come through: only what is certain is said.
    func released(_ job: PrintJobReference) async throws(FormError) {
        guard let printer = ports.printer else { throw .noPrinter }
        if case .done = await printer.release(job) { return }
        let state = await printer.state(of: job)
        switch state.phase {
        // The answer alone was lost.
        case .pending, .printing, .stopped, .completed: return
        case .held:
            // Once it is cancelled a release that comes late finds nothing to let go.
            guard case .done = await printer.cancel(job) else { throw .printOutcomeUnknown }
            throw .printerUnavailable
        case .cancelled, .aborted: throw state.sheets == 0 ? .printerUnavailable : .printOutcomeUnknown
        case .gone: throw .printOutcomeUnknown
        case .unknown:
            await cancelled(job)
            throw .printOutcomeUnknown
        }
    }

    /// Takes the form out of the spool. What cannot be cancelled now is held, and the sweep's.
    func cancelled(_ job: PrintJobReference) async { _ = await ports.printer?.cancel(job) }

    /// Which form, how the person was known, how much: no value, and nothing from which one could be looked up.
    func details(
        _ outline: FormOutline, _ known: Known, _ contents: FormContents, _ form: FilledForm, at now: ValidationTime
    ) -> [String: String] {
        var details = [
            "template": outline.id, "fields": String(contents.values.count), "missing": String(contents.missing.count),
            "sheets": String(form.sheets), "substituted": String(form.substituted.count),
        ]
        details["source"] = known.person?.source.rawValue
        details["card_proof"] = known.person?.cardProof?.rawValue
        details["document"] = known.person?.document?.rawValue
        details["document_check"] = known.person?.documentCheck?.rawValue
        details["verification_id"] = known.verificationID
        return details
    }

    func note(
        _ kind: AuditEvent.Kind, _ context: RequestContext, subject: String? = nil, result: String,
        details: [String: String] = [:]
    ) async throws(FormError) {
        let event = AuditEvent(
            kind: kind, occurredAt: ports.clock.reading().now, context: context, subject: subject, result: result,
            details: details)
        do throws(StoreError) {
            try await ports.records.append(event)
        } catch {
            throw .serviceNotReady
        }
    }
}
