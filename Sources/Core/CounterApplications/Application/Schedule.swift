package import PKIX

/// What an application waits for: functions of its state alone.
extension CounterApplication {
    /// What is to be done now. Empty when it waits for a person, or for ``dueAt``.
    package var actions: [CounterAction] {
        switch state {
        case .open, .identified, .ready: []
        case .applied: [.issue]
        case .requested: [.askIssuer]
        case .issued:
            papers.contains { $0.stage == .planned }
                ? [.render] : papers.allSatisfy { $0.stage == .held } ? [.releasePapers] : papers.compactMap(\.action)
        case .printing:
            papers.contains { $0.stage == .planned }
                ? [.render]
                : papers.contains { $0.stage == .held } ? [.releasePapers] : papers.compactMap(\.action)
        case .voiding:
            (issue?.stage == .cancelling ? [.cancelIssue] : [])
                + papers.filter(\.mayHaveJob).map { .withdraw($0.kind) }
        case .handedOver, .voided:
            switch remains {
            case .everything: [.deleteDocuments]
            case .body: [.wipe]
            case .skeleton: []
            }
        }
    }

    /// When somebody should look at it; nil when only a person can bring it further.
    package var dueAt: ValidationTime? {
        let next = retry?.notBefore ?? changedAt
        switch state {
        case .open, .identified: return deadline?.advanced(bySeconds: 1)
        case .applied, .requested, .issued: return min(next, deadline?.advanced(bySeconds: 1) ?? next)
        case .printing: return actions.isEmpty ? nil : next
        case .ready: return nil
        case .voiding: return voiding?.wipedAt == nil ? wipeAt.map { min($0, next) } ?? next : next
        case .handedOver, .voided:
            switch remains {
            case .everything: return next
            case .body: return wipeAt
            case .skeleton: return nil
            }
        }
    }

    /// After this it is taken back; nil where nothing runs out.
    package var deadline: ValidationTime? {
        switch state {
        case .open, .identified: changedAt.advanced(bySeconds: idleSeconds)
        case .applied, .requested: milestones.submittedAt?.advanced(bySeconds: order?.limits.issuing ?? 0)
        case .issued: milestones.issuedAt?.advanced(bySeconds: order?.limits.holding ?? 0)
        default: nil
        }
    }

    /// When staff are reminded that nobody has come for the papers; nil while they are not ready.
    package var remindAt: ValidationTime? {
        guard state == .ready else { return nil }
        return milestones.readyAt?.advanced(bySeconds: order?.limits.collecting ?? 0)
    }

    /// Whether the papers have waited so long that staff do something about it.
    package func isUncollected(at time: ValidationTime) -> Bool { remindAt.map { time >= $0 } ?? false }

    /// When personal data go: the procedure's retention after the hand-over, or after it was taken back, whether or not
    /// issuer and printers have answered by then. Nil while it is under way.
    package var wipeAt: ValidationTime? {
        (voiding?.at ?? milestones.finishedAt)?.advanced(bySeconds: order?.limits.retention ?? 0)
    }

    /// Whether what is void loses its personal data now, though something is still outstanding.
    package func isWipedUnfinished(at time: ValidationTime) -> Bool {
        state == .voiding && voiding?.wipedAt == nil && wipeAt.map { time >= $0 } ?? false
    }

    /// When the issuer is asked to cancel for the last time; nil while nothing is to be cancelled there.
    package var giveUpAt: ValidationTime? {
        guard state == .voiding, issue?.stage == .cancelling else { return nil }
        return voiding?.at.advanced(bySeconds: CounterApplication.mostCancellingSeconds)
    }

    /// 30 days.
    package static let mostCancellingSeconds: Int64 = 30 * 86_400

    /// Whether a supervisor may end the waiting for the issuer's word: it was asked and did not say.
    package var isCancelUnanswered: Bool { state == .voiding && issue?.stage == .cancelling && retry != nil }

    /// Seconds for which papers of a municipality that is served no more may wait for somebody: 7 days.
    package static let mostUnservedSeconds: Int64 = 7 * 86_400
}

extension Paper {
    /// What is to be done for a paper of an application that is issued or printing.
    fileprivate var action: CounterAction? {
        switch stage {
        case .planned, .held, .completed, .lost, .withdrawn: nil
        case .rendered: .hold(kind)
        case .holding: .findJob(kind)
        case .releasing: .release(kind)
        case .released: .watch(kind)
        }
    }
}
