package import BatchStatus
package import DeviceEnrolment
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import Verification
internal import WireFormat

/// What the API asks about devices.
package struct DeviceAdministration: Sendable {
    let registry: DeviceRegistry
    /// How far the queues of a device have been reconciled.
    let queues: @Sendable (String) async throws -> [ReconciledQueue]
    /// Keeps the last number that a device says its queue goes to.
    let note: @Sendable (Device, _ queue: [UInt8], _ last: UInt64) async throws -> Void

    package init(
        registry: DeviceRegistry,
        queues: @escaping @Sendable (String) async throws -> [ReconciledQueue],
        note: @escaping @Sendable (Device, _ queue: [UInt8], _ last: UInt64) async throws -> Void
    ) {
        (self.registry, self.queues, self.note) = (registry, queues, note)
    }
}

/// Operators make codes and revoke; devices renew.
extension APICall {
    private func administration() throws(Problem) -> DeviceAdministration {
        guard let devices = environment.devices else { throw Problem(.notFound) }
        return devices
    }

    func createDevice() async throws -> Response {
        let (devices, octets) = (try administration(), try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try DeviceRequestBody(json: octets) }
        let context = serviceContext
        let made = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.createCode(terminal: body.terminalID, context: context)
        }
        var answer = DeviceBody(made.device)
        answer.code = made.code.text
        return json(answer, status: .created, headers: [.location: "/v1/offline_devices/\(made.device.id)"])
    }

    func listDevices() async throws -> Response {
        let devices = try administration()
        let values = try query(["page_size", "page_token"])
        let size = try pageSize(values["page_size"])
        let filters = ["devices", requester.municipality.digits]
        var position: String?
        if let token = values["page_token"] {
            position = environment.pageTokens.position(in: token, for: filters)
            guard position != nil else {
                throw Problem.argument("page_token", .notAllowed, "must be a token of this list")
            }
        }
        let (after, context) = (position, serviceContext)
        let found = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.devices(limit: size + 1, after: after, context: context)
        }
        let shown = found.prefix(size)
        let next = found.count > size ? shown.last?.id : nil
        return json(
            PageBody(
                items: shown.map { DeviceBody($0) },
                nextPageToken: next.map { environment.pageTokens.token(for: filters, after: $0) }))
    }

    func getDevice() async throws -> Response {
        _ = try query([])
        let (devices, id, context) = (try administration(), try identifier("id"), serviceContext)
        let found = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.device(id, context: context)
        }
        return json(try await whole(found, devices))
    }

    func revokeDevice() async throws -> Response {
        let (devices, id, octets) = (try administration(), try identifier("id"), try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try DeviceRevocationBody(json: octets) }
        guard let reason = Device.RevocationReason(rawValue: body.reason) else {
            let known = Device.RevocationReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.argument("/reason", .notAllowed, "must be one of \(known)")
        }
        let context = serviceContext
        let revoked = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.revoke(id, reason: reason, context: context)
        }
        await environment.connections.closeRefused(by: devices.registry)
        return json(try await whole(revoked, devices))
    }

    private func whole(_ device: Device, _ devices: DeviceAdministration) async throws(Problem) -> DeviceBody {
        let keys = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.keys(of: device)
        }
        let queues: [ReconciledQueue]
        do {
            queues = try await devices.queues(device.id)
        } catch {
            throw Problem(.serviceNotReady, retryAfterSeconds: 5)
        }
        var body = DeviceBody(device)
        body.keys = keys.map {
            DeviceBody.Key(
                sha256: $0.digest.hexString.lowercased(), state: $0.state.rawValue, notBefore: wireTime($0.notBefore),
                notAfter: wireTime($0.notAfter))
        }
        body.queues = queues.map {
            DeviceBody.Queue(
                queue: $0.queue.hexString.lowercased(), records: $0.records, lastSequence: $0.last,
                reportedSequence: $0.reported, missing: $0.missing)
        }
        return body
    }

    // MARK: The device itself

    func getDeviceCredentials() async throws -> Response {
        _ = try query([])
        let (devices, digest) = (try administration(), context.keyDigest)
        return json(
            DeviceCredentialsBody(
                try await deviceProblems { () async throws(DeviceError) in
                    try await devices.registry.own(presenting: digest)
                }))
    }

    func renewDeviceCredentials() async throws -> Response {
        let (devices, digest, octets) = (try administration(), context.keyDigest, try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try CertificationRequestBody(json: octets) }
        let context = serviceContext
        let made = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.renew(request: body.request, presenting: digest, context: context)
        }
        return json(DeviceCredentialsBody(made))
    }

    /// How far a queue goes on the device, so that records that are dropped at its end are missed.
    func reportDeviceQueue() async throws -> Response {
        let (devices, digest, octets) = (try administration(), context.keyDigest, try await jsonBody())
        let body = try decoded { () throws(RequestRefusal) in try DeviceQueueBody(json: octets) }
        let own = try await deviceProblems { () async throws(DeviceError) in
            try await devices.registry.own(presenting: digest)
        }
        do {
            try await devices.note(own.device, body.queue, body.lastSequence)
        } catch {
            throw Problem(.serviceNotReady, retryAfterSeconds: 5)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }
}

/// Runs a call about devices; its refusals become problems.
func deviceProblems<Value>(_ body: () async throws(DeviceError) -> Value) async throws(Problem) -> Value {
    do throws(DeviceError) {
        return try await body()
    } catch {
        throw Problem(device: error)
    }
}

extension DeviceBody {
    init(_ device: Device) {
        self.init(
            id: device.id, municipalityCode: device.municipality.digits, site: device.site, terminal: device.terminal,
            state: device.state.rawValue, createdAt: wireTime(device.createdAt), createdBy: device.createdBy,
            codeExpiresAt: wireTime(device.code.expiresAt))
        enrolledAt = device.enrolledAt.map(wireTime)
        revokedAt = device.revocation.map { wireTime($0.revokedAt) }
        revokedBy = device.revocation?.actor
        revocationReason = device.revocation?.reason.rawValue
    }
}

extension DeviceCredentialsBody {
    init(_ made: DeviceCredentials) {
        self.init(
            deviceID: made.device.id, environment: made.environment.rawValue,
            municipalityCode: made.device.municipality.digits, site: made.device.site, terminal: made.device.terminal,
            certificate: base64(made.certificate), authority: base64(made.authority),
            notAfter: wireTime(made.notAfter), renewAfter: wireTime(made.renewAfter),
            sealingKey: base64(made.sealingKey.publicKey), sealingKeyID: made.sealingKey.id)
    }
}
