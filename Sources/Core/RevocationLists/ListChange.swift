package import PKIX

/// How two lists of one scope differ about one certificate.
package struct ListChange: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Newly revoked, or a hold became a revocation.
        case revoked
        /// Newly on hold.
        case held = "on_hold"
        /// No longer listed: expired, or a hold that ended. The lists do not say which.
        case removed
        /// Listed before and now, with another date or reason.
        case changed
    }

    package let serialNumber: SerialNumber
    package let kind: Kind
    /// Of the newer list; of the older one for ``Kind/removed``.
    package let revokedAt: ValidationTime
    package let reason: RevocationReason?
}

/// Why two lists cannot be compared.
package enum ListComparisonError: Error, Hashable, Sendable {
    /// They are not of one issuer, or one is a delta or an indirect list.
    case notComparable
    case malformed(DERError)
}

/// Every difference between two complete lists of one issuer: first what the newer one has, in its order, then what
/// only the older one has.
package func forEachChange(
    from older: VerifiedList,
    to newer: VerifiedList,
    _ body: (ListChange) -> Void
) throws(ListComparisonError) {
    let lists = [older.list, newer.list]
    guard older.list.issuer == newer.list.issuer, older.issuerKey == newer.issuerKey,
        lists.allSatisfy({ !$0.isDelta && !$0.isIndirect })
    else { throw .notComparable }
    let issuer = newer.list.issuer
    do throws(DERError) {
        try newer.list.forEachEntry { entry in
            let former = older.image.entry(for: entry.serialNumber, issuer: issuer)
            guard let kind = ListChange.Kind(from: former, to: entry) else { return }
            body(ListChange(entry, kind))
        }
        try older.list.forEachEntry { entry in
            guard newer.image.entry(for: entry.serialNumber, issuer: issuer) == nil else { return }
            body(ListChange(entry, .removed))
        }
    } catch {
        throw .malformed(error)
    }
}

extension ListChange {
    fileprivate init(_ entry: RevokedEntry, _ kind: Kind) {
        (serialNumber, self.kind) = (entry.serialNumber, kind)
        (revokedAt, reason) = (entry.revokedAt, entry.reason)
    }
}

extension ListChange.Kind {
    /// Nil when nothing changed.
    fileprivate init?(from former: RevokedEntry?, to entry: RevokedEntry) {
        let isHold = entry.reason == .certificateHold
        guard let former else {
            self = isHold ? .held : .revoked
            return
        }
        guard former.revokedAt != entry.revokedAt || former.reason != entry.reason else { return nil }
        self = former.reason == .certificateHold && !isHold ? .revoked : .changed
    }
}
