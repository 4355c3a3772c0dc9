import PKIX
import PathValidation

/// What one usable list, with its newest delta, says about the certificate.
struct ListFinding {
    /// Lists of one scope replace one another; lists of different scopes stand side by side.
    struct Series: Hashable {
        let key: SubjectPublicKeyInfo
        let distributionPoint: ArraySlice<UInt8>?
    }

    let list: CertificateList
    let series: Series
    let scope: ListScope
    /// From the delta list where one was used.
    let thisUpdate: ValidationTime
    let nextUpdate: ValidationTime?
    let crlNumber: CRLNumber?
    let isCurrent: Bool
    /// The entry that counts; nil when the certificate is not listed.
    let entry: RevokedEntry?

    /// Whether this is a later edition than `other` of the same series.
    func isNewer(than other: ListFinding) -> Bool {
        if let number = crlNumber, let otherNumber = other.crlNumber, number != otherNumber {
            return number > otherNumber
        }
        return thisUpdate > other.thisUpdate
    }
}

/// What came of one list.
enum ListOutcome {
    case finding(ListFinding)
    /// It is about the certificate and cannot be used.
    case refused(CertificateStatus.UndeterminedReason)
    /// It is about other certificates.
    case outOfScope
}

extension CRLSession {
    /// RFC 5280 §6.3.3 (b) to (k) for one complete list.
    func outcome(_ candidate: CandidateList, _ certificate: Certificate, _ issuer: StatusIssuer) -> ListOutcome {
        let list = candidate.list
        guard !list.isDelta, let scope = ListScope(list, for: certificate) else { return .outOfScope }
        let resolution = SignerResolution(certificate: certificate, issuer: issuer, session: self)
        let key: SubjectPublicKeyInfo
        switch resolution.signer(of: candidate) {
        case .refused(.noMatchingCRL): return .outOfScope
        case .refused(let reason): return .refused(reason)
        case .accepted(let signer): key = signer
        }
        if let problem = problem(with: list) { return .refused(problem) }
        do throws(DERError) {
            let base = try candidate.entry(for: certificate.serialNumber, issuer: certificate.issuer)
            let delta = try newestDelta(onto: list, key: key, certificate)
            let entry = delta.map { apply($0.entry, to: base, $0.isCurrent) } ?? base
            let used = delta.flatMap { $0.isCurrent || entry != base ? $0.list : nil } ?? list
            return .finding(
                ListFinding(
                    list: list,
                    series: .init(key: key, distributionPoint: list.encodedDistributionPoint),
                    scope: scope, thisUpdate: used.thisUpdate, nextUpdate: used.nextUpdate,
                    crlNumber: used.crlNumber, isCurrent: context.isCurrent(used) || context.isCurrent(list),
                    entry: entry))
        } catch {
            return .refused(.responseInvalid)
        }
    }

    /// Critical extensions (§5.2, §5.3), a time that has not come, a number that is asked for.
    private func problem(with list: CertificateList) -> CertificateStatus.UndeterminedReason? {
        if !list.unknownCriticalExtensions.isEmpty || list.hasUnknownCriticalEntryExtension {
            return .unsupportedCriticalExtension
        }
        if context.isAhead(list) { return .responseInvalid }
        if let nextUpdate = list.nextUpdate, nextUpdate < list.thisUpdate { return .responseInvalid }
        if context.listNumber == .required, list.crlNumber == nil { return .responseInvalid }
        return nil
    }

    private struct Delta {
        let list: CertificateList
        let isCurrent: Bool
        let entry: RevokedEntry?
    }

    /// The newest delta that goes onto `base`: §5.2.4, §6.3.3 (c), (h). A current one is preferred.
    private func newestDelta(
        onto base: CertificateList, key: SubjectPublicKeyInfo, _ certificate: Certificate
    ) throws(DERError) -> Delta? {
        guard context.deltas == .used, let number = base.crlNumber else { return nil }
        let found = deltas.first { candidate in
            let delta = candidate.list
            guard let baseNumber = delta.baseCRLNumber, let deltaNumber = delta.crlNumber,
                baseNumber <= number, number < deltaNumber, delta.issuer == base.issuer,
                delta.encodedDistributionPoint == base.encodedDistributionPoint,
                delta.authorityKeyIdentifier == base.authorityKeyIdentifier, problem(with: delta) == nil
            else { return false }
            switch candidate {
            case .verified(let verified): return verified.issuerKey == key
            case .unverified(let list): return verifies(list, under: key)
            }
        }
        return try found.map { found throws(DERError) in
            Delta(
                list: found.list, isCurrent: context.isCurrent(found.list),
                entry: try found.entry(for: certificate.serialNumber, issuer: certificate.issuer))
        }
    }

    /// §6.3.3 (i) to (k). A removal ends a hold and nothing else; one in a stale delta ends nothing.
    private func apply(_ delta: RevokedEntry?, to base: RevokedEntry?, _ isCurrent: Bool) -> RevokedEntry? {
        guard let delta else { return base }
        guard delta.reason == .removeFromCRL else { return delta.combined(with: base) }
        guard isCurrent, context.holdRelease == .asDeltasSay, let base else { return base }
        return base.reason == .certificateHold ? nil : base
    }
}

extension CertificateList {
    /// The value of issuingDistributionPoint, as encoded.
    var encodedDistributionPoint: ArraySlice<UInt8>? {
        extensions.first { $0.id == .issuingDistributionPoint }?.value
    }
}
