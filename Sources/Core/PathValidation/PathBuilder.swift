package import PKIX

/// Builds and validates certification paths from a target to one of some anchors.
///
/// Candidate issuers are found by name and put in order by key identifier
/// (RFC 4158 §3.5); the signature decides. A target that is an anchor's own
/// certificate is processed like any other: it is valid when the anchor's key
/// signed it, which is so for a self-signed one. A self-signed target that is
/// no anchor has no path.
package struct PathBuilder: Sendable {
    package let anchors: [TrustAnchor]
    package let pool: [Certificate]
    package let constraints: PathConstraints

    /// - Parameter pool: candidates for the certificates between target and
    ///   anchor, in any order; none is trusted for being there.
    package init(anchors: [TrustAnchor], pool: [Certificate], constraints: PathConstraints) {
        self.anchors = anchors
        self.constraints = constraints
        var seen: Set<Certificate> = []
        self.pool = pool.count < 2 ? pool : pool.filter { seen.insert($0).inserted }
    }

    /// Tries candidate paths within the work budget.
    ///
    /// Each path that passes RFC 5280 §6.1 is shown to `accept`. The first one
    /// that it takes is the answer; without any, the attempt that came furthest.
    package func validate(
        _ target: Certificate,
        at time: ValidationTime,
        accept: (ValidatedPath) -> PathAcceptance = { _ in .accepted([]) }
    ) -> PathReport {
        var search = PathSearch(self, target, at: time)
        return search.run(accept)
    }
}
