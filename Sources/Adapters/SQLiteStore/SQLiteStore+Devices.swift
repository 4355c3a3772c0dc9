package import DeviceEnrolment
internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import Verification

extension SQLiteStore: DeviceStore {
    package func create(_ device: Device, audit event: AuditEvent) async throws(StoreError) -> Bool {
        try requireOwn(event)
        return try await commits.submit { db, audit in
            let earlier = try Row.fetchAll(
                db,
                sql: "SELECT * FROM device WHERE municipality_code = ? AND terminal = ? AND state IN (?, ?)",
                arguments: [
                    device.municipality.digits, device.terminal, Device.State.pending.rawValue,
                    Device.State.active.rawValue,
                ]
            ).map(DeviceRows.device)
            guard !earlier.contains(where: { $0.state == .active }) else { return false }
            for var pending in earlier {
                pending.state = .revoked
                pending.revocation = Device.Revocation(
                    revokedAt: device.createdAt, actor: device.createdBy, reason: .replaced)
                try DeviceRows.write(pending, to: db)
            }
            try DeviceRows.insert(device, into: db)
            try audit.append(event, to: db)
            return true
        }
    }

    package func device(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> Device? {
        try await read { db in
            let device = try DeviceRows.fetch(id, from: db)
            return device?.municipality == municipality ? device : nil
        }
    }

    package func devices(
        of municipality: MunicipalityCode,
        limit: Int,
        after: String?
    ) async throws(StoreError) -> [Device] {
        try await read { db in
            var last = Int64.max
            if let after {
                let found = try Int64.fetchOne(
                    db, sql: "SELECT seq FROM device WHERE id = ? AND municipality_code = ?",
                    arguments: [after, municipality.digits])
                guard let found else { return [] }
                last = found
            }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM device WHERE municipality_code = ? AND seq < ? ORDER BY seq DESC
                    LIMIT \(min(max(limit, 1), 1_001))
                    """, arguments: [municipality.digits, last]
            ).map(DeviceRows.device)
        }
    }

    package func device(codeHash: [UInt8]) async throws(StoreError) -> Device? {
        try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM device WHERE code_hash = ?", arguments: [Data(codeHash)])
            return try row.map(DeviceRows.device)
        }
    }

    package func enrol(
        _ deviceID: String,
        with key: DeviceKey,
        audit event: AuditEvent
    ) async throws(StoreError) -> Bool {
        try requireOwn(event)
        return try await commits.submit { db, audit in
            guard var device = try DeviceRows.fetch(deviceID, from: db), device.state == .pending,
                try DeviceRows.fetch(keyDigest: key.digest, from: db) == nil
            else { return false }
            (device.state, device.enrolledAt) = (.active, event.occurredAt)
            try DeviceRows.write(device, to: db)
            try DeviceRows.insert(key, into: db)
            try audit.append(event, to: db)
            return true
        }
    }

    package func renew(with key: DeviceKey, audit event: AuditEvent) async throws(StoreError) -> Bool {
        try requireOwn(event)
        return try await commits.submit { db, audit in
            guard let device = try DeviceRows.fetch(key.deviceID, from: db), device.state == .active,
                try DeviceRows.fetch(keyDigest: key.digest, from: db) == nil
            else { return false }
            let keys = try DeviceRows.keys(of: key.deviceID, from: db)
            // The first key of all may still be unconfirmed, and is then the one that asks.
            for var earlier in keys where earlier.state == .issued && keys.contains(where: { $0.state == .confirmed }) {
                earlier.state = .superseded
                try DeviceRows.write(earlier, to: db)
            }
            try DeviceRows.insert(key, into: db)
            try audit.append(event, to: db)
            return true
        }
    }

    package func confirm(keyDigest: [UInt8], audit event: AuditEvent) async throws(StoreError) {
        try requireOwn(event)
        try await commits.submit { db, audit in
            guard var key = try DeviceRows.fetch(keyDigest: keyDigest, from: db), key.state == .issued else { return }
            for var other in try DeviceRows.keys(of: key.deviceID, from: db)
            where other.digest != keyDigest && other.state != .superseded {
                other.state = .superseded
                try DeviceRows.write(other, to: db)
            }
            key.state = .confirmed
            try DeviceRows.write(key, to: db)
            try audit.append(event, to: db)
        }
    }

    package func revoke(
        _ deviceID: String,
        of municipality: MunicipalityCode,
        _ revocation: Device.Revocation,
        audit event: AuditEvent
    ) async throws(StoreError) -> Bool {
        try requireOwn(event)
        return try await commits.submit { db, audit in
            guard var device = try DeviceRows.fetch(deviceID, from: db), device.municipality == municipality,
                device.state != .revoked
            else { return false }
            (device.state, device.revocation) = (.revoked, revocation)
            try DeviceRows.write(device, to: db)
            try audit.append(event, to: db)
            return true
        }
    }

    package func identity(keyDigest: [UInt8]) async throws(StoreError) -> DeviceIdentity? {
        try await read { db in
            guard let key = try DeviceRows.fetch(keyDigest: keyDigest, from: db) else { return nil }
            guard let device = try DeviceRows.fetch(key.deviceID, from: db) else { throw DamagedRow(table: "device") }
            return DeviceIdentity(device: device, key: key)
        }
    }

    package func keys(ofDevice id: String) async throws(StoreError) -> [DeviceKey] {
        try await read { db in try DeviceRows.keys(of: id, from: db) }
    }

    func requireOwn(_ event: AuditEvent) throws(StoreError) {
        guard event.environment == settings.environment else {
            throw .unavailable(reason: "an event of another environment than the store's")
        }
    }
}

extension SQLiteStore {
    /// Whether a device was ever registered: then the keys for devices must not be made anew.
    package func hasDevices() throws(StoreError) -> Bool {
        do {
            return try pool.read { db in try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM device)") ?? false }
        } catch {
            throw StoreError(error)
        }
    }
}
