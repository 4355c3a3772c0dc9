package import Organizations
package import PKIX
package import Verification

/// What a bulk job asks of each of its lines.
package enum BatchKind: String, CaseIterable, Sendable {
    /// `POST /v1/status_batches`: the revocation status of certificates and serial numbers.
    case status
    /// `POST /v1/verification_batches`: whole proofs that were collected offline.
    case verification
}

/// One bulk job as the store keeps it. It holds no line of its input and no serial number.
package struct BatchJob: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case queued
        case running
        case succeeded
        case failed
        case cancelled

        /// Whether nothing will change any more.
        package var isFinal: Bool { self == .succeeded || self == .failed || self == .cancelled }
    }

    /// Who made the job, with what, for what.
    package struct Origin: Hashable, Sendable {
        package let municipality: MunicipalityCode
        package let environment: DeploymentEnvironment
        package let actor: String
        package let site: String?
        package let purpose: String
        package let policyID: String
        package let requestID: String
        package let idempotency: IdempotencyKey?

        package init(
            municipality: MunicipalityCode,
            environment: DeploymentEnvironment,
            actor: String,
            site: String?,
            purpose: String,
            policyID: String,
            requestID: String,
            idempotency: IdempotencyKey?
        ) {
            self.municipality = municipality
            self.environment = environment
            self.actor = actor
            self.site = site
            self.purpose = purpose
            self.policyID = policyID
            self.requestID = requestID
            self.idempotency = idempotency
        }
    }

    /// `stb_…` or `vfb_…`
    package let id: String
    package let kind: BatchKind
    package let origin: Origin
    package let createdAt: ValidationTime
    package let input: BatchInput
    package var state: State = .queued
    package var progress = BatchProgress()
    package var startedAt: ValidationTime?
    package var finishedAt: ValidationTime?
    /// When the job and its result are deleted.
    package var expiresAt: ValidationTime
    /// What every line is judged by; nil until the job has begun.
    package var basis: BatchBasis?
    /// How often the job began again from its first line, since what it was judged by could not be had again.
    package var restarts = 0
    /// Set exactly when ``state`` is failed.
    package var failure: BatchFailure?
    /// SHA-256 of the result; set exactly when ``state`` is succeeded.
    package var resultDigest: [UInt8]?

    package init(
        id: String,
        kind: BatchKind,
        origin: Origin,
        createdAt: ValidationTime,
        input: BatchInput,
        expiresAt: ValidationTime
    ) {
        self.id = id
        self.kind = kind
        self.origin = origin
        self.createdAt = createdAt
        self.input = input
        self.expiresAt = expiresAt
    }
}

/// The spooled input of a job.
package struct BatchInput: Hashable, Sendable {
    package let lines: Int
    package let octets: Int64
    package let format: BatchFormat

    package init(lines: Int, octets: Int64, format: BatchFormat) {
        (self.lines, self.octets, self.format) = (lines, octets, format)
    }
}

/// How lines came in.
package enum BatchFormat: String, CaseIterable, Sendable {
    case ndjson
    case csv
}

/// How far a job has come: a prefix of the input and the prefix of the result that answers it.
package struct BatchProgress: Hashable, Sendable {
    /// Lines answered.
    package var done = 0
    package var inputOctets: Int64 = 0
    package var resultOctets: Int64 = 0
    /// Answers by their word: `good`, `revoked`, …; `error` counts the lines that could not be read.
    package var counts: [String: Int] = [:]

    package init() {}
}

/// Why a job failed. Its lines never make it fail.
package enum BatchFailure: String, CaseIterable, Sendable {
    /// The spooled input is not what was received.
    case inputDamaged = "input_damaged"
    /// Result or progress could not be written.
    case storageFailed = "storage_failed"
    /// The procedure that the job was made for is no longer configured.
    case policyRemoved = "policy_removed"
}
