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

    /// What comes of looking at octets of unknown worth.
    enum Judgement: Sendable {
        /// One of these lists is in force already.
        case known
        case admitted(AdmittedList)
        /// With the SHA-256 of what was offered.
        case refused(CRLRefusal, digest: [UInt8])
    }

    /// A list that need not be looked at again.
    struct KnownList: Sendable {
        let digest: [UInt8]
        let size: Int
    }

    /// Looks at a fetched list. Takes seconds for a nation's list.
    ///
    /// - Parameter inForce: the source's lists in force.
    func judge(_ fetched: FetchedList, inForce: [KnownList], now: ValidationTime) -> Judgement {
        guard fetched.octets.count <= source.maximumSize else {
            return .refused(.tooLarge, digest: ListDigest.of(fetched.octets))
        }
        // A list in PEM is not what a file of DER holds: it is written anew.
        let isDER = fetched.octets.withSpan { $0.count > 0 && $0[0] == DERTag.sequence.rawValue }
        let decoded = isDER ? fetched.octets : PEM.der(fetched.octets.bytes, label: "X509 CRL").map { StoredOctets($0) }
        guard let decoded else { return .refused(.malformed, digest: ListDigest.of(fetched.octets)) }
        // Hashing is cheaper than looking at the entries again; another size is another list.
        let isKnown = inForce.contains { $0.size == decoded.count } && isKnown(ListDigest.of(decoded), inForce)
        if isKnown { return .known }
        let pass: ListPass
        do throws(DERError) {
            pass = try ListPass.over(decoded, wholeDigest: .sha256)
        } catch {
            return .refused(.malformed, digest: ListDigest.of(decoded))
        }
        let digest = pass.wholeDigest ?? ListDigest.of(decoded)
        if self.isKnown(digest, inForce) { return .known }
        do throws(CRLRefusal) {
            return .admitted(try admit(pass, digest, spool: isDER ? fetched.spool : nil, now: now))
        } catch {
            return .refused(error, digest: digest)
        }
    }

    private func isKnown(_ digest: [UInt8], _ inForce: [KnownList]) -> Bool {
        inForce.contains { $0.digest == digest }
    }

    private func admit(
        _ pass: ListPass,
        _ digest: [UInt8],
        spool: SpooledFile?,
        now: ValidationTime
    ) throws(CRLRefusal) -> AdmittedList {
        let scope = try check(pass.list, now: now)
        let key = try issuerKey()
        do throws(ListRefusal) { try pass.verify(key) } catch { throw CRLRefusal(error) }
        return AdmittedList(
            pass: pass, key: key, scope: scope, source: source, digest: digest, fetchedAt: now, spool: spool)
    }

    /// Every rule that needs no signature; the list's scope.
    ///
    /// - Parameter now: nil when the list was admitted before and is read back from the store.
    func check(_ list: CertificateList, now: ValidationTime?) throws(CRLRefusal) -> ListScope {
        // RFC 5280 §6.3.3 (b)(1): the cheap comparisons come before the signature.
        guard list.issuer == source.issuerName else { throw .issuerMismatch }
        guard list.isDelta == (source.form == .delta) else { throw .formMismatch }
        let scope = try scope(of: list)
        try checkDates(of: list, now: now)
        return scope
    }

    func issuerKey() throws(CRLRefusal) -> PublicKey {
        do throws(AlgorithmError) {
            return try PublicKey(source.issuerKey, suite: .current)
        } catch {
            throw .issuerKeyUnusable
        }
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
}
