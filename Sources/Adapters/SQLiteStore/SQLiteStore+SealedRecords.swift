package import BatchStatus
internal import DeviceEnrolment
internal import Foundation
internal import GRDB
package import OfflineEvidence
package import Organizations
internal import PKIX
package import Verification

extension SQLiteStore: SealedRecordLedger {
    package func signer(keyDigest: [UInt8]) async throws(StoreError) -> RecordSigner? {
        let environment = settings.environment
        return try await read { db in
            guard let key = try DeviceRows.fetch(keyDigest: keyDigest, from: db),
                let device = try DeviceRows.fetch(key.deviceID, from: db),
                let origin = RecordOrigin(
                    environment: environment.rawValue, municipality: device.municipality.digits, site: device.site,
                    terminal: device.terminal, device: device.id)
            else { return nil }
            return RecordSigner(
                origin: origin, state: device.state == .active ? .active : .revoked, certificate: key.certificate)
        }
    }

    package func neighbours(of header: SealedRecordHeader) async throws(StoreError) -> ChainNeighbours {
        try await read { db in
            let sequence = Int64(header.sequence)
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM sealed_record WHERE device_id = ? AND queue = ? AND sequence BETWEEN ? AND ?
                    """,
                arguments: [header.origin.device, Data(header.queue), sequence - 1, sequence + 1])
            var neighbours = ChainNeighbours()
            for receipt in try rows.map(SealedRecordRows.receipt) {
                if receipt.sequence < header.sequence {
                    neighbours.before = receipt.digest
                } else if receipt.sequence > header.sequence {
                    neighbours.after = receipt.previous
                } else {
                    neighbours.same = receipt.digest
                }
            }
            return neighbours
        }
    }

    package func receipt(of header: SealedRecordHeader) async throws(StoreError) -> SealedReceipt? {
        try await read { db in
            try SealedRecordRows.fetch(header.origin.device, header.queue, header.sequence, from: db)
        }
    }

    package func settle(
        _ receipt: SealedReceipt,
        audit event: AuditEvent
    ) async throws(StoreError) -> SealedSettlement {
        guard event.environment == settings.environment, event.municipality == receipt.municipality else {
            throw .unavailable(reason: "receipt, audit event and store name different environments or municipalities")
        }
        return try await commits.submit { db, audit in
            let known = try SealedRecordRows.fetch(receipt.device, receipt.queue, receipt.sequence, from: db)
            if let known {
                guard known.digest == receipt.digest else { return .conflicting }
                guard known.settledBy == receipt.settledBy else { return .repeated(known) }
            } else {
                try SealedRecordRows.insert(receipt, into: db)
                try audit.append(event, to: db)
            }
            return try SealedRecordRows.isEvidenceKnown(before: receipt, in: db) ? .settledAgain : .settled
        }
    }

    /// The queues of a device, as far as they have been reconciled and reported.
    package func queues(ofDevice id: String) async throws(StoreError) -> [ReconciledQueue] {
        try await read { db in
            var reports = try QueueReports.fetch(id, from: db)
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT queue, count(*) AS records, max(sequence) AS last FROM sealed_record WHERE device_id = ?
                    GROUP BY queue ORDER BY min(seq)
                    """, arguments: [id])
            let reconciled = try rows.map { row in
                guard let queue = row.octets("queue") else { throw DamagedRow(table: "sealed_record") }
                return ReconciledQueue(
                    queue: queue, records: Int(try row.integer("records")), last: UInt64(try row.integer("last")),
                    reported: reports.removeValue(forKey: queue.hexString))
            }
            let unseen = reports.sorted { $0.key < $1.key }.compactMap { name, last in
                [UInt8](hex: name).map { ReconciledQueue(queue: $0, records: 0, last: 0, reported: last) }
            }
            return reconciled + unseen
        }
    }

    /// Keeps the highest number that a device has said its queue goes to: what was dropped at the end shows as missing.
    package func note(
        queue: [UInt8],
        ofDevice id: String,
        of municipality: MunicipalityCode,
        goesTo last: UInt64
    ) async throws(StoreError) {
        try await commits.submit { db, _ in
            let known = try QueueReports.fetch(id, from: db)
            // A device does not take back what it has said, and has no queues without end.
            guard known[queue.hexString].map({ $0 < last }) ?? (known.count < QueueReports.mostQueues) else { return }
            try QueueReports.write(queue, id, municipality, last, to: db)
        }
    }
}

/// What devices say of their queues, as properties of the store.
private enum QueueReports {
    /// Of one device.
    static let mostQueues = 100

    private static func prefix(_ device: String) -> String { "device_queue/\(device)/" }

    /// The last number by the queue in hex.
    static func fetch(_ device: String, from db: Database) throws -> [String: UInt64] {
        let prefix = prefix(device)
        let statement = try db.cachedStatement(
            sql: "SELECT name, value FROM store_property WHERE name >= ? AND name < ?")
        var found: [String: UInt64] = [:]
        for row in try Row.fetchAll(statement, arguments: [prefix, prefix + "g"]) {
            guard let last = UInt64(try row.text("value")) else { throw DamagedRow(table: "store_property") }
            found[String(try row.text("name").dropFirst(prefix.count))] = last
        }
        return found
    }

    static func write(
        _ queue: [UInt8], _ device: String, _ municipality: MunicipalityCode, _ last: UInt64, to db: Database
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO store_property (name, value, municipality_code, format_version) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
        try statement.execute(arguments: [
            prefix(device) + queue.hexString, String(last), municipality.digits, StoreSchema.rowVersion,
        ])
    }
}

/// The table `sealed_record`.
enum SealedRecordRows {
    static func insert(_ receipt: SealedReceipt, into db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO sealed_record (municipality_code, format_version, device_id, queue, sequence, digest,
                    previous, evidence_digest, settled_by, outcome, settled_at, checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            receipt.municipality.digits, StoreSchema.rowVersion, receipt.device, Data(receipt.queue),
            Int64(receipt.sequence), Data(receipt.digest), Data(receipt.previous), Data(receipt.evidenceDigest),
            receipt.settledBy, receipt.outcome, receipt.settledAt.secondsSince1970, Data(checksum(receipt)),
        ])
    }

    static func fetch(
        _ device: String,
        _ queue: [UInt8],
        _ sequence: UInt64,
        from db: Database
    ) throws -> SealedReceipt? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM sealed_record WHERE device_id = ? AND queue = ? AND sequence = ?")
        return try Row.fetchOne(statement, arguments: [device, Data(queue), Int64(sequence)]).map(receipt)
    }

    /// Whether a record that was settled earlier holds the same card event.
    static func isEvidenceKnown(before receipt: SealedReceipt, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM sealed_record AS own, sealed_record AS other
                    WHERE own.device_id = ? AND own.queue = ? AND own.sequence = ?
                    AND other.municipality_code = own.municipality_code
                    AND other.evidence_digest = own.evidence_digest AND other.seq < own.seq)
                """)
        return try Bool.fetchOne(
            statement, arguments: [receipt.device, Data(receipt.queue), Int64(receipt.sequence)]) ?? false
    }

    static func receipt(_ row: Row) throws -> SealedReceipt {
        let damaged = DamagedRow(table: "sealed_record")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")), let queue = row.octets("queue"),
            let digest = row.octets("digest"), let previous = row.octets("previous"),
            let evidence = row.octets("evidence_digest"), let sequence = UInt64(exactly: try row.integer("sequence"))
        else { throw damaged }
        let receipt = SealedReceipt(
            municipality: municipality, device: try row.text("device_id"), queue: queue, sequence: sequence,
            digest: digest, previous: previous, evidenceDigest: evidence, settledBy: try row.text("settled_by"),
            outcome: try row.text("outcome"), settledAt: try row.time("settled_at"))
        guard checksum(receipt) == row.octets("checksum") else { throw damaged }
        return receipt
    }

    private static func checksum(_ receipt: SealedReceipt) -> [UInt8] {
        var sum = RowChecksum("sealed_record")
        sum.add(receipt.municipality.digits)
        sum.add(receipt.device)
        sum.add(receipt.queue)
        sum.add(Int64(receipt.sequence))
        sum.add(receipt.digest)
        sum.add(receipt.previous)
        sum.add(receipt.evidenceDigest)
        sum.add(receipt.settledBy)
        sum.add(receipt.outcome)
        sum.add(receipt.settledAt.secondsSince1970)
        return sum.digest
    }
}
