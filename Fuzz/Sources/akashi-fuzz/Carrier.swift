import CertificateIssuing
import PKIX
import PathValidation
import SignatureAlgorithms

/// Well-formed material that inputs are put into or held against.
enum Carrier {
    static let time = ValidationTime(secondsSince1970: 1_795_000_000)
    static let name = DistinguishedName([(.country, "JP"), (.organization, "FUZZ"), (.commonName, "Authority")])

    static let authority: IssuingAuthority = {
        let (from, to) = (time.advanced(bySeconds: -86_400_000), time.advanced(bySeconds: 86_400_000))
        guard let key = try? SigningKey.p256(seed: "fuzz"),
            let root = try? IssuingAuthority(root: name, key: key, notBefore: from, notAfter: to)
        else { fatalError("no authority") }
        return root
    }()

    static let anchor = TrustAnchor(authority.certificate)
    static let issuer = StatusIssuer(authority.certificate)

    /// A certificate of the authority's.
    static let leaf: Certificate = {
        let key = authority.key
        let request = CertificateRequest(
            serialNumber: SerialNumber(0x0132_C4AB), subject: DistinguishedName([(.commonName, "Leaf")]),
            publicKeyInfo: key.publicKeyInfo, notBefore: authority.certificate.notBefore,
            notAfter: authority.certificate.notAfter, extensions: [.keyUsage(.digitalSignature)])
        guard let certificate = try? authority.issue(request) else { fatalError("no leaf") }
        return certificate
    }()

    /// A certificate with `extensions` whose signature is nobody's; nil when it does not decode.
    static func certificate(
        with extensions: [Extension],
        subject: DistinguishedName = DistinguishedName([(.commonName, "Carrier")])
    ) -> Certificate? {
        let tbs = TBSCertificate(
            serialNumber: SerialNumber(1), signature: .withNull(.sha256WithRSAEncryption), issuer: name,
            notBefore: authority.certificate.notBefore, notAfter: authority.certificate.notAfter, subject: subject,
            subjectPublicKeyInfo: Array(authority.key.publicKeyInfo.encoding), extensions: extensions)
        return try? Certificate(der: signedEnvelope(tbs: tbs.der, algorithm: tbs.signature) { _ in [1] })
    }
}
