package import PKIX
internal import PathValidation
internal import SignatureAlgorithms

/// Which issuers are trusted for which kinds, and what each kind looks like.
package struct TrustSettings: Hashable, Sendable {
    package let issuers: [Issuer]
    package let kinds: [CertificateKind: KindProfile]

    package init(issuers: [Issuer], kinds: [CertificateKind: KindProfile]) {
        (self.issuers, self.kinds) = (issuers, kinds)
    }

    /// Who issued a certificate, as far as the configured issuers tell.
    package enum IssuerIdentification: Hashable, Sendable {
        case identified(Issuer)
        /// An issuer with the stated name and key identifier is configured, and its key did not sign.
        case signatureMismatch(Issuer)
        /// No configured issuer has the stated name and key identifier.
        case unknownIssuer
    }

    /// The issuer whose key signed `certificate`; nil when it is none of the configured ones.
    package func issuer(of certificate: Certificate) -> Issuer? {
        guard case .identified(let issuer) = identifyIssuer(of: certificate) else { return nil }
        return issuer
    }

    /// Finds the generation that issued `certificate`: by the authority key identifier when it states one,
    /// then by trial of the signature. A name alone never identifies an issuer.
    ///
    /// An algorithm that ``AlgorithmSuite/current`` refuses verifies nothing.
    package func identifyIssuer(of certificate: Certificate) -> IssuerIdentification {
        var mismatch: Issuer?
        for issuer in candidates(for: certificate) {
            if TrustSettings.signed(certificate, by: issuer) { return .identified(issuer) }
            mismatch = mismatch ?? issuer
        }
        return mismatch.map { .signatureMismatch($0) } ?? .unknownIssuer
    }

    /// The kind whose policy `certificate` asserts, among those `issuer` may issue; nil for none or more than one.
    package func kind(of certificate: Certificate, issuer: Issuer) -> CertificateKind? {
        let asserted = Set(certificate.extensions.certificatePolicies?.map(\.policyIdentifier) ?? [])
        let matching = issuer.kinds.filter { kinds[$0].map { !$0.policies.isDisjoint(with: asserted) } ?? false }
        return matching.count == 1 ? matching.first : nil
    }

    /// Keys beside the issuer's own whose lists may speak for it, as its list scope says.
    package func acceptedListKeys(for issuer: Issuer) -> [SubjectPublicKeyInfo] {
        guard issuer.listScope == .sameName else { return [] }
        return issuers.filter { $0.id != issuer.id && $0.anchor.name == issuer.anchor.name }
            .map(\.anchor.subjectPublicKeyInfo)
    }

    /// The configured issuer with this id.
    package func issuer(id: String) -> Issuer? { issuers.first { $0.id == id } }

    /// The issuers of the certificate's issuer name and, where it states one, key identifier: one of them may
    /// have signed it.
    package func candidates(for certificate: Certificate) -> [Issuer] {
        let stated = certificate.extensions.authorityKeyIdentifier?.keyIdentifier
        return issuers.filter { issuer in
            guard issuer.anchor.name == certificate.issuer else { return false }
            guard let stated, let own = issuer.anchor.keyIdentifier else { return true }
            return stated == own
        }
    }

    private static func signed(_ certificate: Certificate, by issuer: Issuer) -> Bool {
        guard let scheme = SignatureScheme(certificate.signatureAlgorithm),
            let signature = certificate.signature.wholeOctets,
            let key = try? issuer.anchor.publicKey(for: .current)
        else { return false }
        return (try? key.verifies(signature, over: certificate.tbsEncoding, scheme: scheme)) ?? false
    }
}
