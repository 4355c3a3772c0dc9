package import JPKIProfile
package import PKIX
internal import PathValidation
internal import RevocationLists
package import SignatureValidation
internal import Verification

/// Without an archive the lists in force are all that is known of the past: one whose thisUpdate is not after the time
/// in question is still the newest of then. A list that came later says nothing of it.
extension RevocationListHolder: ListArchive {
    package func lists(
        for certificate: Certificate?,
        of issuer: Issuer,
        trust: TrustSettings,
        asOf time: ValidationTime
    ) async -> ListEvidence {
        guard case .held(let present, let missing) = lists(for: certificate, of: issuer, trust: trust) else {
            return .notPublished
        }
        let ofThen = present.filter { $0.verified.list.thisUpdate <= time }
        return .held(ofThen, missing: ofThen.count < present.count ? .some : missing)
    }
}
