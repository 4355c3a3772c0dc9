import PKIX
import PathValidation

/// What a list has to say about one certificate: RFC 5280 §6.3.3 (b), (d).
struct ListScope: Hashable {
    /// What may be concluded from the certificate not being listed.
    enum Strength {
        /// That it is not revoked for these reasons.
        case complete
        /// Nothing. The list is indirect, and the point that led to it does not say so.
        case listedOnly
    }

    /// interim_reasons_mask.
    var reasons: ReasonFlags
    var strength: Strength

    /// The scope of `list` for `certificate`; nil when the list is not about it.
    ///
    /// Every distribution point of the certificate is compared. A list that no point leads to counts as if it
    /// stood under the issuer's own name (last paragraph of §6.3.3), unless a point names another CRL issuer:
    /// then the issuer has said that its own lists are not the ones to ask.
    init?(_ list: CertificateList, for certificate: Certificate) {
        guard ListScope.contains(certificate, list.issuingDistributionPoint?.contents) else { return nil }
        let points = certificate.extensions.cRLDistributionPoints ?? []
        var scopes = points.compactMap { ListScope.scope(of: list, at: $0, certificate) }
        if !points.contains(where: { !$0.cRLIssuer.isEmpty }) {
            let names = [.directoryName(certificate.issuer)] + (certificate.extensions.issuerAltName ?? [])
            let own = DistributionPoint(name: .fullName(names))
            let scope = ListScope.scope(of: list, at: own, certificate)
            // Where points exist, only a list without a name of its own can be one that none of them leads to.
            if points.isEmpty || list.issuingDistributionPoint?.name == nil, let scope {
                scopes.append(ListScope(scope.reasons, .complete))
            }
        }
        let complete = scopes.filter { $0.strength == .complete && !$0.reasons.isEmpty }
        guard let first = complete.first ?? scopes.first(where: { !$0.reasons.isEmpty }) else { return nil }
        self = complete.dropFirst().reduce(first) { ListScope($0.reasons.union($1.reasons), .complete) }
    }

    /// Whether nothing can be concluded from a list of the scope `other` that cannot be from one of this scope.
    func saysAll(of other: ListScope) -> Bool {
        (strength == .complete || other.strength == .listedOnly) && reasons.isSuperset(of: other.reasons)
    }

    private init(_ reasons: ReasonFlags, _ strength: Strength) { (self.reasons, self.strength) = (reasons, strength) }

    /// §6.3.3 (b)(2)(ii) to (iv).
    private static func contains(
        _ certificate: Certificate, _ contents: IssuingDistributionPoint.Contents?
    ) -> Bool {
        let isCA = certificate.extensions.basicConstraints?.isCA == true
        switch contents {
        case nil, .everyCertificate: return true
        // A v1 certificate cannot say what it is, so a list of users' certificates cannot be known to cover it.
        case .onlyUserCertificates: return !isCA && certificate.version == 3
        case .onlyCACertificates: return isCA
        case .onlyAttributeCertificates: return false
        }
    }

    /// §6.3.3 (b)(1), (b)(2)(i), (d).
    private static func scope(
        of list: CertificateList, at point: DistributionPoint, _ certificate: Certificate
    ) -> ListScope? {
        let limits = list.issuingDistributionPoint
        if point.cRLIssuer.isEmpty {
            guard list.issuer == certificate.issuer else { return nil }
        } else {
            guard list.isIndirect, point.cRLIssuer.contains(.directoryName(list.issuer)) else { return nil }
        }
        if let name = limits?.name {
            let own = name.names(below: list.issuer)
            let wanted = point.name?.names(below: list.issuer) ?? point.cRLIssuer
            guard own.contains(where: { one in wanted.contains { one.isSamePlace(as: $0) } }) else { return nil }
        }
        let reasons = (limits?.onlySomeReasons ?? .all).intersection(point.reasons ?? .all).intersection(.all)
        return ListScope(reasons, list.isIndirect && point.cRLIssuer.isEmpty ? .listedOnly : .complete)
    }
}

extension GeneralName {
    /// Equality of places: scheme and host of a URI, and host names, whatever their case (RFC 5280 §7.2, §7.4).
    fileprivate func isSamePlace(as other: GeneralName) -> Bool {
        switch (self, other) {
        case (.uniformResourceIdentifier(let left), .uniformResourceIdentifier(let right)):
            left == right || left.foldingAuthority == right.foldingAuthority
        case (.dNSName(let left), .dNSName(let right)): left.lowercased() == right.lowercased()
        default: self == other
        }
    }
}

extension String {
    /// This URI with scheme and authority in lower case.
    fileprivate var foldingAuthority: String {
        let octets = Array(utf8)
        let slashes = octets.indices.filter { octets[$0] == UInt8(ascii: "/") }
        let end = slashes.count >= 3 && slashes[1] == slashes[0] + 1 ? slashes[2] : octets.count
        return String(decoding: octets[..<end], as: UTF8.self).lowercased()
            + String(decoding: octets[end...], as: UTF8.self)
    }
}
