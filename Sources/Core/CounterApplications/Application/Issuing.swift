/// What the issuer does, and what the centre asks of it.
extension CounterChangeInProgress {
    mutating func applyIssuing(_ event: CounterEvent) throws(CounterRefusal) {
        switch event {
        case .issueSending:
            try require(.applied)
            application.issue?.stage = .sent
            application.state = .requested
        case .issueNotSent, .issueNotReceived:
            try require(.requested)
            application.issue?.stage = .prepared
            if event == .issueNotReceived { application.issue?.mayArriveLate = true }
            application.state = .applied
            fail()
        case .issueUndecided:
            try require(.requested)
            fail()
        case .issueAccepted(let copy): try accept(copy)
        case .issueRefused(let refusal):
            try require(.requested)
            application.issue?.stage = .refused
            try begin(Voiding(reason: .issuerRefused, at: time, refusal: refusal))
        case .issueMismatched(let mismatches):
            try require(.requested)
            guard !mismatches.isEmpty else { throw .invalidEvent }
            try begin(Voiding(reason: .issueMismatch, at: time, mismatches: mismatches))
        case .issueCancelled, .issueCancelFailed:
            guard application.state == .voiding, application.issue?.stage == .cancelling else { throw .wrongState }
            if event == .issueCancelFailed { return fail() }
            application.issue?.stage = .cancelled
            succeed()
            finishVoiding()
        case .issueCancelGivenUp:
            guard let giveUpAt = application.giveUpAt, time >= giveUpAt else { throw .wrongState }
            endCancelling(.unanswered, by: nil)
        default: throw .invalidEvent
        }
    }

    private mutating func accept(_ copy: IssuedCopy) throws(CounterRefusal) {
        try require(.requested)
        guard copy.pdfDigest.count == 32, (1...mostCertificatePages).contains(copy.pages) else { throw .invalidEvent }
        application.issue?.stage = .accepted
        application.issue?.pdfDigest = copy.pdfDigest
        application.issue?.pages = copy.pages
        application.issue?.issuedAt = copy.issuedAt
        application.state = .issued
        application.milestones.issuedAt = time
        succeed()
    }
}
