package import Organizations
package import PKIX
package import Verification

/// The platform's devices: codes, enrolment, renewal, revocation, and who presents a device's certificate.
package struct DeviceRegistry: Sendable {
    package struct Ports: Sendable {
        package var store: any DeviceStore
        package var clock: any TrustedClock
        package var randomness: any Randomness
        package var authority: DeviceAuthority
        /// The centre's key to which devices are told to seal.
        package var opener: any RecordOpener

        package init(
            store: any DeviceStore,
            clock: any TrustedClock,
            randomness: any Randomness,
            authority: DeviceAuthority,
            opener: any RecordOpener
        ) {
            self.store = store
            self.clock = clock
            self.randomness = randomness
            self.authority = authority
            self.opener = opener
        }
    }

    package struct Settings: Hashable, Sendable {
        /// Seconds that a certificate is valid.
        package var certificateSeconds: Int64
        /// Seconds that a code can be used.
        package var codeSeconds: Int64

        package init(certificateSeconds: Int64 = 90 * 86_400, codeSeconds: Int64 = 900) {
            (self.certificateSeconds, self.codeSeconds) = (certificateSeconds, codeSeconds)
        }
    }

    let ports: Ports
    let settings: Settings
    let directory: @Sendable () -> OrganizationDirectory
    let identifiers: IdentifierSource

    package init(
        ports: Ports,
        settings: Settings,
        directory: @escaping @Sendable () -> OrganizationDirectory
    ) {
        self.ports = ports
        self.settings = settings
        self.directory = directory
        identifiers = IdentifierSource(ports.randomness)
    }

    /// The authority's certificate: what the listener must let in.
    package var authorityCertificate: Certificate { ports.authority.certificate }

    // MARK: Operators

    /// Makes a device and its one-time code. The code is in the answer and nowhere else.
    package func createCode(
        terminal id: String,
        context: RequestContext
    ) async throws(DeviceError) -> (device: Device, code: EnrolmentCode) {
        try authorize(context)
        guard let client = directory().clients[id], client.credential.source == .enrolled,
            client.municipality == context.requester.municipality, let site = client.site
        else { throw .terminalNotEnrollable }
        let now = ports.clock.reading().now
        let code = EnrolmentCode(ports.randomness)
        let device = Device(
            id: identifiers.next(.device), municipality: client.municipality, site: site, terminal: client.id,
            createdAt: now, createdBy: context.requester.actor,
            code: Device.Code(hash: code.hash, expiresAt: now.advanced(bySeconds: settings.codeSeconds)))
        let event = AuditEvent(
            kind: .deviceCodeCreated, occurredAt: now, context: context, subject: device.id,
            details: ["terminal": device.terminal, "terminal_site": site])
        let isNew = try await stored { () async throws(StoreError) in
            try await ports.store.create(device, audit: event)
        }
        guard isNew else { throw .alreadyEnrolled }
        return (device, code)
    }

    package func device(_ id: String, context: RequestContext) async throws(DeviceError) -> Device {
        try authorize(context)
        let municipality = context.requester.municipality
        let found = try await stored { () async throws(StoreError) in
            try await ports.store.device(id, of: municipality)
        }
        guard let found else { throw .notFound }
        return found
    }

    /// The caller's municipality's devices, newest first.
    package func devices(
        limit: Int,
        after: String?,
        context: RequestContext
    ) async throws(DeviceError) -> [Device] {
        try authorize(context)
        let municipality = context.requester.municipality
        return try await stored { () async throws(StoreError) in
            try await ports.store.devices(of: municipality, limit: limit, after: after)
        }
    }

    /// Revokes for good. The next request of the device is refused; its open connections are closed.
    package func revoke(
        _ id: String,
        reason: Device.RevocationReason,
        context: RequestContext
    ) async throws(DeviceError) -> Device {
        let former = try await device(id, context: context)
        let now = ports.clock.reading().now
        let revocation = Device.Revocation(revokedAt: now, actor: context.requester.actor, reason: reason)
        let event = AuditEvent(
            kind: .deviceRevoked, occurredAt: now, context: context, subject: id, result: reason.rawValue,
            details: ["terminal": former.terminal, "terminal_site": former.site])
        // Doing it twice changes nothing: the first revocation stands.
        _ = try await stored { () async throws(StoreError) in
            try await ports.store.revoke(id, of: former.municipality, revocation, audit: event)
        }
        return try await device(id, context: context)
    }

    /// The keys of a device, newest first.
    package func keys(of device: Device) async throws(DeviceError) -> [DeviceKey] {
        try await stored { () async throws(StoreError) in try await ports.store.keys(ofDevice: device.id) }
    }

    private func authorize(_ context: RequestContext) throws(DeviceError) {
        guard context.requester.scopes.contains(.deviceAdmin) else { throw .scopeMissing }
    }

    func stored<Value>(_ body: () async throws(StoreError) -> Value) async throws(DeviceError) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw .serviceNotReady
        }
    }
}
