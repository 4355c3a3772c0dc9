internal import Foundation
internal import GRDB
internal import Organizations
internal import PKIX
internal import Verification

/// The table `challenge`.
enum ChallengeRows {
    static func insert(_ challenge: Challenge, into db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO challenge (id, municipality_code, format_version, nonce, actor, purpose, created_at,
                    expires_at, used_by, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)
                """)
        try statement.execute(arguments: [
            challenge.id, challenge.municipality.digits, StoreSchema.rowVersion, Data(challenge.nonce),
            challenge.actor, challenge.purpose, challenge.createdAt.secondsSince1970,
            challenge.expiresAt.secondsSince1970, Data(checksum(challenge, usedBy: nil)),
        ])
    }

    static func fetch(_ id: String, of municipality: MunicipalityCode, from db: Database) throws -> StoredChallenge? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM challenge WHERE id = ? AND municipality_code = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id, municipality.digits]) else { return nil }
        guard let code = MunicipalityCode(try row.text("municipality_code")), let nonce = row.octets("nonce") else {
            throw DamagedRow(table: "challenge")
        }
        let challenge = Challenge(
            id: try row.text("id"), nonce: nonce, municipality: code, actor: try row.text("actor"),
            purpose: try row.text("purpose"),
            createdAt: ValidationTime(secondsSince1970: try row.integer("created_at")),
            expiresAt: ValidationTime(secondsSince1970: try row.integer("expires_at")))
        let usedBy = row.optionalText("used_by")
        guard checksum(challenge, usedBy: usedBy) == row.octets("checksum") else {
            throw DamagedRow(table: "challenge")
        }
        return StoredChallenge(challenge: challenge, isUsed: usedBy != nil)
    }

    /// Marks the challenge used by a record: the compare-and-swap that exactly one caller wins.
    static func consume(
        _ id: String,
        of municipality: MunicipalityCode,
        by recordID: String,
        in db: Database
    ) throws {
        guard let stored = try fetch(id, of: municipality, from: db) else { throw StoreError.challengeNotFound }
        guard !stored.isUsed else { throw StoreError.challengeAlreadyUsed }
        let statement = try db.cachedStatement(
            sql: """
                UPDATE challenge SET used_by = ?, checksum = ?
                WHERE id = ? AND municipality_code = ? AND used_by IS NULL
                """)
        try statement.execute(arguments: [
            recordID, Data(checksum(stored.challenge, usedBy: recordID)), id, municipality.digits,
        ])
        guard db.changesCount == 1 else { throw StoreError.challengeAlreadyUsed }
    }

    private static func checksum(_ challenge: Challenge, usedBy: String?) -> [UInt8] {
        var sum = RowChecksum("challenge")
        sum.add(challenge.id)
        sum.add(challenge.municipality.digits)
        sum.add(challenge.nonce)
        sum.add(challenge.actor)
        sum.add(challenge.purpose)
        sum.add(challenge.createdAt.secondsSince1970)
        sum.add(challenge.expiresAt.secondsSince1970)
        sum.add(usedBy)
        return sum.digest
    }
}
