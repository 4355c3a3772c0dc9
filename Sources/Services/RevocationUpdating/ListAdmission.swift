internal import PKIX
internal import RevocationLists
internal import SignatureAlgorithms

/// Every rule that an offered list must pass before anything is replaced, apart from its order.
///
/// Pure: octets, a configured source and a time go in, a verified list or a named refusal comes out.
struct ListAdmission: Sendable {
    /// How far thisUpdate may lie ahead of the clock, seconds.
    static let clockTolerance: Int64 = 300

    let source: CRLSource
    /// The list that this source has in force; nil for none or for a source of many scopes.
    let held: ActiveList?

    /// - Parameter now: nil when the list was admitted before and is read back from the store.
    func admit(_ octets: [UInt8], fetchedAt: ValidationTime, now: ValidationTime?) throws(CRLRefusal) -> ActiveList {
        guard octets.count <= source.maximumSize else { throw .tooLarge }
        guard let der = PEM.der(octets, label: "X509 CRL") else { throw .malformed }
        let digest = HashAlgorithm.sha256.digest(of: der)
        let list: CertificateList
        do throws(DERError) { list = try CertificateList(der: der) } catch { throw .malformed }
        // RFC 5280 §6.3.3 (b)(1): the cheap comparisons come before the signature.
        guard list.issuer == source.issuerName else { throw .issuerMismatch }
        guard list.isDelta == (source.form == .delta) else { throw .formMismatch }
        let scope = try scope(of: list)
        try checkDates(of: list, now: now)
        let verified = try verify(list)
        return ActiveList(verified: verified, scope: scope, source: source, digest: digest, fetchedAt: fetchedAt)
    }

    /// The list's scope, when the source may bring it (RFC 5280 §5.2.5, §6.3.3 (b)(2)).
    private func scope(of list: CertificateList) throws(CRLRefusal) -> ListScope {
        let pointNames = list.issuingDistributionPoint?.name?.names(below: list.issuer)
        switch source.scope {
        case .complete:
            guard pointNames == nil else { throw .scopeMismatch }
        case .distributionPoint(let expected):
            let wanted = expected.names(below: source.issuerName)
            guard let pointNames, pointNames.contains(where: wanted.contains) else { throw .scopeMismatch }
        case .pinnedByFirstList, .any:
            break
        }
        let value = list.extensions.first { $0.id == .issuingDistributionPoint }.map { Array($0.value) }
        let scope = ListScope(
            issuerName: source.issuerName, issuerKey: source.issuerKey, issuingDistributionPoint: value,
            form: source.form)
        if let held, source.scope != .any, held.scope != scope { throw .scopeChanged }
        return scope
    }

    private func checkDates(of list: CertificateList, now: ValidationTime?) throws(CRLRefusal) {
        if let nextUpdate = list.nextUpdate, nextUpdate < list.thisUpdate { throw .datesReversed }
        guard let now else { return }
        guard list.thisUpdate <= now.advanced(bySeconds: ListAdmission.clockTolerance) else {
            throw .thisUpdateInFuture
        }
    }

    private func verify(_ list: CertificateList) throws(CRLRefusal) -> VerifiedList {
        let key: PublicKey
        do throws(AlgorithmError) {
            key = try PublicKey(source.issuerKey, suite: .current)
        } catch {
            throw .issuerKeyUnusable
        }
        do throws(ListRefusal) {
            return try VerifiedList.verify(list, key: key)
        } catch {
            throw CRLRefusal(error)
        }
    }
}
