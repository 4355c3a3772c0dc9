import CertificateIssuing
import CommandLine
import Foundation
import JPKIProfile
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

/// A 署名用 certificate, what is around it, and the request that asks `akashi batch` about it.
struct JPKICase {
    static let now = ValidationTime(secondsSince1970: 1_795_000_000)
    static let day: Int64 = 86_400
    static let name = DistinguishedName([(.country, "JP"), (.organization, SandboxOrganization.name)])

    /// The generation that issues, and the other one under the same name.
    let authority: IssuingAuthority
    let otherGeneration: IssuingAuthority
    let key: SigningKey

    init() throws {
        let (from, to) = (Self.now.advanced(bySeconds: -400 * Self.day), Self.now.advanced(bySeconds: 4_000 * Self.day))
        authority = try IssuingAuthority(root: Self.name, key: .pooledRSA(0), notBefore: from, notAfter: to)
        otherGeneration = try IssuingAuthority(
            root: Self.name, key: .pooledRSA(1), serialNumber: SerialNumber(2), notBefore: from, notAfter: to)
        key = try .pooledRSA(2)
    }

    static func point(_ city: String) -> DistinguishedName {
        DistinguishedName([
            (.country, "JP"), (.organization, SandboxOrganization.name),
            (.organizationalUnit, "CRL Distribution Points"), (.commonName, "\(city) CRLDP"),
        ])
    }

    static func points(_ cities: String...) -> [DistributionPoint] {
        cities.map { DistributionPoint(name: .fullName([.directoryName(point($0))])) }
    }

    /// The attributes as a card shows them; `flags` are the 代替文字 of the name.
    static func attributes(flags: String? = "00000") throws -> [GeneralName] {
        let names = try BasicFourDraft(
            name: "見本　花子", address: "見本県見本市１番", birthDate: "419900102", gender: .female
        ).otherNames()
        return names.compactMap { name in
            guard case .otherName(.jpkiNameSubstitutions, _) = name else { return name }
            return flags.map { BasicFourDraft.otherName(.jpkiNameSubstitutions, $0) }
        }
    }

    func certificate(
        _ defects: [CertificateDefect] = [],
        flags: String? = "00000",
        by issuer: IssuingAuthority? = nil
    ) throws -> [UInt8] {
        let request = CertificateRequest(
            serialNumber: SerialNumber(0x0132_C4AB),
            subject: DistinguishedName([(.country, "JP"), (.commonName, "SANDBOX0001")]),
            publicKeyInfo: key.publicKeyInfo, notBefore: Self.now.advanced(bySeconds: -100 * Self.day),
            notAfter: Self.now.advanced(bySeconds: 1_000 * Self.day),
            extensions: [
                .keyUsage([.digitalSignature, .nonRepudiation]),
                .certificatePolicies([PolicyInformation(.jpkiCardDigitalSignature)]),
                .subjectAltName(try Self.attributes(flags: flags)), .cRLDistributionPoints(Self.points("Mihon-shi")),
            ])
        return try (issuer ?? authority).issueDER(request, defects: defects)
    }

    /// The municipality's list; like JPKI's it has no number.
    func list(
        _ entries: [RevokedEntry] = [],
        by signer: IssuingAuthority? = nil,
        from start: Int64 = -3_600,
        to end: Int64 = 82_800,
        point: IssuingDistributionPoint? = IssuingDistributionPoint(
            name: .fullName([.directoryName(Self.point("Mihon-shi"))]))
    ) throws -> [UInt8] {
        let signer = signer ?? authority
        var tbs = TBSCertList(
            signature: signer.scheme.identifier, issuer: signer.name, thisUpdate: Self.now.advanced(bySeconds: start),
            nextUpdate: Self.now.advanced(bySeconds: end), entries: entries, crlNumber: nil,
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: signer.keyIdentifier[...]))
        tbs.issuingDistributionPoint = point
        return try signedEnvelope(tbs: tbs.der, algorithm: signer.scheme.identifier) {
            try signer.key.signature(over: $0, scheme: signer.scheme)
        }
    }

    static func entry(_ reason: RevocationReason?) -> RevokedEntry {
        RevokedEntry(
            serialNumber: SerialNumber(0x0132_C4AB), revokedAt: now.advanced(bySeconds: -day), reason: reason)
    }

    /// The answer about `certificate` with the municipality's list, or with others.
    func answer(
        _ certificate: [UInt8],
        lists: [[UInt8]]? = nil,
        anchors: [Certificate]? = nil,
        _ change: (inout [String: Any]) -> Void = { _ in }
    ) throws -> JPKIAnswer {
        var request: [String: Any] = [
            "op": "validate_path", "id": 1, "profile": "jpki", "certificate": base64(certificate),
            "trust_anchors": (anchors ?? [authority.certificate]).map { base64($0.der) },
            "crls": try (lists ?? [list()]).map { base64($0) }, "revocation": "leaf",
            "validation_time": Self.now.description, "initial_policy_set": ["\(OID.jpkiCardDigitalSignature)"],
            "required_key_usage": ["digitalSignature", "nonRepudiation"],
        ]
        change(&request)
        let line = try JSONSerialization.data(withJSONObject: request)
        let answer = try JSONSerialization.jsonObject(with: Data(BatchProcessor().answer(Array(line))))
        return try JPKIAnswer(#require(answer as? [String: Any]))
    }
}

/// What the tests look at in an answer.
struct JPKIAnswer {
    let result: String
    let subIndications: [String]
    let failed: Set<String>
    let status: String
    let reason: String?

    init(_ members: [String: Any]) throws {
        result = try #require(members["result"] as? String, "\(members)")
        subIndications = try #require(members["sub_indications"] as? [String])
        let checks = try #require(members["checks"] as? [[String: Any]])
        failed = Set(checks.filter { $0["outcome"] as? String == "failed" }.compactMap { $0["code"] as? String })
        let status = members["certificate_status"] as? [String: Any]
        self.status = status?["status"] as? String ?? "none"
        reason = status?["undetermined_reason"] as? String
    }
}
