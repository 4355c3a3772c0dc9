package import PKIX

/// An exact set of the entries of one list, built once, immutable, 16 octets an entry.
///
/// Each row holds the first eight octets of a serial and the place of its entry in the list's DER, which
/// decides whether it is really that certificate: no serial is cut short into a wrong answer. A look-up
/// is a binary search, then a walk over the rows that share those octets: one, as serials are issued.
package struct RevocationIndex: Sendable {
    private struct Row {
        /// The serial's value where it fits, else its first eight significant octets.
        let key: UInt64
        /// Where the entry begins in the list's DER; lists are shorter than 2^31.
        let offset: UInt32
        /// Which of ``issuers``.
        let issuer: UInt32
    }

    private let list: CertificateList
    private let rows: [Row]
    /// The list's own issuer first, then those that certificateIssuer names.
    private let issuers: [DistinguishedName]

    package init(_ list: CertificateList) throws(DERError) {
        self.list = list
        var rows: [Row] = []
        rows.reserveCapacity(list.entryCount)
        var issuers = [list.issuer]
        var positions: [DistinguishedName: UInt32] = [list.issuer: 0]
        var issuer: UInt32 = 0
        let bytes = list.der.span
        var offset = list.entriesRange.lowerBound
        while offset < list.entriesRange.upperBound {
            let location = try EntryScanner.next(bytes, at: &offset, limit: list.entriesRange.upperBound)
            if list.isIndirect, location.extensionsStart < location.end,
                let named = try EntryScanner.extensions(list.der, bytes, location).certificateIssuer
            {
                if let position = positions[named] {
                    issuer = position
                } else {
                    issuer = UInt32(issuers.count)
                    positions[named] = issuer
                    issuers.append(named)
                }
            }
            let key = RevocationIndex.key(bytes, location.serialStart, location.serialEnd)
            rows.append(Row(key: key, offset: UInt32(location.start), issuer: issuer))
        }
        rows.sortIfNeeded { $0.key < $1.key }
        self.rows = rows
        self.issuers = issuers
    }

    package var count: Int { rows.count }

    /// The entry for a certificate; nil when it is not listed.
    package func entry(
        for serialNumber: SerialNumber,
        issuer certificateIssuer: DistinguishedName
    ) throws(DERError) -> RevokedEntry? {
        let wanted = serialNumber.octets
        let key = RevocationIndex.key(wanted.span, 0, wanted.count)
        var found: RevokedEntry?
        var index = firstRow(atLeast: key)
        while index < rows.count, rows[index].key == key {
            let row = rows[index]
            index += 1
            guard issuers[Int(row.issuer)] == certificateIssuer else { continue }
            var offset = Int(row.offset)
            let location = try EntryScanner.next(
                list.der.span, at: &offset, limit: list.entriesRange.upperBound)
            guard list.der[location.serialStart..<location.serialEnd] == wanted else { continue }
            found = try EntryScanner.entry(list.der, location).combined(with: found)
        }
        return found
    }

    private func firstRow(atLeast key: UInt64) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = low + (high - low) / 2
            if rows[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first eight octets of a serial without its sign octet, as a number.
    @inline(__always)
    private static func key(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        var index = start
        if end &- start > 1, bytes[start] == 0 { index &+= 1 }
        let stop = min(end, index &+ 8)
        var value: UInt64 = 0
        while index < stop {
            value = value << 8 | UInt64(bytes[index])
            index &+= 1
        }
        return value
    }
}

extension Array {
    /// Sorts unless it is in order already, as most lists are.
    fileprivate mutating func sortIfNeeded(_ precedes: (Element, Element) -> Bool) {
        for index in indices.dropFirst() where precedes(self[index], self[index - 1]) { return sort(by: precedes) }
    }
}
