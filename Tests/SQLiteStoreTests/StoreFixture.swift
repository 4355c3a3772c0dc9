import AuditTrail
import Crypto
import Foundation
import GRDB
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import SystemClock
import Testing
import Verification

/// A folder with a store, its keys and a hand-set clock; gone when the fixture is.
final class StoreFixture: Sendable {
    let folder: String
    let clock = ManualClock(StoreFixture.start)
    static let start = ValidationTime(secondsSince1970: 1_795_404_161)
    static let sapporo = code("011002")
    static let yokohama = code("141003")

    init() throws {
        folder = NSTemporaryDirectory() + "akashi-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/akashi.db" }

    func store(
        _ name: String = "akashi.db",
        environment: DeploymentEnvironment = .sandbox,
        retention: RetentionPolicy = .standard,
        largestSize: Int64? = nil,
        signing: CheckpointSigning? = nil
    ) throws -> SQLiteStore {
        let settings = SQLiteStore.Settings(
            path: folder + "/" + name, environment: environment, logOrigin: "akashi.test/audit", retention: retention,
            largestSize: largestSize)
        return try SQLiteStore(settings, clock: clock, signing: signing)
    }

    func signing() throws -> CheckpointSigning {
        CheckpointSigning(
            signer: try FileSigner(path: folder + "/audit.key", whenMissing: .create(.ed25519)),
            register: try CheckpointRegisterFiles(folder: folder + "/register"))
    }

    /// A connection past the store's own rules, as a manipulator or a broken disk has it.
    func raw(_ name: String = "akashi.db", _ body: (Database) throws -> Void) throws {
        let queue = try DatabaseQueue(path: folder + "/" + name)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try body(db)
        }
        try queue.close()
    }

    /// The same with the append-only triggers taken away first.
    func manipulate(_ sql: String, in name: String = "akashi.db") throws {
        try raw(name) { db in
            for table in ["audit_record", "audit_checkpoint"] {
                for rule in ["update", "delete", "replacement"] {
                    try db.execute(sql: "DROP TRIGGER IF EXISTS \(table)_refuses_\(rule)")
                }
            }
            try db.execute(sql: sql)
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    func event(
        _ kind: AuditEvent.Kind = .verification,
        subject: String = "ver_1",
        of municipality: MunicipalityCode = StoreFixture.sapporo,
        environment: DeploymentEnvironment = .sandbox
    ) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: clock.reading().now, environment: environment, municipality: municipality,
            actor: "city-system", site: "counter-1", requestID: "req_1", subject: subject,
            purpose: "seal_certificate", result: "valid", details: ["method": "ocsp"])
    }

    func challenge(_ id: String, of municipality: MunicipalityCode = StoreFixture.sapporo) -> Challenge {
        let now = clock.reading().now
        return Challenge(
            id: id, nonce: (0..<32).map { UInt8($0) }, municipality: municipality, actor: "city-system",
            purpose: "seal_certificate", createdAt: now, expiresAt: now.advanced(bySeconds: 300))
    }

    func record(
        _ id: String,
        of municipality: MunicipalityCode = StoreFixture.sapporo,
        kind: VerificationRecord.Kind = .verification,
        serial: SealedSerial? = nil,
        idempotency: IdempotencyKey? = nil
    ) -> VerificationRecord {
        VerificationRecord(
            id: id, kind: kind, municipality: municipality, environment: .sandbox, actor: "city-system",
            site: "counter-1", purpose: "seal_certificate", createdAt: clock.reading().now, result: "valid",
            body: Array(#"{"result":"valid"}"#.utf8), serial: serial, requestID: "req_1", idempotency: idempotency)
    }

    /// Appends events until the trail has `count` records.
    func fill(_ store: SQLiteStore, to count: UInt64) async throws {
        while try await store.auditTree().size < count {
            try await store.append(event(.statusCheck, subject: "sts_\(try await store.auditTree().size)"))
        }
    }
}

private func code(_ digits: String) -> MunicipalityCode {
    guard let code = MunicipalityCode(digits) else { preconditionFailure("\(digits) is no municipality code") }
    return code
}

func sha256(_ octets: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: octets)) }
