package import PKIX
package import SignatureAlgorithms

/// The inputs of RFC 5280 §6.1.1 besides path, time and anchor, and what the
/// caller demands of the target's key.
package struct PathConstraints: Sendable {
    /// initial-explicit-policy, §6.1.1 (f).
    package enum ExplicitPolicy: Sendable {
        /// The path must be valid for at least one policy of the initial policy set.
        case required
        /// Only when a certificate of the path demands it.
        case asCertificatesSay
    }

    /// initial-policy-mapping-inhibit, §6.1.1 (e).
    package enum PolicyMappingRule: Sendable {
        case allowed
        case inhibited
    }

    /// initial-any-policy-inhibit, §6.1.1 (g).
    package enum AnyPolicyRule: Sendable {
        case allowed
        case inhibited
    }

    /// Whether the validity period of an anchor's own certificate counts. RFC 5280 does not use it.
    package enum AnchorValidity: Sendable {
        case ignored
        case checked
    }

    /// What a target without keyUsage means for ``requiredKeyUsage``.
    package enum MissingKeyUsage: Sendable {
        /// Every usage is allowed: RFC 5280 §4.2.1.3.
        case allowsEverything
        /// The required usage is not shown: the `jpki` profile.
        case fails
    }

    /// Whether certificates must carry the key identifiers that RFC 5280 demands of every conforming CA:
    /// authorityKeyIdentifier in all that are not self-signed (§4.2.1.1), subjectKeyIdentifier in CA certificates (§4.2.1.2).
    package enum KeyIdentifierRule: Sendable {
        /// They only help to find the path.
        case optional
        case required
    }

    /// user-initial-policy-set, §6.1.1 (c).
    package var initialPolicySet: Set<OID> = [.anyPolicy]
    package var explicitPolicy = ExplicitPolicy.asCertificatesSay
    package var policyMapping = PolicyMappingRule.allowed
    package var anyPolicy = AnyPolicyRule.allowed
    package var algorithms = AlgorithmSuite.current
    /// Bits that the target's keyUsage must all have; empty demands none.
    package var requiredKeyUsage: KeyUsage = []
    package var missingKeyUsage = MissingKeyUsage.allowsEverything
    package var keyIdentifiers = KeyIdentifierRule.optional
    /// A purpose that extKeyUsage must hold wherever the extension stands on the path (§4.2.1.12): a CA certificate
    /// that names purposes is for issuing for these alone.
    package var requiredExtendedKeyUsage: OID?
    package var anchorValidity = AnchorValidity.ignored

    package init() {}
}
