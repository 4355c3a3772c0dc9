import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms

/// What shapes are made of. Keys are P-256 and follow from names, so that runs repeat.
enum Material {
    static let time = ValidationTime(secondsSince1970: 1_795_000_000)
    static let from = time.advanced(bySeconds: -86_400_000)
    static let to = time.advanced(bySeconds: 86_400_000)

    static let root = authority("Root")
    static let issuer = StatusIssuer(root.certificate)
    static let otherIssuer = StatusIssuer(authority("Other").certificate)

    static func name(_ common: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, "GROWTH"), (.commonName, common)])
    }

    static func authority(_ common: String, seed: String? = nil) -> IssuingAuthority {
        guard let key = try? SigningKey.p256(seed: seed ?? common),
            let authority = try? IssuingAuthority(root: name(common), key: key, notBefore: from, notAfter: to)
        else { fatalError("no authority") }
        return authority
    }

    static func oid(_ number: Int) -> OID {
        OID(constant: 1, 3, 6, 1, 4, 1, 99_999, UInt64(number))
    }

    /// Long values, so that comparing them costs something.
    static func attribute(_ number: Int) -> NameAttribute {
        let text = String(repeating: "x", count: 100) + "\(number)"
        return NameAttribute(type: .organizationalUnit, valueTag: .utf8String, value: Array(text.utf8)[...])
    }

    static func request(_ extensions: [Extension], subject: String = "Leaf") -> CertificateRequest {
        CertificateRequest(
            serialNumber: SerialNumber(7), subject: name(subject), publicKeyInfo: root.key.publicKeyInfo,
            notBefore: from, notAfter: to, extensions: extensions)
    }

    static func leaf(_ extensions: [Extension], by issuer: IssuingAuthority = root) throws -> Certificate {
        try issuer.issue(request(extensions))
    }

    static func nameConstraints(permitted: [GeneralName]) -> Extension {
        let value = DERWriter.encode(.sequence) { writer in
            writer.append(.contextConstructed(0)) { list in
                for base in permitted { list.append(.sequence) { $0.generalName(base) } }
            }
        }
        return Extension(id: .nameConstraints, critical: true, value: value)
    }

    static func entries(_ count: Int) -> [RevokedEntry] {
        (0..<count).map {
            RevokedEntry(serialNumber: SerialNumber(UInt64($0 * 7 + 1)), revokedAt: time, reason: .superseded)
        }
    }

    static func list(
        _ entries: [RevokedEntry],
        by signer: IssuingAuthority = root,
        number: UInt64 = 1,
        _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in }
    ) throws -> [UInt8] {
        var tbs = TBSCertList(
            signature: signer.scheme.identifier, issuer: signer.name, thisUpdate: time.advanced(bySeconds: -600),
            nextUpdate: time.advanced(bySeconds: 86_400), entries: entries, crlNumber: CRLNumber(number))
        change(&tbs)
        return try signedEnvelope(tbs: tbs.der, algorithm: signer.scheme.identifier) {
            try signer.key.signature(over: $0, scheme: signer.scheme)
        }
    }

    static func response(_ singles: [OCSPSingleResponse]) throws -> [UInt8] {
        let writer = OCSPResponseWriter(
            responderID: .byName(root.name), producedAt: time, responses: singles,
            signatureAlgorithm: root.scheme.identifier)
        return try writer.signed { try root.key.signature(over: $0, scheme: root.scheme) }
    }
}
