internal import Authenticators
internal import Foundation
internal import GRDB
internal import Organizations
internal import PKIX
internal import StaffSignIn

/// The tables `staff_credential` and `staff_session`.
enum StaffRows {
    static func credential(of staffID: String, from db: Database) throws -> StaffCredential? {
        try Row.fetchOne(db, sql: "SELECT * FROM staff_credential WHERE staff_id = ?", arguments: [staffID])
            .map(credential)
    }

    /// Writes over what has version `version`, or makes the first. False when that is not what is stored.
    static func write(_ credential: StaffCredential, expecting version: Int?, to db: Database) throws -> Bool {
        guard try self.credential(of: credential.staffID, from: db)?.version == version else { return false }
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO staff_credential (staff_id, municipality_code, format_version, salt, log_rounds,
                    block_size, parallelism, hash, sealed_secret, last_step, failures, locked_until, changed_at, version,
                    checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                credential.staffID, credential.municipality.digits, StoreSchema.rowVersion,
                Data(credential.password.salt), credential.password.cost.logRounds, credential.password.cost.blockSize,
                credential.password.cost.parallelism, Data(credential.password.hash), Data(credential.sealedSecret),
                credential.lastStep?.number, credential.failures, credential.lockedUntil?.secondsSince1970,
                credential.changedAt.secondsSince1970, credential.version, Data(checksum(credential)),
            ])
        return true
    }

    private static func credential(_ row: Row) throws -> StaffCredential {
        let damaged = DamagedRow(table: "staff_credential")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let salt = row.octets("salt"), let hash = row.octets("hash"), let secret = row.octets("sealed_secret"),
            let rounds = Int(exactly: try row.integer("log_rounds")),
            let size = Int(exactly: try row.integer("block_size")),
            let parallelism = Int(exactly: try row.integer("parallelism"))
        else { throw damaged }
        let cost = PasswordHash.Cost(logRounds: rounds, blockSize: size, parallelism: parallelism)
        let credential = StaffCredential(
            staffID: try row.text("staff_id"), municipality: municipality,
            password: PasswordHash(salt: salt, cost: cost, hash: hash), sealedSecret: secret,
            lastStep: try row.optionalInteger("last_step").map { OneTimePassword.Step($0) },
            failures: Int(truncatingIfNeeded: try row.integer("failures")),
            lockedUntil: try row.optionalTime("locked_until"), changedAt: try row.time("changed_at"),
            version: Int(truncatingIfNeeded: try row.integer("version")))
        guard checksum(credential) == row.octets("checksum") else { throw damaged }
        return credential
    }

    private static func checksum(_ credential: StaffCredential) -> [UInt8] {
        var sum = RowChecksum("staff_credential")
        sum.add(credential.staffID)
        sum.add(credential.municipality.digits)
        sum.add(credential.password.salt)
        let cost = credential.password.cost
        for number in [cost.logRounds, cost.blockSize, cost.parallelism] { sum.add(Int64(number)) }
        sum.add(credential.password.hash)
        sum.add(credential.sealedSecret)
        sum.add(credential.lastStep?.number ?? -1)
        sum.add(Int64(credential.failures))
        sum.add(credential.lockedUntil?.secondsSince1970 ?? -1)
        sum.add(credential.changedAt.secondsSince1970)
        sum.add(Int64(credential.version))
        return sum.digest
    }

    // MARK: Sessions

    static func insert(_ session: StaffSession, into db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO staff_session (token_hash, municipality_code, format_version, staff_id, started_at, seen_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Data(session.tokenHash), session.municipality.digits, StoreSchema.rowVersion, session.staffID,
                session.startedAt.secondsSince1970, session.seenAt.secondsSince1970,
            ])
    }

    static func session(_ tokenHash: [UInt8], from db: Database) throws -> StaffSession? {
        let row = try Row.fetchOne(
            db, sql: "SELECT * FROM staff_session WHERE token_hash = ?", arguments: [Data(tokenHash)])
        guard let row else { return nil }
        guard let municipality = MunicipalityCode(try row.text("municipality_code")) else {
            throw DamagedRow(table: "staff_session")
        }
        return StaffSession(
            tokenHash: tokenHash, staffID: try row.text("staff_id"), municipality: municipality,
            startedAt: try row.time("started_at"), seenAt: try row.time("seen_at"))
    }
}

extension Row {
    func optionalInteger(_ column: String) throws -> Int64? {
        let value: DatabaseValue? = self[column]
        return value?.isNull ?? true ? nil : try integer(column)
    }
}
