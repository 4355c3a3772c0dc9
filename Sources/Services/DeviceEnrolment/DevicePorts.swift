package import Organizations
internal import PKIX
package import Verification

/// The register of devices in the store. Each change stands on the audit trail in the same transaction.
package protocol DeviceStore: Sendable {
    /// Keeps a new pending device; durable on return. Pending devices of the same terminal are revoked as replaced.
    ///
    /// - Returns: false, and nothing changed, when the terminal has an active device.
    func create(_ device: Device, audit: AuditEvent) async throws(StoreError) -> Bool
    func device(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> Device?
    /// Newest first; at most `limit`, after the device of the id `after`.
    func devices(
        of municipality: MunicipalityCode,
        limit: Int,
        after: String?
    ) async throws(StoreError) -> [Device]
    /// The device for which the code was made, whatever its state.
    func device(codeHash: [UInt8]) async throws(StoreError) -> Device?
    /// Makes a pending device active with its first key.
    ///
    /// - Returns: false, and nothing changed, when it is no longer pending or the key is known.
    func enrol(_ deviceID: String, with key: DeviceKey, audit: AuditEvent) async throws(StoreError) -> Bool
    /// Adds a key to an active device, in the place of one that was issued and never confirmed.
    ///
    /// - Returns: false, and nothing changed, when the device is not active or the key is known.
    func renew(with key: DeviceKey, audit: AuditEvent) async throws(StoreError) -> Bool
    /// Notes that the device has shown an issued key; its other keys are superseded.
    func confirm(keyDigest: [UInt8], audit: AuditEvent) async throws(StoreError)
    /// - Returns: false, and nothing changed, when there is no such device or it is revoked already.
    func revoke(
        _ deviceID: String,
        of municipality: MunicipalityCode,
        _ revocation: Device.Revocation,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool
    /// Who has the key, in whatever state. Asked for each request, so it must not block a thread.
    func identity(keyDigest: [UInt8]) async throws(StoreError) -> DeviceIdentity?
    /// The keys of a device, newest first.
    func keys(ofDevice id: String) async throws(StoreError) -> [DeviceKey]
    /// Appends an audit event alone; durable on return.
    func append(_ event: AuditEvent) async throws(StoreError)
}
