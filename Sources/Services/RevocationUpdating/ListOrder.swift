internal import PKIX

/// How an offered list stands to the newest one that the scope has had.
package enum ListOrder: Hashable, Sendable {
    case newer
    case same
    case refused(CRLRefusal)

    /// Order is (epoch, cRLNumber where present, thisUpdate, digest): design §3.5, RFC 5280 §5.2.3.
    package static func compare(_ offered: HighWaterMark, with held: HighWaterMark) -> ListOrder {
        guard offered.epoch == held.epoch else { return offered.epoch > held.epoch ? .newer : .refused(.olderThanHeld) }
        if offered.digest == held.digest { return .same }
        switch (offered.crlNumber, held.crlNumber) {
        case (let number?, let former?):
            if number == former { return .refused(.numberReused) }
            if number > former { return offered.thisUpdate >= held.thisUpdate ? .newer : .refused(.thisUpdateEarlier) }
            return .refused(offered.thisUpdate > held.thisUpdate ? .numberReset : .olderThanHeld)
        case (nil, _?):
            return .refused(offered.thisUpdate > held.thisUpdate ? .numberReset : .olderThanHeld)
        case (_, nil):
            if offered.thisUpdate > held.thisUpdate { return .newer }
            return .refused(offered.thisUpdate == held.thisUpdate ? .sameTimeOtherContent : .olderThanHeld)
        }
    }
}
