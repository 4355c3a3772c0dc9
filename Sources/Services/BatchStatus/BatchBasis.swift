package import JPKIProfile
package import PKIX
package import SignatureValidation
package import Verification

/// What every line of a job is judged by, the same from the first to the last: lists, configuration and time.
///
/// It is kept with the job. A job that was interrupted goes on only under the very
/// same basis, so that its result is, octet for octet, that of an undisturbed run.
package struct BatchBasis: Hashable, Sendable, Codable {
    /// A list as a result names it.
    package struct List: Hashable, Sendable, Codable {
        /// `crl_…`
        package let id: String
        package let issuerID: String
        package let crlNumber: String?
        /// Seconds since 1970.
        package let thisUpdate: Int64
        /// SHA-256 of the DER, lower-case hexadecimal.
        package let digest: String
        /// Where the store keeps it.
        package let scopeID: String
        package let sourceID: String

        package init(
            id: String,
            issuerID: String,
            crlNumber: String?,
            thisUpdate: Int64,
            digest: String,
            scopeID: String,
            sourceID: String
        ) {
            self.id = id
            self.issuerID = issuerID
            self.crlNumber = crlNumber
            self.thisUpdate = thisUpdate
            self.digest = digest
            self.scopeID = scopeID
            self.sourceID = sourceID
        }
    }

    /// The pinned set, ordered by id.
    package let lists: [List]
    /// SHA-256 over the digests of ``lists``, lower-case hexadecimal: two sets of one digest are one set.
    package let listSetDigest: String
    /// Sources that had brought no list when the set was pinned.
    package let missingSources: [String]
    package let configurationDigest: String
    /// The time that lines are judged at, seconds since 1970: when the job began.
    package let judgedAt: Int64
    package let isClockTrusted: Bool

    package init(
        lists: [List],
        listSetDigest: String,
        missingSources: [String],
        configurationDigest: String,
        judgedAt: Int64,
        isClockTrusted: Bool
    ) {
        self.lists = lists
        self.listSetDigest = listSetDigest
        self.missingSources = missingSources
        self.configurationDigest = configurationDigest
        self.judgedAt = judgedAt
        self.isClockTrusted = isClockTrusted
    }
}

/// A set of lists that does not change under its reader, with the names that a result gives it.
package struct PinnedLists: Sendable {
    package let provider: any ListProvider
    package let lists: [BatchBasis.List]
    package let missingSources: [String]
    /// See ``BatchBasis/listSetDigest``.
    package let digest: String

    package init(
        provider: any ListProvider,
        lists: [BatchBasis.List],
        missingSources: [String],
        digest: String
    ) {
        self.provider = provider
        self.lists = lists
        self.missingSources = missingSources
        self.digest = digest
    }
}

/// Where jobs get their lists from.
package protocol BatchListSource: Sendable {
    /// The set in force now.
    func pinned() -> PinnedLists
    /// The set with this digest; nil when it can no longer be had.
    func reopened(_ basis: BatchBasis) async -> PinnedLists?
    /// The lists that were in force before those of the basis.
    func history(of basis: BatchBasis, _ lists: PinnedLists) -> any BatchListHistory
    /// Returns once the lists that were kept over a restart are in force.
    func waitUntilLoaded() async
}

/// The lists of then. What it answers depends on the basis and on what the archive still has.
package protocol BatchListHistory: Sendable {
    /// The lists that were in force at `time` and can be about the certificate; a scope without one is missing.
    func lists(
        for certificate: Certificate,
        of issuer: Issuer,
        trust: TrustSettings,
        at time: ValidationTime
    ) async -> ListEvidence
}
