package import Organizations
package import PKIX
package import Verification

/// What became of a new job.
package enum BatchCreation: Hashable, Sendable {
    case created
    /// The same request under the same idempotency key made this job before.
    case replayed(BatchJob)
}

/// Jobs in the store. Each change that others may ask about stands on the audit trail in the same transaction.
package protocol BatchJobStore: Sendable {
    /// Keeps a new job with its audit event; durable on return. Looks at the idempotency key of the last 24 hours.
    func create(_ job: BatchJob, audit: AuditEvent) async throws(StoreError) -> BatchCreation
    func job(_ id: String, kind: BatchKind, of municipality: MunicipalityCode) async throws(StoreError) -> BatchJob?
    /// The job that the key made within the last 24 hours; nil when there is none.
    ///
    /// - Throws: ``StoreError/idempotencyKeyReused`` when the key came with another request.
    func jobMade(
        by key: IdempotencyKey,
        of municipality: MunicipalityCode,
        actor: String
    ) async throws(StoreError) -> BatchJob?
    /// Newest first; at most `limit`, after the job of the id `after`.
    func jobs(
        _ kind: BatchKind,
        of municipality: MunicipalityCode,
        limit: Int,
        after: String?
    ) async throws(StoreError) -> [BatchJob]
    /// Jobs that are queued or running, oldest first.
    func unfinishedJobs() async throws(StoreError) -> [BatchJob]
    /// How many jobs of the municipality are queued or running.
    func unfinishedCount(of municipality: MunicipalityCode) async throws(StoreError) -> Int
    /// Writes what changes of a job, with an audit event where one is given, unless the stored job is in another
    /// state than `expected`. False, and nothing changed, when it is, or when there is no such job.
    func update(_ job: BatchJob, from expected: BatchJob.State, audit: AuditEvent?) async throws(StoreError) -> Bool
    /// Keeps the progress of a running job. False when it no longer runs.
    func checkpoint(_ id: String, progress: BatchProgress) async throws(StoreError) -> Bool
    /// Deletes the job with its audit event. False when there was none.
    func deleteJob(_ id: String, of municipality: MunicipalityCode, audit: AuditEvent) async throws(StoreError) -> Bool
    /// Finished jobs whose time is over.
    func expiredJobs(at now: ValidationTime, limit: Int) async throws(StoreError) -> [BatchJob]
    /// Which of these ids have a job.
    func existing(_ ids: [String]) async throws(StoreError) -> Set<String>
    /// Appends an audit event alone; durable on return.
    func append(_ event: AuditEvent) async throws(StoreError)
}

/// Why a file of a job could not be written or read.
package enum BatchFileError: Error, Hashable, Sendable {
    /// The disk is full, or a file cannot be opened.
    case unavailable(reason: String)
    /// A file is shorter than what was made durable.
    case damaged
    case missing
}

/// Receives one input while it arrives.
package protocol BatchSpool: Sendable {
    func append(_ octets: [UInt8]) throws(BatchFileError)
    /// Makes the input durable under the job's id.
    /// SHA-256 of what has been received.
    func digest() -> [UInt8]
    func publish() throws(BatchFileError)
    /// Deletes what has been received.
    func discard()
}

/// Inputs and results of jobs: files that belong to the platform alone. Calls block; they are made on ``executor``.
package protocol BatchFiles: Sendable {
    /// Threads of their own, so that bulk work and its files never keep an interactive request waiting.
    var executor: any TaskExecutor { get }
    /// Takes the right to run jobs, one process at a time; false while another process has it.
    func claim() throws(BatchFileError) -> Bool
    /// Gives the right back.
    func release()
    func spool(_ jobID: String) throws(BatchFileError) -> any BatchSpool
    /// Up to `count` octets of the input from `offset`; fewer at its end.
    func input(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8]
    func inputSize(_ jobID: String) throws(BatchFileError) -> Int64
    func removeInput(_ jobID: String)
    /// Cuts the result to `size` octets, which must be there.
    func truncateResult(_ jobID: String, to size: Int64) throws(BatchFileError)
    /// Writes at the end, which must be at `offset`.
    func appendResult(_ jobID: String, _ octets: [UInt8], at offset: Int64) throws(BatchFileError)
    /// Makes what has been appended durable.
    func synchronizeResult(_ jobID: String) throws(BatchFileError)
    /// SHA-256 of the whole result.
    func resultDigest(_ jobID: String) throws(BatchFileError) -> [UInt8]
    func result(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8]
    func resultSize(_ jobID: String) throws(BatchFileError) -> Int64
    /// Deletes input and result.
    func remove(_ jobID: String)
    /// Ids that have a published file.
    func jobIDs() throws(BatchFileError) -> [String]
    /// Deletes what an interrupted reception has left for longer than `seconds`.
    func sweepSpools(olderThan seconds: Int64)
}
