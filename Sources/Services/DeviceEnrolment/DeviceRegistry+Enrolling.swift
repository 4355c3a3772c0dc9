package import Organizations
package import PKIX
internal import SignatureAlgorithms
package import Verification

/// What a device gets when it enrols or renews.
package struct DeviceCredentials: Hashable, Sendable {
    package let device: Device
    /// Client certificate and the authority that issued it, DER.
    package let certificate: [UInt8]
    package let authority: [UInt8]
    package let notAfter: ValidationTime
    /// From when the device is to renew: two thirds of the certificate's life.
    package let renewAfter: ValidationTime
    package let sealingKey: SealingKey
    package let environment: DeploymentEnvironment
}

extension DeviceRegistry {
    /// Enrols whoever has the code, with the key of the request.
    ///
    /// The same code with the same key gives the same certificate again while the code lives, so that a lost answer
    /// costs nothing.
    package func enrol(
        code text: String,
        request der: [UInt8],
        requestID: String
    ) async throws(DeviceError) -> DeviceCredentials {
        let now = ports.clock.reading().now
        var found: Device?
        if let code = EnrolmentCode(text) {
            found = try await stored { () async throws(StoreError) in
                try await ports.store.device(codeHash: code.hash)
            }
        }
        do throws(DeviceError) {
            guard let device = found, now < device.code.expiresAt, device.state != .revoked,
                isEnrollable(device)
            else { throw .codeRefused }
            let key = try DeviceRegistry.provenKey(der)
            return try await enrol(device, key, now, requestID)
        } catch {
            guard error != .serviceNotReady else { throw error }
            try await noteRefusal(error, of: found, now, requestID)
            throw error
        }
    }

    private func enrol(
        _ device: Device,
        _ key: SubjectPublicKeyInfo,
        _ now: ValidationTime,
        _ requestID: String
    ) async throws(DeviceError) -> DeviceCredentials {
        let digest = HashAlgorithm.sha256.digest(of: key.encoding)
        if let known = try await identity(digest) {
            guard known.device.id == device.id, known.device.state == .active else { throw .codeRefused }
            return try credentials(known)
        }
        guard device.state == .pending else { throw .codeRefused }
        let issued = try issue(to: device, key, digest, now)
        let event = AuditEvent(
            kind: .deviceEnrolled, occurredAt: now, device: device, environment: directory().environment,
            requestID: requestID, details: ["not_after": issued.notAfter.description])
        let isEnrolled = try await stored { () async throws(StoreError) in
            try await ports.store.enrol(device.id, with: issued, audit: event)
        }
        // Another request with the same key may have been first; with another key it has used the code up.
        guard let known = try await identity(digest), isEnrolled || known.device.id == device.id else {
            throw .codeRefused
        }
        return try credentials(known)
    }

    /// A new certificate for a new key of a device that shows its present one.
    ///
    /// Asking again with the same new key gives the same certificate; the present key counts until the new one is seen.
    package func renew(
        request der: [UInt8],
        presenting keyDigest: [UInt8]?,
        context: RequestContext
    ) async throws(DeviceError) -> DeviceCredentials {
        guard let keyDigest, let present = try await identity(keyDigest), present.isInForce else { throw .notADevice }
        let key = try DeviceRegistry.provenKey(der)
        let digest = HashAlgorithm.sha256.digest(of: key.encoding)
        if let known = try await identity(digest) {
            guard known.device.id == present.device.id, known.isInForce, digest != keyDigest else { throw .keyKnown }
            return try credentials(known)
        }
        let now = ports.clock.reading().now
        let issued = try issue(to: present.device, key, digest, now)
        let event = AuditEvent(
            kind: .deviceRenewed, occurredAt: now, context: context, subject: present.device.id,
            details: ["not_after": issued.notAfter.description])
        _ = try await stored { () async throws(StoreError) in
            try await ports.store.renew(with: issued, audit: event)
        }
        guard let known = try await identity(digest), known.isInForce else { throw .notADevice }
        return try credentials(known)
    }

    /// What the device was given last, and the key to seal to now.
    package func own(presenting keyDigest: [UInt8]?) async throws(DeviceError) -> DeviceCredentials {
        guard let keyDigest, let present = try await identity(keyDigest), present.isInForce else { throw .notADevice }
        return try credentials(present)
    }

    // MARK: Parts

    /// The key of a request that proves that the requester has its private half (RFC 2986 §4.2).
    private static func provenKey(_ der: [UInt8]) throws(DeviceError) -> SubjectPublicKeyInfo {
        guard let request = try? CertificationRequest(der: der),
            request.subjectPublicKeyInfo.algorithm.algorithm == .ecPublicKey,
            let curve = request.subjectPublicKeyInfo.algorithm.parameters,
            let name = try? OID(contents: DERReader.single(.objectIdentifier, curve, in: "ECParameters").contents),
            name == .secp256r1 || name == .secp384r1,
            let scheme = SignatureScheme(request.signatureAlgorithm),
            let key = try? PublicKey(request.subjectPublicKeyInfo, suite: .current),
            (try? key.verifies(request.signature, over: request.infoEncoding, scheme: scheme)) == true
        else { throw .requestRefused }
        return request.subjectPublicKeyInfo
    }

    private func issue(
        to device: Device,
        _ key: SubjectPublicKeyInfo,
        _ digest: [UInt8],
        _ now: ValidationTime
    ) throws(DeviceError) -> DeviceKey {
        guard
            let certificate = try? ports.authority.issue(
                to: DeviceAuthority.Subject(device: device, key: key), serial: ports.randomness.octets(16),
                from: now.advanced(bySeconds: -300), until: now.advanced(bySeconds: settings.certificateSeconds))
        else { throw .serviceNotReady }
        return DeviceKey(
            digest: digest, deviceID: device.id, municipality: device.municipality, certificate: certificate.der,
            notBefore: certificate.notBefore, notAfter: certificate.notAfter, state: .issued)
    }

    private func credentials(_ identity: DeviceIdentity) throws(DeviceError) -> DeviceCredentials {
        let key = identity.key
        let life = key.notAfter.seconds(since: key.notBefore)
        return DeviceCredentials(
            device: identity.device, certificate: key.certificate, authority: ports.authority.certificate.der,
            notAfter: key.notAfter, renewAfter: key.notBefore.advanced(bySeconds: life / 3 * 2),
            sealingKey: ports.opener.currentKey, environment: directory().environment)
    }

    /// Whether the configuration still has the terminal, at the place for which the code was made.
    private func isEnrollable(_ device: Device) -> Bool {
        guard let client = directory().clients[device.terminal] else { return false }
        return client.credential.source == .enrolled && client.credential.state == .active
            && client.municipality == device.municipality && client.site == device.site
    }

    func identity(_ digest: [UInt8]) async throws(DeviceError) -> DeviceIdentity? {
        do throws(StoreError) {
            return try await ports.store.identity(keyDigest: digest)
        } catch {
            throw .serviceNotReady
        }
    }

    private func noteRefusal(
        _ error: DeviceError,
        of device: Device?,
        _ now: ValidationTime,
        _ requestID: String
    ) async throws(DeviceError) {
        let event = AuditEvent(
            kind: .deviceEnrolmentRefused, occurredAt: now, environment: directory().environment,
            municipality: device?.municipality, actor: device?.terminal ?? "unknown", site: device?.site,
            requestID: requestID, subject: device?.id, result: error.rawValue)
        try await stored { () async throws(StoreError) in try await ports.store.append(event) }
    }
}

extension AuditEvent {
    /// An act of the device itself.
    init(
        kind: Kind,
        occurredAt: ValidationTime,
        device: Device,
        environment: DeploymentEnvironment,
        requestID: String,
        result: String? = nil,
        details: [String: String] = [:]
    ) {
        self.init(
            kind: kind, occurredAt: occurredAt, environment: environment, municipality: device.municipality,
            actor: device.terminal, site: device.site, requestID: requestID, subject: device.id, result: result,
            details: details)
    }
}
