import CertificateIssuing
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms

/// An authority, the other generation under its name, and certificates of it.
struct Fixture {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    static let day: Int64 = 86_400
    static let start = now.advanced(bySeconds: -365 * day)
    static let end = now.advanced(bySeconds: 365 * day)
    static let name = DistinguishedName([(.country, "JP"), (.organization, "TEST"), (.commonName, "Authority")])
    static let serial = SerialNumber(0x0132_C4AB)

    let authority: IssuingAuthority
    /// The same name, another key.
    let otherGeneration: IssuingAuthority
    let leafKey: SigningKey

    init() throws {
        authority = try Fixture.root(Fixture.name, .pooledRSA(0))
        otherGeneration = try Fixture.root(Fixture.name, .pooledRSA(1))
        leafKey = try .pooledRSA(2)
    }

    static func root(_ name: DistinguishedName, _ key: SigningKey) throws -> IssuingAuthority {
        try IssuingAuthority(root: name, key: key, notBefore: start, notAfter: end)
    }

    var issuer: StatusIssuer { StatusIssuer(authority.certificate) }

    /// A certificate of the authority.
    func leaf(
        serial: SerialNumber = Fixture.serial,
        points: [DistributionPoint] = [],
        until end: ValidationTime = Fixture.end,
        extensions: [Extension] = []
    ) throws -> Certificate {
        let request = CertificateRequest(
            serialNumber: serial,
            subject: DistinguishedName([(.country, "JP"), (.commonName, "TEST-LEAF")]),
            publicKeyInfo: leafKey.publicKeyInfo, notBefore: Fixture.start, notAfter: end,
            extensions: extensions + (points.isEmpty ? [] : [.cRLDistributionPoints(points)]))
        return try authority.issue(request)
    }

    /// A certificate of the authority for `key`, to sign lists or responses with.
    func delegate(
        _ name: DistinguishedName,
        _ key: SigningKey,
        serial: UInt64 = 77,
        until end: ValidationTime = Fixture.end,
        extensions: [Extension]
    ) throws -> IssuingAuthority {
        let request = CertificateRequest(
            serialNumber: SerialNumber(serial), subject: name, publicKeyInfo: key.publicKeyInfo,
            notBefore: Fixture.start, notAfter: end, extensions: extensions)
        return IssuingAuthority(certificate: try authority.issue(request), key: key)
    }

    /// A list of one day, issued an hour ago.
    static func list(
        by signer: IssuingAuthority,
        _ entries: [RevokedEntry] = [],
        number: UInt64? = 10,
        from start: Int64 = -3_600,
        to end: Int64? = 20 * 3_600,
        _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in }
    ) throws -> CertificateList {
        var tbs = TBSCertList(
            signature: signer.scheme.identifier, issuer: signer.name, thisUpdate: now.advanced(bySeconds: start),
            nextUpdate: end.map { now.advanced(bySeconds: $0) }, entries: entries,
            crlNumber: number.map { CRLNumber($0) },
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: signer.key.keyIdentifier[...]))
        change(&tbs)
        return try tbs.signed { try signer.key.signature(over: $0, scheme: signer.scheme) }
    }

    static func entry(
        _ serial: SerialNumber = Fixture.serial,
        _ reason: RevocationReason? = .keyCompromise,
        daysAgo: Int64 = 3,
        issuer: DistinguishedName? = nil
    ) -> RevokedEntry {
        RevokedEntry(
            serialNumber: serial, revokedAt: now.advanced(bySeconds: -daysAgo * day), reason: reason,
            certificateIssuer: issuer)
    }

    /// The status by lists, both as raw lists and, where the authority signed them, as verified ones.
    func verdict(
        _ leaf: Certificate,
        _ lists: [CertificateList],
        _ change: (inout CRLContext) -> Void = { _ in }
    ) -> CertificateStatus {
        var context = CRLContext(time: Fixture.now)
        change(&context)
        return status(of: leaf, issuer: issuer, lists: lists.map { .unverified($0) }, context: context).status
    }
}

extension DistributionPoint {
    static func uri(_ text: String, reasons: ReasonFlags? = nil) -> DistributionPoint {
        DistributionPoint(name: .fullName([.uniformResourceIdentifier(text)]), reasons: reasons)
    }

    static func directory(_ name: DistinguishedName) -> DistributionPoint {
        DistributionPoint(name: .fullName([.directoryName(name)]))
    }
}

extension DistinguishedName {
    static func city(_ text: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, "TEST"), (.commonName, text)])
    }
}
