internal import DeviceEnrolment
internal import Foundation
internal import GRDB
internal import Organizations
internal import PKIX
internal import Verification

/// The tables `device` and `device_key`.
enum DeviceRows {
    static func insert(_ device: Device, into db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO device (id, municipality_code, format_version, site, terminal, created_at, created_by,
                    code_hash, code_expires_at, state, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                device.id, device.municipality.digits, StoreSchema.rowVersion, device.site, device.terminal,
                device.createdAt.secondsSince1970, device.createdBy, Data(device.code.hash),
                device.code.expiresAt.secondsSince1970, device.state.rawValue, Data(checksum(device)),
            ])
    }

    /// Writes what changes.
    static func write(_ device: Device, to db: Database) throws {
        try db.execute(
            sql: """
                UPDATE device SET state = ?, enrolled_at = ?, revoked_at = ?, revoked_by = ?, revocation_reason = ?,
                    checksum = ? WHERE id = ?
                """,
            arguments: [
                device.state.rawValue, device.enrolledAt?.secondsSince1970,
                device.revocation?.revokedAt.secondsSince1970, device.revocation?.actor,
                device.revocation?.reason.rawValue, Data(checksum(device)), device.id,
            ])
    }

    static func device(_ row: Row) throws -> Device {
        let damaged = DamagedRow(table: "device")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let state = Device.State(rawValue: try row.text("state")), let hash = row.octets("code_hash")
        else { throw damaged }
        var revocation: Device.Revocation?
        if let actor = row.optionalText("revoked_by") {
            guard let reason = row.optionalText("revocation_reason").flatMap(Device.RevocationReason.init),
                let time = try row.optionalTime("revoked_at")
            else { throw damaged }
            revocation = Device.Revocation(revokedAt: time, actor: actor, reason: reason)
        }
        let device = Device(
            id: try row.text("id"), municipality: municipality, site: try row.text("site"),
            terminal: try row.text("terminal"), createdAt: try row.time("created_at"),
            createdBy: try row.text("created_by"),
            code: Device.Code(hash: hash, expiresAt: try row.time("code_expires_at")), state: state,
            enrolledAt: try row.optionalTime("enrolled_at"), revocation: revocation)
        guard checksum(device) == row.octets("checksum") else { throw damaged }
        return device
    }

    static func fetch(_ id: String, from db: Database) throws -> Device? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM device WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map(device)
    }

    private static func checksum(_ device: Device) -> [UInt8] {
        var sum = RowChecksum("device")
        for text in [device.id, device.municipality.digits, device.site, device.terminal, device.createdBy] {
            sum.add(text)
        }
        sum.add(device.createdAt.secondsSince1970)
        sum.add(device.code.hash)
        sum.add(device.code.expiresAt.secondsSince1970)
        sum.add(device.state.rawValue)
        sum.add(device.enrolledAt?.secondsSince1970 ?? -1)
        sum.add(device.revocation?.revokedAt.secondsSince1970 ?? -1)
        sum.add(device.revocation?.actor)
        sum.add(device.revocation?.reason.rawValue)
        return sum.digest
    }

    // MARK: Keys

    static func insert(_ key: DeviceKey, into db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO device_key (digest, device_id, municipality_code, format_version, certificate, not_before,
                    not_after, state, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Data(key.digest), key.deviceID, key.municipality.digits, StoreSchema.rowVersion,
                Data(key.certificate), key.notBefore.secondsSince1970, key.notAfter.secondsSince1970,
                key.state.rawValue, Data(checksum(key)),
            ])
    }

    static func write(_ key: DeviceKey, to db: Database) throws {
        try db.execute(
            sql: "UPDATE device_key SET state = ?, checksum = ? WHERE digest = ?",
            arguments: [key.state.rawValue, Data(checksum(key)), Data(key.digest)])
    }

    static func key(_ row: Row) throws -> DeviceKey {
        let damaged = DamagedRow(table: "device_key")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let state = DeviceKey.State(rawValue: try row.text("state")), let digest = row.octets("digest"),
            let certificate = row.octets("certificate")
        else { throw damaged }
        let key = DeviceKey(
            digest: digest, deviceID: try row.text("device_id"), municipality: municipality,
            certificate: certificate, notBefore: try row.time("not_before"), notAfter: try row.time("not_after"),
            state: state)
        guard checksum(key) == row.octets("checksum") else { throw damaged }
        return key
    }

    static func fetch(keyDigest: [UInt8], from db: Database) throws -> DeviceKey? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM device_key WHERE digest = ?")
        return try Row.fetchOne(statement, arguments: [Data(keyDigest)]).map(key)
    }

    static func keys(of deviceID: String, from db: Database) throws -> [DeviceKey] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM device_key WHERE device_id = ? ORDER BY seq DESC")
        return try Row.fetchAll(statement, arguments: [deviceID]).map(key)
    }

    private static func checksum(_ key: DeviceKey) -> [UInt8] {
        var sum = RowChecksum("device_key")
        sum.add(key.digest)
        sum.add(key.deviceID)
        sum.add(key.municipality.digits)
        sum.add(key.certificate)
        sum.add(key.notBefore.secondsSince1970)
        sum.add(key.notAfter.secondsSince1970)
        sum.add(key.state.rawValue)
        return sum.digest
    }
}
