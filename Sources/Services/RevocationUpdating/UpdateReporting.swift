internal import Logging
internal import Metrics
internal import Organizations
internal import PKIX
internal import SignatureValidation
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
        if let acceptance = origin.acceptance {
            details.merge(acceptance.details) { own, _ in own }
            return event(.crlAccepted, at: now, origin, subject: list.id, result: "activated", details)
        }
        return event(.crlActivated, at: now, origin, subject: list.id, result: "activated", details)
    }

    /// What the first of two operators wants.
    func proposal(_ list: PendingList, at now: ValidationTime, _ origin: UpdateOrigin) -> AuditEvent {
        var details = ["source": list.sourceID, "issuer": list.issuerID, "overruled": list.refusal.rawValue]
        details["reason"] = list.proposal?.reason.text
        details["expires_at"] = list.proposal?.expiresAt.description
        details["this_update"] = list.mark.thisUpdate.description
        details["crl_number"] = list.mark.crlNumber?.description
        return event(.crlAcceptanceProposed, at: now, origin, subject: list.id, result: "proposed", details)
    }

    /// Says that a list waits for operators.
    func setAside(_ list: PendingList) {
        Counter(
            label: "akashi_crl_set_aside_total",
            dimensions: [("reason", list.refusal.rawValue), ("issuer", list.issuerID)]
        ).increment()
        logger.warning(
            "A list against the order is kept aside: two operators may put it in force (akashi crl accept)",
            metadata: ["source": "\(list.sourceID)", "list": "\(list.id)", "reason": "\(list.refusal.rawValue)"])
    }

    /// An imported list that no configured source can bring.
    func refusal(
        ofImport refusal: CRLRefusal,
        _ digest: [UInt8],
        at now: ValidationTime,
        _ origin: UpdateOrigin
    ) -> AuditEvent {
        event(
            .crlRefused, at: now, origin, subject: ListReference(digest: digest).id, result: "refused",
            ["source": "none", "reason": refusal.rawValue])
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

    func failure(
        _ failure: CRLFetchFailure,
        of source: CRLSource,
        at now: ValidationTime,
        _ origin: UpdateOrigin
    ) -> AuditEvent {
        let details = ["source": source.id, "issuer": source.issuerID, "reason": failure.rawValue]
        return event(.crlRefused, at: now, origin, subject: nil, result: "not_fetched", details)
    }

    func count(_ refusal: CRLRefusal, from source: CRLSource) {
        Counter(
            label: "akashi_crl_refused_total", dimensions: [("reason", refusal.rawValue), ("issuer", source.issuerID)]
        ).increment()
        logger.warning(
            "A revocation list was refused; the former one stays in force",
            metadata: ["source": "\(source.id)", "issuer": "\(source.issuerID)", "reason": "\(refusal.rawValue)"])
    }

    /// Says what of a scope's record had to be made again, or cannot be read.
    func repaired(_ scope: StoredScope) {
        switch scope.condition {
        case .whole: return
        case .rebuilt: repaired("manifest", ["scope": "\(scope.scopeID)"])
        case .unreadable(let reason):
            logger.error("The record of a kept list cannot be read", metadata: ["reason": "\(reason)"])
        }
    }

    /// Says that a list's index had to be made again.
    func repaired(_ list: OpenedList, from source: CRLSource) {
        if list.condition == .imageRebuilt { repaired("image", ["source": "\(source.id)"]) }
    }

    private func repaired(_ part: String, _ metadata: Logger.Metadata) {
        Counter(label: "akashi_crl_store_repairs_total", dimensions: [("part", part)]).increment()
        logger.warning(
            "A damaged file of the list store was made again from the list",
            metadata: metadata.merging(["part": "\(part)"]) { first, _ in first })
    }

    /// Counts a refused list of no configured source.
    func count(_ refusal: CRLRefusal) {
        Counter(
            label: "akashi_crl_refused_total", dimensions: [("reason", refusal.rawValue), ("issuer", "none")]
        ).increment()
    }

    func count(_ outcome: ListOutcome, from source: CRLSource) {
        Counter(
            label: "akashi_crl_updates_total", dimensions: [("result", outcome.code), ("issuer", source.issuerID)]
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

    /// Most sources of one issuer that have series of their own; those of an issuer with more are added up under
    /// the source `all`, so that 1,741 partitions do not make 1,741 series.
    static let mostLabelledSources = 50

    /// Age of the oldest list, entries and presence: for each source, or for an issuer's sources together.
    func publish(_ set: RevocationListSet, at now: ValidationTime) {
        for (issuerID, sources) in Dictionary(grouping: set.sources, by: \.issuerID) {
            if sources.count > UpdateReporting.mostLabelledSources {
                publish(sources.map { set.lists(ofSource: $0.id) }, [("issuer", issuerID), ("source", "all")], now)
            } else {
                for source in sources {
                    publish([set.lists(ofSource: source.id)], [("issuer", issuerID), ("source", source.id)], now)
                }
            }
        }
    }

    private func publish(_ held: [[ActiveList]], _ labels: [(String, String)], _ now: ValidationTime) {
        let lists = held.flatMap { $0 }
        Gauge(label: "akashi_crl_lists", dimensions: labels).record(lists.count)
        Gauge(label: "akashi_crl_sources_without_list", dimensions: labels).record(held.count { $0.isEmpty })
        let stale = lists.count { $0.state(at: now) == .stale }
        Gauge(label: "akashi_crl_stale_lists", dimensions: labels).record(stale)
        Gauge(label: "akashi_crl_entries", dimensions: labels).record(lists.reduce(0) { $0 + $1.entryCount })
        // No list has no age: the series is missing then, which an alarm can tell from 0.
        guard let oldest = lists.map({ $0.age(at: now) }).max() else { return }
        Gauge(label: "akashi_crl_age_seconds", dimensions: labels).record(oldest)
    }

    private func event(
        _ kind: AuditEvent.Kind,
        at now: ValidationTime,
        _ origin: UpdateOrigin,
        subject: String?,
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
    /// Set where two operators put the list in force.
    var acceptance: AgreedAcceptance?

    init(_ cause: UpdateCause, _ randomness: any Randomness) {
        switch cause {
        case .schedule: (actor, requestID) = ("akashi", "req_" + randomness.octets(16).hexString)
        case .operatorRequest(let operatorID, let request): (actor, requestID) = (operatorID, request)
        }
    }
}
