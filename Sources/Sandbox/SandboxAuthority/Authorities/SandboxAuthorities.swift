package import CertificateIssuing
import JPKIProfile
package import PKIX
import SignatureAlgorithms

/// One authority with what signs in its name.
package struct SandboxAuthorityKeys: Sendable {
    package let id: AuthorityID
    package let issuing: IssuingAuthority
    /// Issued by this authority's key for its responder: OCSP signing, nocheck.
    package let responderCertificate: Certificate
    /// The same key in a certificate that may not sign OCSP responses: for the fault `unauthorised`.
    package let unauthorisedCertificate: Certificate
}

/// The eight authorities and the two responders. Immutable.
///
/// Keys come from the published pool: authorities 0 to 7, responders 8 and 9,
/// people 10 and up. Roots have fixed dates, so they are the same at each start.
package struct SandboxAuthorities: Sendable {
    package let all: [AuthorityID: SandboxAuthorityKeys]
    let responderKeys: [CertificateKind.Medium: SigningKey]
    /// A key that belongs to nobody here: for the fault `wrong_key`.
    let strangerKey: SigningKey
    /// Keys of people. They are shared: two people may have one key, never one serial number.
    let personalKeys: [SigningKey]

    private static let firstPersonalKey = 10

    init(settings: SandboxSettings, now: ValidationTime) throws {
        var responders: [CertificateKind.Medium: SigningKey] = [:]
        for (medium, index) in [(CertificateKind.Medium.card, 8), (.smartphone, 9)] {
            responders[medium] =
                settings.responderKey == .rsa2048 ? try .pooledRSA(index) : try .p256(seed: "responder-\(index)")
        }
        var authorities: [AuthorityID: SandboxAuthorityKeys] = [:]
        for id in AuthorityID.all {
            guard let responder = responders[id.kind.medium] else { throw SandboxError.notStarted }
            let root = try SandboxAuthorities.root(id)
            authorities[id] = try SandboxAuthorities.keys(id, root: root, responder: responder, now: now)
        }
        all = authorities
        responderKeys = responders
        strangerKey = try .p256(seed: "stranger")
        personalKeys = try (SandboxAuthorities.firstPersonalKey..<SigningKey.pooledKeys).map { try .pooledRSA($0) }
    }

    package func keys(_ id: AuthorityID) throws -> SandboxAuthorityKeys {
        guard let keys = all[id] else { throw SandboxError.unknownTarget }
        return keys
    }

    /// The authority's self-signed certificate and key: the same in every sandbox, at every start.
    static func root(_ id: AuthorityID) throws -> IssuingAuthority {
        let name = SandboxNames.authority(id.kind)
        let key = try SigningKey.pooledRSA(AuthorityID.all.firstIndex(of: id) ?? 0)
        let isFirst = id.generation == .first
        let dates = isFirst ? (2019, 9, 14, 2039) : (2023, 7, 16, 2043)
        let start = CivilTime(year: dates.0, month: dates.1, day: dates.2)
        let end = CivilTime(year: dates.3, month: dates.1, day: dates.2, hour: 14, minute: 59, second: 59)
        guard let notBefore = ValidationTime(start), let notAfter = ValidationTime(end) else {
            throw SandboxError.notStarted
        }
        return try IssuingAuthority(
            root: name, key: key, serialNumber: SerialNumber(isFirst ? 0x0132_C4AB : 0x067C_6A21),
            notBefore: notBefore, notAfter: notAfter,
            extensions: [
                .subjectAltName([.directoryName(SandboxNames.alternative(id.kind))]),
                .cRLDistributionPoints([DistributionPoint(name: .fullName([.directoryName(name)]))]),
            ])
    }

    private static func keys(
        _ id: AuthorityID,
        root: IssuingAuthority,
        responder: SigningKey,
        now: ValidationTime
    ) throws -> SandboxAuthorityKeys {
        let isRSA = if case .rsaPKCS1 = responder.scheme { true } else { false }
        // Serial numbers that no person's certificate gets.
        let serial = UInt64(isRSA ? 0x0F00 : 0x0F80) + UInt64(id.generation.rawValue) * 2
        func certificate(_ number: UInt64, _ name: String, _ extensions: [Extension]) throws -> Certificate {
            let request = CertificateRequest(
                serialNumber: SerialNumber(number), subject: SandboxNames.responder(id.kind.medium, name),
                publicKeyInfo: responder.publicKeyInfo,
                notBefore: now.advanced(bySeconds: -30 * 86_400), notAfter: now.advanced(bySeconds: 365 * 86_400),
                extensions: [.keyUsage(.digitalSignature)] + extensions)
            return try root.issue(request)
        }
        return SandboxAuthorityKeys(
            id: id, issuing: root,
            responderCertificate: try certificate(
                serial, "OCSP responder", [.extendedKeyUsage([.ocspSigning]), .ocspNoCheck]),
            unauthorisedCertificate: try certificate(serial + 1, "Not an OCSP responder", []))
    }
}
