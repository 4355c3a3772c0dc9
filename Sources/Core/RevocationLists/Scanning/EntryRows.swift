import PKIX

/// The entries of a list as rows, collected while it is scanned.
///
/// Serials below 2^32 take 9 octets a row, of up to 8 octets 13, up to 16 octets 21, up to 20 octets 25.
struct EntryRows: ~Copyable, Sendable {
    /// Whether rows are kept, or only counted.
    enum Keeping {
        case rows
        case nothing
    }

    let keeping: Keeping
    /// Serials below 2^32.
    var small = SmallTables()
    /// Other serials of up to 8 octets; the small ones too, when they are not dense.
    var short = RecordTable<Record8>()
    var long = RecordTable<Record16>()
    var longest = RecordTable<Record20>()
    var details: [EntryDetail] = []
    /// The names of certificateIssuer extensions, in the order of their first mention.
    var issuers: [DistinguishedName] = []
    var fingerprint = ListFingerprint()

    init(keeping: Keeping) { self.keeping = keeping }

    @inline(__always)
    mutating func append(_ key: EntryKey, _ payload: EntryPayload) {
        guard keeping == .rows else { return }
        fingerprint.add(key, payload)
        if key.top | UInt32(truncatingIfNeeded: key.high | key.high >> 32) == 0 {
            if key.low <= UInt64(UInt32.max) {
                small.append(key, payload)
            } else {
                short.append(key, payload)
            }
        } else if key.top == 0 {
            long.append(key, payload)
        } else {
            longest.append(key, payload)
        }
    }

    mutating func append(_ detail: EntryDetail) {
        guard keeping == .rows else { return }
        fingerprint.add(detail)
        details.append(detail)
    }

    /// Brings everything in order; of entries about one certificate the one that counts stays.
    mutating func combine() {
        var fingerprint = self.fingerprint
        short.sort()
        short.combineDuplicates { fingerprint.remove($0, $1) }
        combineLong(&fingerprint)
        details.sort { $0.precedes($1) }
        combineDetails(&fingerprint)
        self.fingerprint = fingerprint
    }

    /// All but ``short``.
    mutating func combineLong(_ fingerprint: inout ListFingerprint) {
        var sum = fingerprint
        long.sort()
        long.combineDuplicates { sum.remove($0, $1) }
        longest.sort()
        longest.combineDuplicates { sum.remove($0, $1) }
        fingerprint = sum
    }

    private mutating func combineDetails(_ fingerprint: inout ListFingerprint) {
        var kept: [EntryDetail] = []
        for detail in details {
            if let last = kept.last, last.isAboutTheSame(as: detail) {
                let winner = detail.outweighs(last) ? detail : last
                fingerprint.remove(winner == detail ? last : detail)
                kept[kept.count - 1] = winner
            } else {
                kept.append(detail)
            }
        }
        details = kept
    }
}

extension EntryDetail {
    /// ``RevokedEntry/combined(with:)``.
    func outweighs(_ other: EntryDetail) -> Bool {
        let (mine, theirs) = (EntryPayload.severity(reason), EntryPayload.severity(other.reason))
        if mine != theirs { return mine > theirs }
        if date != other.date { return date < other.date }
        if reason != other.reason { return reason < other.reason }
        return (invalidityDate ?? .max) < (other.invalidityDate ?? .max)
    }
}
