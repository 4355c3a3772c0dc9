package import JPKIProfile
internal import PKIX
internal import PathValidation
internal import SignatureAlgorithms

/// One of `GET /v1/issuers`: a generation of an authority, told apart by its key.
package struct IssuerBody: Codable, Hashable, Sendable {
    package var id: String
    package var name: String
    @ExplicitNull package var keyIdentifier: String?
    package var kinds: [String]
    /// `current` or `past_signatures_only`.
    package var use: String
    package var listScope: String
    @ExplicitNull package var notBefore: String?
    @ExplicitNull package var notAfter: String?
    /// SHA-256 of the certificate.
    @ExplicitNull package var sha256: String?

    enum CodingKeys: String, CodingKey {
        case id, name, kinds, use, sha256
        case keyIdentifier = "key_identifier"
        case listScope = "list_scope"
        case notBefore = "not_before"
        case notAfter = "not_after"
    }

    package init(_ issuer: Issuer) {
        let certificate = issuer.anchor.certificate
        id = issuer.id
        name = issuer.anchor.name.description
        keyIdentifier = issuer.anchor.keyIdentifier?.hexString.lowercased()
        kinds = issuer.kinds.map(\.rawValue).sorted()
        use = issuer.use.rawValue
        listScope = issuer.listScope.rawValue
        notBefore = certificate.map { wireTime($0.notBefore) }
        notAfter = certificate.map { wireTime($0.notAfter) }
        sha256 = certificate.map { HashAlgorithm.sha256.digest(of: $0.encoding).hexString.lowercased() }
    }
}
