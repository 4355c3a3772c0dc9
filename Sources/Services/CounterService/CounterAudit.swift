internal import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// Who acts on an application, for the audit trail.
struct CounterActor: Hashable, Sendable {
    let environment: DeploymentEnvironment
    /// A terminal's id, a staff member's id, or `akashi`.
    let id: String
    let requestID: String
}

extension CounterActor {
    func event(
        _ kind: AuditEvent.Kind,
        _ application: CounterApplication,
        at time: ValidationTime,
        result: String? = nil,
        details: [String: String] = [:]
    ) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: time, environment: environment, municipality: application.municipality, actor: id,
            site: application.site, requestID: requestID, subject: application.id.rawValue,
            purpose: MunicipalCounter.purpose, result: result ?? application.state.rawValue, details: details)
    }

    /// What an event leaves on the audit trail. Codes, counts and times: no name, no number of a resident, no code of
    /// a paper. Nothing for the steps between, which the next one covers.
    func audit(
        _ event: CounterEvent,
        from former: CounterApplication,
        to application: CounterApplication,
        at time: ValidationTime
    ) -> [AuditEvent] {
        var events: [AuditEvent] = []
        switch event {
        case .identified(let applicant):
            let identification = applicant.identification
            events.append(
                self.event(
                    .counterIdentified, application, at: time,
                    details: [
                        "verification_id": identification.verificationID, "rung": identification.rung,
                        "service": identification.service.rawValue, "assurance": identification.assurance,
                    ]))
        case .submitted(let order, _, _):
            events.append(
                self.event(
                    .counterSubmitted, application, at: time,
                    details: [
                        "procedure": order.order.procedureID, "copies": String(order.order.copies),
                        "scope": order.order.scope.name,
                    ]))
        case .issueAccepted(let copy):
            events.append(
                self.event(.counterIssued, application, at: time, details: ["pages": String(copy.pages)]))
        case .releasing: events.append(self.event(.counterPapersReleased, application, at: time))
        case .feeTaken, .feeReduced:
            events.append(
                self.event(
                    .counterFeeTaken, application, at: time, result: application.fee?.state.rawValue,
                    details: [
                        "claim": former.openClaim == nil ? "none" : application.order?.order.exemption ?? "none",
                        "exemption": application.fee?.exemption ?? "none",
                        "amount": String(application.fee?.amount ?? 0),
                    ]))
        case .blocked(let reason, let other, _):
            var details = ["reason": reason.rawValue]
            details["other"] = other?.rawValue
            events.append(self.event(.counterBlocked, application, at: time, details: details))
        case .cleared: events.append(self.event(.counterBlockCleared, application, at: time))
        case .reprinted(let kind, _, _, _):
            events.append(self.event(.counterReprinted, application, at: time, details: ["paper": kind.rawValue]))
        case .cancelEnded, .issueCancelGivenUp:
            events.append(
                self.event(
                    .counterCancelEnded, application, at: time, result: application.voiding?.cancelEnd?.reason.rawValue)
            )
        // What went while something was outstanding does not go again at the end.
        case .receiptRenewed:
            events.append(
                self.event(
                    .counterReprinted, application, at: time,
                    details: [
                        "paper": PaperKind.feeReceipt.rawValue,
                        "reason": application.fee?.exemption == nil ? "claim_rejected" : "reduced_fee",
                    ]))
        case .wiped where application.voiding?.wipedAt == nil || !application.state.isFinal:
            events.append(self.event(.counterDataWiped, application, at: time))
        default: break
        }
        if former.state != application.state { events += ending(application, at: time) }
        return events
    }

    private func ending(_ application: CounterApplication, at time: ValidationTime) -> [AuditEvent] {
        switch application.state {
        case .ready: return [event(.counterPapersReady, application, at: time)]
        case .handedOver:
            return [
                event(
                    .counterHandedOver, application, at: time,
                    details: ["sheets": String(application.sheets(\.usedSheets)), "fee": application.feeWord])
            ]
        case .voiding, .voided:
            guard let voiding = application.voiding else { return [] }
            var details = [
                "reason": voiding.reason.rawValue, "fee": application.feeWord,
                "spoilt_sheets": String(application.sheets(\.spoiltSheets)),
            ]
            if !voiding.mismatches.isEmpty {
                details["mismatches"] = voiding.mismatches.map(\.rawValue).joined(separator: " ")
            }
            details["refusal"] = voiding.refusal?.rawValue
            return [event(.counterVoided, application, at: time, details: details)]
        default: return []
        }
    }
}

extension CounterApplication {
    fileprivate var feeWord: String { fee?.state.rawValue ?? "none" }

    /// Sheets of secure paper.
    func sheets(_ count: KeyPath<Paper, Int>) -> Int {
        papers.filter { $0.stock == .secure }.map { $0[keyPath: count] }.reduce(0, +)
    }
}

extension CounterChange {
    /// Applies events one after another; one change of the store.
    ///
    /// - Throws: the first refusal; then nothing has happened.
    init(
        _ application: CounterApplication,
        _ events: [CounterEvent],
        by actor: CounterActor,
        at time: ValidationTime,
        lease: CounterLease? = nil
    ) throws(CounterRefusal) {
        self.init(application: application, expecting: application.version, lease: lease)
        for event in events {
            let former = self.application
            let transition = try former.applying(event, at: time)
            self.application = transition.application
            audit += actor.audit(event, from: former, to: transition.application, at: time)
            sheets += transition.sheets.map {
                SheetEntry(
                    municipality: application.municipality, printer: $0.printer, tray: $0.tray, at: time,
                    cause: .application, application: application.id, used: $0.used, spoilt: $0.spoilt)
            }
            switch event {
            case .issueSending, .issueAccepted: issuing = .mustBeRunning
            // What is printed anew was issued before.
            case .releasing: issuing = former.state == .issued ? .mustBeRunning : issuing
            default: break
            }
        }
    }
}
