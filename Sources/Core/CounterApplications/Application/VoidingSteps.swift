internal import Organizations
internal import PKIX

/// Taking an application back: whole, and with every sheet accounted for.
extension CounterChangeInProgress {
    mutating func void(_ reason: Voiding.Reason, by actor: VoidActor) throws(CounterRefusal) {
        var staffID: String?
        switch actor {
        case .resident, .platform:
            switch application.state {
            case .open, .identified, .applied, .requested, .issued: break
            case .printing, .ready: throw .tooLate
            case .handedOver, .voiding, .voided: throw .wrongState
            }
        case .staff(let staff):
            try require(staff, application.blocks.isEmpty ? .counterClerk : .supervisor)
            guard !application.state.isFinal, application.state != .voiding else { throw .wrongState }
            staffID = staff.id
        }
        try begin(Voiding(reason: reason, at: time, staff: staffID))
    }

    /// From here on nothing is sent or printed any more.
    mutating func begin(_ voiding: Voiding) throws(CounterRefusal) {
        application.voiding = voiding
        application.state = .voiding
        application.retry = nil
        // What the issuer has, or may have, is cancelled there.
        switch application.issue?.stage {
        case .sent, .accepted: application.issue?.stage = .cancelling
        case .prepared where application.issue?.mayArriveLate == true: application.issue?.stage = .cancelling
        case .prepared, .refused, .cancelling, .cancelled, .cancelUnconfirmed, nil: break
        }
        for index in application.papers.indices {
            let paper = application.papers[index]
            switch paper.stage {
            case .planned, .rendered: application.papers[index].stage = .withdrawn
            case .completed: move(index, used: -paper.usedSheets, spoilt: paper.usedSheets)
            case .holding, .held, .releasing, .released, .lost, .withdrawn: break
            }
        }
        if application.fee?.state == .paid { application.fee?.state = .reversed }
        finishVoiding()
    }

    /// Voided once nothing is left at the issuer and at the printers.
    mutating func finishVoiding() {
        guard application.state == .voiding, application.issue?.stage != .cancelling,
            !application.papers.contains(where: \.mayHaveJob)
        else { return }
        application.state = .voided
        application.retry = nil
        application.milestones.finishedAt = time
    }

    /// Of a municipality that is served no more nobody hands papers over.
    mutating func endService() throws(CounterRefusal) {
        try require(.printing, .ready)
        guard time.seconds(since: application.changedAt) >= CounterApplication.mostUnservedSeconds else {
            throw .wrongState
        }
        try begin(Voiding(reason: .notCollected, at: time))
    }

    mutating func applyKeeping(_ event: CounterEvent) throws(CounterRefusal) {
        if event == .wiped, application.state == .voiding {
            guard application.isWipedUnfinished(at: time) else { throw .wrongState }
            application.voiding?.wipedAt = time
            return application.removePersonalData()
        }
        try require(.handedOver, .voided)
        switch event {
        case .documentsDeleted:
            guard application.remains == .everything else { throw .wrongState }
            application.remains = .body
            succeed()
        case .deletionFailed:
            guard application.remains == .everything else { throw .wrongState }
            fail()
        case .wiped:
            guard application.remains == .body, let wipeAt = application.wipeAt, time >= wipeAt else {
                throw .wrongState
            }
            application.removePersonalData()
            application.remains = .skeleton
        default: throw .invalidEvent
        }
    }
}

extension CounterApplication {
    /// Leaves what 日計 and audit need: codes, counts and times.
    fileprivate mutating func removePersonalData() {
        applicant = nil
        if let former = order, case .selected = former.order.scope {
            var bare = former.order
            bare.scope = .selected([])
            order = AcceptedOrder(
                order: bare, procedureNames: former.procedureNames, fee: former.fee, claim: former.claim,
                limits: former.limits)
        }
        issue?.forgetDigests()
        for index in papers.indices { papers[index].digest = nil }
    }
}
