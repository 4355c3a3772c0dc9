internal import PKIX
package import PathValidation

/// One generation of one certification authority: a key that is trusted for some kinds.
///
/// J-LIS's generations share one name, so an issuer is told apart by its key alone.
package struct Issuer: Hashable, Sendable {
    /// What the generation may still be used for.
    package enum Use: String, CaseIterable, Sendable {
        case current
        /// Expired or withdrawn: it judges signatures of its own time and nothing else.
        case pastSignaturesOnly = "past_signatures_only"
    }

    /// Which lists may speak about this generation's certificates. No public source says what J-LIS does.
    package enum ListScope: String, CaseIterable, Sendable {
        /// Only lists that this generation's own key signed.
        case ownKeyOnly = "own_key_only"
        /// Also lists signed by another configured generation of the same name.
        case sameName = "same_name"
    }

    /// What the configured lists of this generation are about, taken together.
    package enum ListCoverage: String, CaseIterable, Sendable {
        /// Nothing is known: a certificate's distribution point says which list is its own, and a serial number
        /// alone can be found on partitioned lists, but never be cleared by them.
        case byDistributionPoint = "by_distribution_point"
        /// Every certificate has its list among them: a serial that is on none of them, all current, is good.
        case everyCertificate = "every_certificate"
    }

    /// The operator's name for it, for example `jpki-sign-2023`; stands in answers.
    package let id: String
    package let anchor: TrustAnchor
    package let kinds: Set<CertificateKind>
    package let use: Use
    package let listScope: ListScope
    package let listCoverage: ListCoverage

    package init(
        id: String,
        anchor: TrustAnchor,
        kinds: Set<CertificateKind>,
        use: Use = .current,
        listScope: ListScope = .ownKeyOnly,
        listCoverage: ListCoverage = .byDistributionPoint
    ) {
        self.id = id
        self.anchor = anchor
        self.kinds = kinds
        self.use = use
        self.listScope = listScope
        self.listCoverage = listCoverage
    }

    /// Name and key, for questions about revocation.
    package var statusIssuer: StatusIssuer { StatusIssuer(name: anchor.name, key: anchor.subjectPublicKeyInfo) }
}
