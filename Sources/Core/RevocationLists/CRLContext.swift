package import PKIX
package import PathValidation
package import SignatureAlgorithms

/// A list that is offered as evidence about a certificate.
package enum CandidateList: Sendable {
    /// Its signature has not been looked at, and its entries are found by walking them.
    case unverified(CertificateList)
    /// Its signature was checked under the key that it names, and it is indexed.
    case verified(VerifiedList)

    package var list: CertificateList {
        switch self {
        case .unverified(let list): list
        case .verified(let verified): verified.list
        }
    }

    func entry(for serial: SerialNumber, issuer: DistinguishedName) throws(DERError) -> RevokedEntry? {
        switch self {
        case .unverified(let list): try list.entry(for: serial, issuer: issuer)
        case .verified(let verified): verified.image.entry(for: serial, issuer: issuer)
        }
    }
}

/// The inputs of RFC 5280 §6.3.2 and what this program's policy adds to them.
package struct CRLContext: Sendable {
    /// `use-deltas`, §6.3.1 (b).
    package enum DeltaUse: Sendable {
        case used
        case ignored
    }

    /// Whether a hold can end.
    package enum HoldRelease: Sendable {
        /// removeFromCRL in a delta list ends it (§5.3.1).
        case asDeltasSay
        /// JPKI never releases a hold: removeFromCRL is passed over.
        case never
    }

    /// Whether a list must have a cRLNumber. §5.2.3 demands one of every conforming issuer; old lists have none.
    package enum ListNumberRule: Sendable {
        case optional
        case required
    }

    /// Whether the lists at hand are together about every certificate of the issuer. A certificate names the
    /// one that is its own; for a serial number alone this must be known from elsewhere.
    package enum PartitionCoverage: Sendable {
        case unknown
        case complete
    }

    /// The time for which the status is asked.
    package var time: ValidationTime
    /// The oldest thisUpdate that still counts as fresh, seconds before ``time``; nil sets no limit.
    package var maximumAge: Int64?
    /// How long past its nextUpdate a list still counts as current, seconds: a procedure's last good list.
    package var nextUpdateGrace: Int64 = 0
    package var algorithms = AlgorithmSuite.current
    package var deltas = DeltaUse.used
    package var holdRelease = HoldRelease.asDeltasSay
    package var listNumber = ListNumberRule.optional
    package var partitions = PartitionCoverage.unknown
    /// Keys beside the issuer's own that configuration accepts for lists under the issuer's name:
    /// other generations of one CA. By default none.
    package var acceptedKeys: [SubjectPublicKeyInfo] = []
    /// The anchor of the certificate's own path; a list's signer must lead to the same one (§6.3.3 (f)). When
    /// there is none, the certificate's issuer is the only one.
    package var anchors: [TrustAnchor] = []
    /// Candidates for signers of lists and for the paths to them. None is trusted by being here.
    package var pool: [Certificate] = []

    /// Seconds by which thisUpdate may lie ahead of ``time``.
    package static let toleratedSkew: Int64 = 300

    package init(time: ValidationTime) { self.time = time }

    /// Whether the list's thisUpdate is later than this validation can believe.
    func isAhead(_ list: CertificateList) -> Bool {
        list.thisUpdate > time.advanced(bySeconds: CRLContext.toleratedSkew)
    }

    /// Whether the list is neither past its nextUpdate nor older than ``maximumAge``.
    func isCurrent(_ list: CertificateList) -> Bool {
        if let nextUpdate = list.nextUpdate?.advanced(bySeconds: nextUpdateGrace), time > nextUpdate { return false }
        guard let maximumAge else { return true }
        return time.seconds(since: list.thisUpdate) <= maximumAge
    }
}
