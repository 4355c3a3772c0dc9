package import PKIX
package import RevocationLists

/// The entries of a made-up list: serial numbers in random order, revoked one after the other over some years, for
/// the reasons of J-LIS's practice statement in shares that a municipality might see.
package struct MadeUpEntries: Sequence, Sendable {
    private let serials: MadeUpSerials
    private let range: Range<Int>
    private let first: ValidationTime
    private let seconds: Int64

    /// Five years, the life of a certificate and a little more.
    package static let defaultSeconds: Int64 = 5 * 365 * 86_400

    /// - Parameters:
    ///   - range: which of the serial numbers; nil for all that stand on the list.
    ///   - last: the revocations end before this instant.
    ///   - seconds: they begin this long before it.
    package init(
        _ serials: MadeUpSerials,
        range: Range<Int>? = nil,
        until last: ValidationTime,
        over seconds: Int64 = MadeUpEntries.defaultSeconds
    ) {
        (self.serials, self.range) = (serials, range ?? 0..<serials.count)
        (first, self.seconds) = (last.advanced(bySeconds: -seconds), seconds)
    }

    package func makeIterator() -> AnyIterator<RevokedEntry> {
        var next = range.lowerBound
        return AnyIterator {
            guard next < range.upperBound else { return nil }
            defer { next += 1 }
            return entry(next)
        }
    }

    package var underestimatedCount: Int { range.count }

    /// The entry of serial number `index`.
    package func entry(_ index: Int) -> RevokedEntry {
        let place = Int64(index - range.lowerBound)
        return RevokedEntry(
            serialNumber: serials.serial(index),
            revokedAt: first.advanced(bySeconds: seconds * place / Int64(Swift.max(range.count, 1))),
            reason: MadeUpEntries.reasons[Int(mixed(UInt64(index) &+ 0x5EED) % UInt64(MadeUpEntries.reasons.count))])
    }

    /// RFC 5280 §5.3.1 wants `unspecified` left out: nil.
    private static let reasons: [RevocationReason?] =
        [nil, .keyCompromise, .certificateHold] + Array(repeating: .affiliationChanged, count: 6)
        + Array(repeating: .superseded, count: 5) + Array(repeating: .cessationOfOperation, count: 6)
}
