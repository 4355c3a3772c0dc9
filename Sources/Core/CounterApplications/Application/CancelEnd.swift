internal import Organizations
package import PKIX

/// How the waiting for the issuer's word on a cancelling ended without that word. The cancelling is then a matter of
/// the issuer's own books; of the application nothing but its codes is needed for it.
package struct CancelEnd: Hashable, Sendable, Codable {
    package enum Reason: String, CaseIterable, Hashable, Sendable, Codable {
        /// The issuer's people say that it is cancelled there.
        case cancelledThere = "cancelled_there"
        /// The issuer's people say that they never had the request.
        case neverReceived = "never_received"
        /// It cannot be cancelled there any more: the issuer's people settle it in their books.
        case settledThere = "settled_there"
        /// Nobody said anything until ``CounterApplication/giveUpAt``; the platform's own.
        case unanswered
    }

    package let reason: Reason
    package let at: ValidationTime
    /// The supervisor; nil for ``Reason/unanswered``.
    package let staff: String?

    init(reason: Reason, at: ValidationTime, staff: String?) {
        (self.reason, self.at, self.staff) = (reason, at, staff)
    }
}

extension CounterChangeInProgress {
    /// A supervisor's word in place of the issuer's. Only after the issuer was asked in vain.
    mutating func endCancelling(_ reason: CancelEnd.Reason, by staff: StaffIdentity) throws(CounterRefusal) {
        try require(staff, .supervisor)
        guard reason != .unanswered else { throw .invalidEvent }
        guard application.isCancelUnanswered else { throw .wrongState }
        endCancelling(reason, by: staff.id)
    }

    /// Nothing but the waiting ends: papers that are still at a printer are withdrawn as before.
    mutating func endCancelling(_ reason: CancelEnd.Reason, by staff: String?) {
        application.issue?.stage = .cancelUnconfirmed
        application.voiding?.cancelEnd = CancelEnd(reason: reason, at: time, staff: staff)
        succeed()
        finishVoiding()
    }
}
