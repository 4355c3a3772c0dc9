internal import Logging
internal import Metrics
internal import Organizations
internal import PKIX
internal import Verification

/// Audit events, metrics and log lines of list updates. None holds a serial or a name of a person.
struct UpdateReporting: Sendable {
    let environment: DeploymentEnvironment
    let logger: Logger

    func activation(_ list: ActiveList, at now: ValidationTime, _ origin: UpdateOrigin) -> AuditEvent {
        var details = ["source": list.sourceID, "issuer": list.issuerID, "entries": String(list.entryCount)]
        details["this_update"] = list.thisUpdate.description
        details["next_update"] = list.nextUpdate?.description
        details["crl_number"] = list.crlNumber?.description
        details["state"] = list.state(at: now).rawValue
        return event(.crlActivated, at: now, origin, subject: list.id, result: "activated", details)
    }

    func refusal(
        _ refusal: CRLRefusal,
        of digest: [UInt8],
        from source: CRLSource,
        at now: ValidationTime,
        _ origin: UpdateOrigin
    ) -> AuditEvent {
        let details = ["source": source.id, "issuer": source.issuerID, "reason": refusal.rawValue]
        let subject = "crl_" + digest.prefix(16).hexString
        return event(.crlRefused, at: now, origin, subject: subject, result: "refused", details)
    }

    func count(_ refusal: CRLRefusal, from source: CRLSource) {
        Counter(
            label: "akashi_crl_refused_total", dimensions: [("reason", refusal.rawValue), ("source", source.id)]
        ).increment()
        logger.warning(
            "A revocation list was refused; the former one stays in force",
            metadata: ["source": "\(source.id)", "issuer": "\(source.issuerID)", "reason": "\(refusal.rawValue)"])
    }

    func count(_ outcome: ListOutcome, from source: CRLSource) {
        Counter(
            label: "akashi_crl_updates_total", dimensions: [("result", outcome.code), ("source", source.id)]
        ).increment()
        guard case .fetchFailed(let failure) = outcome else { return }
        logger.warning(
            "A revocation list could not be fetched",
            metadata: ["source": "\(source.id)", "reason": "\(failure.rawValue)"])
    }

    func activated(_ list: ActiveList) {
        logger.info(
            "A revocation list is in force",
            metadata: [
                "source": "\(list.sourceID)", "issuer": "\(list.issuerID)", "list": "\(list.id)",
                "crl_number": "\(list.crlNumber?.description ?? "none")", "entries": "\(list.entryCount)",
                "this_update": "\(list.thisUpdate.description)",
            ])
    }

    /// Age of the oldest list, entries and presence of each source.
    func publish(_ set: RevocationListSet, at now: ValidationTime) {
        for source in set.sources {
            let lists = set.lists(ofSource: source.id)
            let labels = [("issuer", source.issuerID), ("source", source.id)]
            Gauge(label: "akashi_crl_lists", dimensions: labels).record(lists.count)
            guard let oldest = lists.map({ $0.age(at: now) }).max() else { continue }
            Gauge(label: "akashi_crl_age_seconds", dimensions: labels).record(oldest)
            Gauge(label: "akashi_crl_entries", dimensions: labels).record(lists.reduce(0) { $0 + $1.entryCount })
            let stale = lists.count { $0.state(at: now) == .stale }
            Gauge(label: "akashi_crl_stale_lists", dimensions: labels).record(stale)
        }
    }

    private func event(
        _ kind: AuditEvent.Kind,
        at now: ValidationTime,
        _ origin: UpdateOrigin,
        subject: String,
        result: String,
        _ details: [String: String]
    ) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: now, environment: environment, municipality: nil, actor: origin.actor,
            requestID: origin.requestID, subject: subject, result: result, details: details)
    }
}

/// Who stands in the audit record of an update.
struct UpdateOrigin: Sendable {
    let actor: String
    let requestID: String

    init(_ cause: UpdateCause, _ randomness: any Randomness) {
        switch cause {
        case .schedule: (actor, requestID) = ("akashi", "req_" + randomness.octets(16).hexString)
        case .operatorRequest(let operatorID, let request): (actor, requestID) = (operatorID, request)
        }
    }
}
