internal import BatchStatus
internal import Foundation
internal import GRDB
internal import Organizations
internal import PKIX
internal import Verification

/// The table `batch_job`. What never changes of a job, what changes now and then, and its progress have a checksum
/// each, so that a checkpoint rewrites three numbers and a line of counts.
enum BatchJobRows {
    static func insert(_ job: BatchJob, into db: Database) throws {
        let (origin, input) = (job.origin, job.input)
        try db.execute(
            sql: """
                INSERT INTO batch_job (id, municipality_code, format_version, kind, environment, actor, site, purpose,
                    policy_id, request_id, idempotency_key, request_digest, created_at, input_lines, input_octets,
                    input_format, checksum, state, expires_at, restarts, state_checksum, progress, progress_checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, x'', '', x'')
                """,
            arguments: [
                job.id, origin.municipality.digits, StoreSchema.rowVersion, job.kind.rawValue,
                origin.environment.rawValue, origin.actor, origin.site, origin.purpose, origin.policyID,
                origin.requestID, origin.idempotency?.key, origin.idempotency.map { Data($0.requestDigest) },
                job.createdAt.secondsSince1970, input.lines, input.octets, input.format.rawValue,
                Data(originChecksum(job)),
            ])
        try write(job, to: db)
    }

    /// Writes what changes.
    static func write(_ job: BatchJob, to db: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let basis = try job.basis.map { try encoder.encode($0) }
        try db.execute(
            sql: """
                UPDATE batch_job SET state = ?, expires_at = ?, restarts = ?, started_at = ?, finished_at = ?,
                    failure = ?, result_digest = ?, basis = ?, state_checksum = ? WHERE id = ?
                """,
            arguments: [
                job.state.rawValue, job.expiresAt.secondsSince1970, job.restarts, job.startedAt?.secondsSince1970,
                job.finishedAt?.secondsSince1970, job.failure?.rawValue, job.resultDigest.map { Data($0) }, basis,
                Data(stateChecksum(job, basis: basis)), job.id,
            ])
        try write(job.progress, of: job.id, to: db)
    }

    static func write(_ progress: BatchProgress, of id: String, to db: Database) throws {
        let text = encoded(progress)
        try db.execute(
            sql: "UPDATE batch_job SET progress = ?, progress_checksum = ? WHERE id = ?",
            arguments: [text, Data(progressChecksum(id, text)), id])
    }

    static func state(of id: String, in db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT state FROM batch_job WHERE id = ?", arguments: [id])
    }

    // MARK: Reading

    /// The job of a row; every part is checked against its checksum.
    static func job(_ row: Row) throws -> BatchJob {
        let damaged = DamagedRow(table: "batch_job")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let kind = BatchKind(rawValue: try row.text("kind")),
            let environment = DeploymentEnvironment(rawValue: try row.text("environment")),
            let format = BatchFormat(rawValue: try row.text("input_format")),
            let state = BatchJob.State(rawValue: try row.text("state"))
        else { throw damaged }
        var idempotency: IdempotencyKey?
        if let key = row.optionalText("idempotency_key"), let digest = row.octets("request_digest") {
            idempotency = IdempotencyKey(key: key, requestDigest: digest)
        }
        var job = BatchJob(
            id: try row.text("id"), kind: kind,
            origin: BatchJob.Origin(
                municipality: municipality, environment: environment, actor: try row.text("actor"),
                site: row.optionalText("site"), purpose: try row.text("purpose"), policyID: try row.text("policy_id"),
                requestID: try row.text("request_id"), idempotency: idempotency),
            createdAt: try row.time("created_at"),
            input: BatchInput(
                lines: Int(try row.integer("input_lines")), octets: try row.integer("input_octets"), format: format),
            expiresAt: try row.time("expires_at"))
        (job.state, job.restarts) = (state, Int(try row.integer("restarts")))
        job.startedAt = try row.optionalTime("started_at")
        job.finishedAt = try row.optionalTime("finished_at")
        job.failure = row.optionalText("failure").flatMap { BatchFailure(rawValue: $0) }
        job.resultDigest = row.octets("result_digest")
        let basis = row.octets("basis").map { Data($0) }
        job.basis = try basis.map { try JSONDecoder().decode(BatchBasis.self, from: $0) }
        let progress = try row.text("progress")
        guard let decoded = decode(progress), originChecksum(job) == row.octets("checksum"),
            stateChecksum(job, basis: basis) == row.octets("state_checksum"),
            progressChecksum(job.id, progress) == row.octets("progress_checksum")
        else { throw damaged }
        job.progress = decoded
        return job
    }

    /// `done input_octets result_octets word=count …`, words in order.
    private static func encoded(_ progress: BatchProgress) -> String {
        let counts = progress.counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let numbers = ["\(progress.done)", "\(progress.inputOctets)", "\(progress.resultOctets)"]
        return (numbers + counts).joined(separator: " ")
    }

    private static func decode(_ text: String) -> BatchProgress? {
        let parts = text.split(separator: " ")
        guard parts.count >= 3, let done = Int(parts[0]), let input = Int64(parts[1]), let result = Int64(parts[2])
        else { return nil }
        var progress = BatchProgress()
        (progress.done, progress.inputOctets, progress.resultOctets) = (done, input, result)
        for part in parts.dropFirst(3) {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let count = Int(pair[1]) else { return nil }
            progress.counts[String(pair[0])] = count
        }
        return progress
    }

    // MARK: Checksums

    private static func originChecksum(_ job: BatchJob) -> [UInt8] {
        var sum = RowChecksum("batch_job")
        let origin = job.origin
        for text in [
            job.id, job.kind.rawValue, origin.municipality.digits, origin.environment.rawValue, origin.actor,
            origin.site, origin.purpose, origin.policyID, origin.requestID, origin.idempotency?.key,
            job.input.format.rawValue,
        ] { sum.add(text) }
        sum.add(origin.idempotency?.requestDigest)
        for number in [job.createdAt.secondsSince1970, Int64(job.input.lines), job.input.octets] { sum.add(number) }
        return sum.digest
    }

    private static func stateChecksum(_ job: BatchJob, basis: Data?) -> [UInt8] {
        var sum = RowChecksum("batch_job.state")
        for text in [job.id, job.state.rawValue, job.failure?.rawValue] { sum.add(text) }
        for time in [job.startedAt, job.finishedAt, job.expiresAt] { sum.add(time?.secondsSince1970 ?? -1) }
        sum.add(Int64(job.restarts))
        for octets in [job.resultDigest, basis.map { Array($0) }] { sum.add(octets) }
        return sum.digest
    }

    private static func progressChecksum(_ id: String, _ text: String) -> [UInt8] {
        var sum = RowChecksum("batch_job.progress")
        for part in [id, text] { sum.add(part) }
        return sum.digest
    }
}

extension Row {
    func time(_ column: String) throws -> ValidationTime {
        ValidationTime(secondsSince1970: try integer(column))
    }

    func optionalTime(_ column: String) throws -> ValidationTime? {
        let value: DatabaseValue? = self[column]
        return value?.isNull ?? true ? nil : try time(column)
    }
}
