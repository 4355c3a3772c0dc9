internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import RevocationUpdating
package import Verification

/// The certificates of a municipality: those of its own records.
extension SQLiteStore: EnrolledCertificates {
    package func enrolled(
        _ searchKeys: [[UInt8]],
        of municipality: MunicipalityCode
    ) async throws(StoreError) -> [EnrolledCertificate] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT id, created_at FROM verification_record
                    WHERE municipality_code = ? AND serial_search_key = ? AND serial_search_key IS NOT NULL
                    ORDER BY created_at DESC, seq DESC LIMIT 1
                    """)
            return try searchKeys.compactMap { key in
                let row = try Row.fetchOne(statement, arguments: [municipality.digits, Data(key)])
                return try row.map { row in
                    EnrolledCertificate(
                        searchKey: key, recordID: try row.text("id"),
                        checkedAt: ValidationTime(secondsSince1970: try row.integer("created_at")))
                }
            }
        }
    }
}
