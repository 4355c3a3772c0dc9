package import Organizations
package import PKIX

/// What the audit trail keeps of one act. It holds no personal data: no name, no
/// serial, no certificate and nothing from which one could be looked up.
package struct AuditEvent: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case challengeCreated = "challenge_created"
        case verification
        case statusCheck = "status_check"
        case verificationRead = "verification_read"
        case verificationDeleted = "verification_deleted"
        case requestRefused = "request_refused"
        case crlActivated = "crl_activated"
        case crlRefused = "crl_refused"
        /// An operator wants a list in force against the order; it needs a second one.
        case crlAcceptanceProposed = "crl_acceptance_proposed"
        /// Two operators have put a list in force against the order.
        case crlAccepted = "crl_accepted"
        case serialOpened = "serial_opened"
        case serviceStarted = "service_started"
        case serviceStopped = "service_stopped"
        case configurationReloaded = "configuration_reloaded"
        /// A changed configuration has faults; the former one stays.
        case configurationRefused = "configuration_refused"
        /// Records that had reached the end of their retention were deleted.
        case recordsPurged = "records_purged"
        /// How often the local responder answered since the last such record, by outcome.
        case localResponderAnswered = "local_responder_answered"
        /// What changed between two lists was read, for the municipality's own certificates.
        case listChangesRead = "list_changes_read"
        case batchCreated = "batch_created"
        /// A bulk job began again from its first line: what it was judged by could not be had again.
        case batchRestarted = "batch_restarted"
        /// The result says whether it succeeded or failed.
        case batchCompleted = "batch_completed"
        case batchCancelled = "batch_cancelled"
        /// The items of a bulk job were given out.
        case batchRead = "batch_read"
        case batchDeleted = "batch_deleted"
        /// A one-time code for a terminal was made.
        case deviceCodeCreated = "device_code_created"
        case deviceEnrolled = "device_enrolled"
        case deviceEnrolmentRefused = "device_enrolment_refused"
        case deviceRenewed = "device_renewed"
        /// A device has shown a new key; its former one no longer counts.
        case deviceKeyConfirmed = "device_key_confirmed"
        case deviceRevoked = "device_revoked"
        /// A sealed record was opened and reconciled, once.
        case sealedRecordReconciled = "sealed_record_reconciled"
        /// A sealed record was not what its device, its chain or its seal makes it.
        case sealedRecordRefused = "sealed_record_refused"
        /// A terminal began with the next person (窓口申請).
        case counterSessionCreated = "counter_session_created"
        case counterIdentified = "counter_identified"
        /// The person was not identified, or the register sends them to the counter; the result says why.
        case counterIdentificationRefused = "counter_identification_refused"
        case counterSubmitted = "counter_submitted"
        /// The municipality's issuer answered, and the answer belongs to the request.
        case counterIssued = "counter_issued"
        /// All papers of an application were released to their printers together.
        case counterPapersReleased = "counter_papers_released"
        case counterPapersReady = "counter_papers_ready"
        case counterFeeTaken = "counter_fee_taken"
        case counterHandedOver = "counter_handed_over"
        case counterVoided = "counter_voided"
        /// The waiting for an issuer's word on a cancelling ended without it; the result says how.
        case counterCancelEnded = "counter_cancel_ended"
        /// Papers of two applications were crossed, or something else that must not be handed over.
        case counterBlocked = "counter_blocked"
        case counterBlockCleared = "counter_block_cleared"
        case counterReprinted = "counter_reprinted"
        /// A municipality's issuing stopped by itself.
        case counterIssuingStopped = "counter_issuing_stopped"
        case counterIssuingResumed = "counter_issuing_resumed"
        /// Staff noted sheets of secure paper: received, spoilt, counted.
        case counterSheetsNoted = "counter_sheets_noted"
        /// Personal data of finished applications were wiped.
        case counterDataWiped = "counter_data_wiped"
        /// A form of 書かない窓口 was filled in; the result says whether it was looked over, given out or printed.
        case formRendered = "form_rendered"
        /// A member of staff got a password and an authenticator; what they had before no longer counts.
        case staffCredentialSet = "staff_credential_set"
        case staffSignedIn = "staff_signed_in"
        case staffSignInRefused = "staff_sign_in_refused"
        case staffSignedOut = "staff_signed_out"
        /// A member of staff confirmed an act at another one's screen.
        case staffConfirmed = "staff_confirmed"
        /// The centre has a new key to which devices seal; the former ones still open.
        case sealingKeyRotated = "sealing_key_rotated"
        case storeBackedUp = "store_backed_up"
        case storeRestored = "store_restored"
    }

    package let kind: Kind
    package let occurredAt: ValidationTime
    package let environment: DeploymentEnvironment
    /// Nil for acts of the platform itself.
    package let municipality: MunicipalityCode?
    package let actor: String
    package let site: String?
    package let requestID: String
    /// The id of what the act made or touched: `ver_…`, `chl_…`, a CRL's digest.
    package let subject: String?
    package let purpose: String?
    package let result: String?
    /// Codes and times beside the result: method, rung, thisUpdate, problem code. Keys are snake_case.
    package let details: [String: String]

    package init(
        kind: Kind,
        occurredAt: ValidationTime,
        environment: DeploymentEnvironment,
        municipality: MunicipalityCode?,
        actor: String,
        site: String? = nil,
        requestID: String,
        subject: String? = nil,
        purpose: String? = nil,
        result: String? = nil,
        details: [String: String] = [:]
    ) {
        self.kind = kind
        self.occurredAt = occurredAt
        self.environment = environment
        self.municipality = municipality
        self.actor = actor
        self.site = site
        self.requestID = requestID
        self.subject = subject
        self.purpose = purpose
        self.result = result
        self.details = details
    }
}
