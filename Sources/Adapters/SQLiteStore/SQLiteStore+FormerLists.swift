internal import Crypto
internal import Foundation
internal import GRDB
internal import Organizations
package import PKIX
package import RevocationUpdating
internal import Verification

/// A list that a program before format 2 kept in the store.
package struct FormerList: Sendable {
    package let mark: ScopeMark
    package let fetchedAt: ValidationTime
    /// The list; nil when the disk has damaged it. Its mark holds all the same.
    package let der: [UInt8]?
}

/// The way of lists out of the store into files: each is read, written to a file by the caller, and only then forgotten
/// here. Doing it again after a crash does nothing new.
extension SQLiteStore {
    /// The next list to take over; nil when none is left.
    package func nextFormerList() async throws(ListStoreError) -> FormerList? {
        let environment = settings.environment
        return try await listErrors { () async throws(StoreError) in
            try await self.read { db in
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT scope_id, environment, source_id, fetched_at, crl_number, this_update, digest, checksum, der
                        FROM revocation_list WHERE environment = ? ORDER BY scope_id LIMIT 1
                        """, arguments: [environment.rawValue])
                return try row.map { try FormerRows.list($0) }
            }
        }
    }

    /// Keeps the list's mark, unless a higher one is there, and deletes the list; one transaction.
    package func forget(_ list: FormerList) async throws(ListStoreError) {
        try await listErrors { () async throws(StoreError) in
            try await self.commits.submit { db, _ in
                let held = try MarkRows.find(list.mark, db)
                if list.mark.mark.isFurther(than: held?.mark) { try MarkRows.put(list.mark, db) }
                try db.execute(
                    sql: "DELETE FROM revocation_list WHERE scope_id = ? AND environment = ?",
                    arguments: [list.mark.scopeID, list.mark.environment.rawValue])
            }
        }
    }
}

/// The table `revocation_list` of format 1.
private enum FormerRows {
    static func list(_ row: Row) throws -> FormerList {
        guard let environment = DeploymentEnvironment(rawValue: try row.text("environment")),
            let digest = row.octets("digest")
        else { throw DamagedRow(table: "revocation_list") }
        let mark = ScopeMark(
            scopeID: try row.text("scope_id"), sourceID: try row.text("source_id"), environment: environment,
            mark: HighWaterMark(
                crlNumber: try MarkRows.number(row),
                thisUpdate: ValidationTime(secondsSince1970: try row.integer("this_update")), digest: digest))
        let fetchedAt = ValidationTime(secondsSince1970: try row.integer("fetched_at"))
        guard checksum(mark, fetchedAt) == row.octets("checksum") else {
            throw DamagedRow(table: "revocation_list")
        }
        let der = row.octets("der").flatMap { Array(SHA256.hash(data: $0)) == digest ? $0 : nil }
        return FormerList(mark: mark, fetchedAt: fetchedAt, der: der)
    }

    private static func checksum(_ mark: ScopeMark, _ fetchedAt: ValidationTime) -> [UInt8] {
        var sum = RowChecksum("revocation_list")
        for text in [mark.scopeID, mark.sourceID, mark.environment.rawValue] { sum.add(text) }
        sum.add(mark.mark.crlNumber?.octets)
        sum.add(mark.mark.digest)
        sum.add(mark.mark.thisUpdate.secondsSince1970)
        sum.add(fetchedAt.secondsSince1970)
        return sum.digest
    }
}
