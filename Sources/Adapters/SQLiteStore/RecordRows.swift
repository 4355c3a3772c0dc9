internal import Foundation
internal import GRDB
internal import Organizations
internal import PKIX
internal import Verification

/// The table `verification_record`.
enum RecordRows {
    /// Seconds during which a client's idempotency key stands for its first request.
    static let idempotencyPeriod: Int64 = 86_400

    static func insert(_ record: VerificationRecord, into db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO verification_record (id, municipality_code, format_version, kind, environment, actor, site,
                    purpose, created_at, result, body, serial_key_id, serial_ciphertext, serial_search_key, request_id,
                    idempotency_key, request_digest, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            record.id, record.municipality.digits, StoreSchema.rowVersion, record.kind.rawValue,
            record.environment.rawValue, record.actor, record.site, record.purpose, record.createdAt.secondsSince1970,
            record.result, Data(record.body), record.serial?.keyID, record.serial.map { Data($0.ciphertext) },
            record.serial.map { Data($0.searchKey) }, record.requestID, record.idempotency?.key,
            record.idempotency.map { Data($0.requestDigest) }, Data(checksum(record)),
        ])
    }

    /// Refuses a second record under a key that still stands for its first one.
    static func requireFresh(_ record: VerificationRecord, in db: Database) throws {
        guard let key = record.idempotency else { return }
        let since = record.createdAt.advanced(bySeconds: -idempotencyPeriod)
        guard let first = try replay(key.key, of: record.municipality, actor: record.actor, since: since, from: db)
        else { return }
        throw first.idempotency == key ? StoreError.idempotencyKeyTaken : StoreError.idempotencyKeyReused
    }

    static func replay(
        _ key: String,
        of municipality: MunicipalityCode,
        actor: String,
        since: ValidationTime,
        from db: Database
    ) throws -> VerificationRecord? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM verification_record
                WHERE municipality_code = ? AND actor = ? AND idempotency_key = ? AND created_at > ?
                ORDER BY created_at DESC, seq DESC LIMIT 1
                """)
        let arguments: StatementArguments = [municipality.digits, actor, key, since.secondsSince1970]
        return try Row.fetchOne(statement, arguments: arguments).map { try record($0) }
    }

    static func fetch(_ id: String, of municipality: MunicipalityCode, from db: Database) throws
        -> VerificationRecord?
    {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM verification_record WHERE id = ? AND municipality_code = ?")
        return try Row.fetchOne(statement, arguments: [id, municipality.digits]).map { try record($0) }
    }

    /// The record of a row; every row is checked against its checksum.
    static func record(_ row: Row) throws -> VerificationRecord {
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let kind = VerificationRecord.Kind(rawValue: try row.text("kind")),
            let environment = DeploymentEnvironment(rawValue: try row.text("environment")),
            let body = row.octets("body")
        else { throw DamagedRow(table: "verification_record") }
        var serial: SealedSerial?
        if let keyID = row.optionalText("serial_key_id"), let ciphertext = row.octets("serial_ciphertext"),
            let searchKey = row.octets("serial_search_key")
        {
            serial = SealedSerial(keyID: keyID, ciphertext: ciphertext, searchKey: searchKey)
        }
        var idempotency: IdempotencyKey?
        if let key = row.optionalText("idempotency_key"), let digest = row.octets("request_digest") {
            idempotency = IdempotencyKey(key: key, requestDigest: digest)
        }
        let record = VerificationRecord(
            id: try row.text("id"), kind: kind, municipality: municipality, environment: environment,
            actor: try row.text("actor"),
            site: row.optionalText("site"), purpose: try row.text("purpose"),
            createdAt: ValidationTime(secondsSince1970: try row.integer("created_at")), result: try row.text("result"),
            body: body,
            serial: serial, requestID: try row.text("request_id"), idempotency: idempotency)
        guard checksum(record) == row.octets("checksum") else { throw DamagedRow(table: "verification_record") }
        return record
    }

    private static func checksum(_ record: VerificationRecord) -> [UInt8] {
        var sum = RowChecksum("verification_record")
        for text in [
            record.id, record.municipality.digits, record.kind.rawValue, record.environment.rawValue, record.actor,
            record.site, record.purpose, record.result, record.serial?.keyID, record.requestID,
            record.idempotency?.key,
        ] { sum.add(text) }
        sum.add(record.createdAt.secondsSince1970)
        for octets in [
            record.body, record.serial?.ciphertext, record.serial?.searchKey, record.idempotency?.requestDigest,
        ] { sum.add(octets) }
        return sum.digest
    }
}
