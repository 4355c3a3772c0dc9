package import PKIX
package import RevocationLists

/// A list in force: verified once, then an index that is only read.
package struct ActiveList: Sendable {
    /// What an operator sees of a list (`GET /v1/crls`).
    package enum State: String, CaseIterable, Sendable {
        case active
        /// Past its nextUpdate. Listed serials stay revoked; others cannot be judged by it.
        case stale
    }

    package let verified: VerifiedList
    package let scope: ListScope
    package let sourceID: String
    package let issuerID: String
    /// SHA-256 of the DER.
    package let digest: [UInt8]
    package let fetchedAt: ValidationTime
    /// ``HighWaterMark/epoch`` of the scope when the list came into force.
    package let epoch: UInt64

    package init(
        verified: VerifiedList,
        scope: ListScope,
        source: CRLSource,
        digest: [UInt8],
        fetchedAt: ValidationTime,
        epoch: UInt64 = 0
    ) {
        self.verified = verified
        self.scope = scope
        sourceID = source.id
        issuerID = source.issuerID
        self.digest = digest
        self.fetchedAt = fetchedAt
        self.epoch = epoch
    }

    /// `crl_` and the first 32 hex digits of the digest.
    package var id: String { "crl_" + digest.prefix(16).hexString }
    package var thisUpdate: ValidationTime { verified.list.thisUpdate }
    package var nextUpdate: ValidationTime? { verified.list.nextUpdate }
    package var crlNumber: CRLNumber? { verified.list.crlNumber }
    package var entryCount: Int { verified.list.entryCount }
    package var mark: HighWaterMark {
        HighWaterMark(crlNumber: crlNumber, thisUpdate: thisUpdate, digest: digest, epoch: epoch)
    }

    /// Seconds since thisUpdate; negative when the clock is behind it.
    package func age(at now: ValidationTime) -> Int64 { now.seconds(since: thisUpdate) }

    package func state(at now: ValidationTime) -> State {
        guard let nextUpdate, now > nextUpdate else { return .active }
        return .stale
    }

    /// The general names of the list's distribution point; empty for a list of the whole issuer.
    var distributionPointNames: [GeneralName] {
        verified.list.issuingDistributionPoint?.name?.names(below: verified.list.issuer) ?? []
    }
}
