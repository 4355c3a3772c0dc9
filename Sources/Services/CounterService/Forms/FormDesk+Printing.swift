internal import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// Printing and the audit trail.
extension FormDesk {
    /// Given to the queue, held: it comes out once it stands on the audit trail, and not otherwise.
    func held(_ form: FilledForm, at target: PrintTarget) async throws(FormError) -> PrintJobReference {
        guard let printer = ports.printer else { throw .noPrinter }
        let token = identifiers.next(.printJob)
        switch await printer.hold(form.octets, token: token, copies: 1, at: target) {
        case .held(let job): return job
        case .rejected: throw .printerUnavailable
        case .unknown:
            // There may be a job: it is taken back, since nobody waits for it any more.
            if case .found(let jobs) = await printer.find(token: token, at: target) {
                for job in jobs { await cancelled(job) }
            }
            throw .printerUnavailable
        }
    }

    func released(_ job: PrintJobReference) async throws(FormError) {
        guard let printer = ports.printer else { throw .noPrinter }
        if case .done = await printer.release(job) { return }
        await cancelled(job)
        throw .printerUnavailable
    }

    /// Takes the form out of the spool.
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
