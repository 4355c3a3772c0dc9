import PKIX

/// Sorted rows of one width in an image.
struct RowSection<Form: RecordForm> {
    private static var stride: Int { RecordTable<Form>.stride }
    let start: Int
    let count: Int

    init(_ range: Range<Int>) { (start, count) = (range.lowerBound, range.count / RowSection.stride) }

    @inline(__always)
    private func offset(_ index: Int) -> Int { start &+ index &* RowSection.stride }

    @inline(__always)
    private func key(_ image: RawSpan, _ index: Int) -> EntryKey {
        let place = offset(index)
        return switch Form.width {
        case 8: EntryKey(low: image.word64(place))
        case 16: EntryKey(high: image.word64(place), low: image.word64(place &+ 8))
        default:
            EntryKey(top: image.word32(place), high: image.word64(place &+ 4), low: image.word64(place &+ 12))
        }
    }

    /// The word of a serial that a ``RowDirectory`` goes by: the first of which a row of this table has bits.
    @inline(__always)
    private static func leading(_ key: EntryKey) -> UInt64 {
        switch Form.width {
        case 16: key.high
        case 20: UInt64(key.top)
        default: key.low
        }
    }

    /// Strict order, and no serial that a narrower table would hold.
    ///
    /// - Returns: what look-ups in this table go by.
    func check(_ image: RawSpan) throws(ImageError) -> RowDirectory {
        guard count > 0 else { return RowDirectory() }
        var last = key(image, 0)
        guard Form.width == 8 || RowSection.leading(last) != 0 else { throw .malformedRows }
        var samples = [RowSection.leading(last)]
        samples.reserveCapacity(count / RowDirectory.step + 1)
        for index in 1..<max(1, count) {
            let next = key(image, index)
            guard last < next else { throw .malformedRows }
            last = next
            if index & (RowDirectory.step &- 1) == 0 { samples.append(RowSection.leading(next)) }
        }
        return RowDirectory(samples: samples)
    }

    @inline(__always)
    func payload(_ image: RawSpan, of wanted: EntryKey, _ directory: RowDirectory) -> EntryPayload? {
        guard count > 0 else { return nil }
        let rows = directory.rows(RowSection.leading(wanted), of: count)
        var (low, high) = (rows.lowerBound, rows.upperBound)
        while low < high {
            let middle = low &+ (high &- low) >> 1
            if key(image, middle) < wanted { low = middle &+ 1 } else { high = middle }
        }
        guard low < count, key(image, low) == wanted else { return nil }
        return image.payload(offset(low) &+ Form.width)
    }

    func add(_ image: RawSpan, to sum: inout ListFingerprint) {
        for index in 0..<count { sum.add(key(image, index), image.payload(offset(index) &+ Form.width)) }
    }
}

/// The sorted details of an image.
struct DetailSection {
    let start: Int
    let count: Int

    init(_ range: Range<Int>) { (start, count) = (range.lowerBound, range.count / EntryDetail.size) }

    func detail(_ image: RawSpan, _ index: Int) -> EntryDetail {
        EntryDetail(image, at: start + index * EntryDetail.size)
    }

    /// Strict order, issuers that there are, and one encoding of each.
    func check(_ image: RawSpan, issuerCount: Int) throws(ImageError) {
        var last: EntryDetail?
        for index in 0..<count {
            let next = detail(image, index)
            let offset = start + index * EntryDetail.size
            guard next.issuer < issuerCount, last.map({ $0.precedes(next) }) ?? true,
                next.encoding == (0..<EntryDetail.size).map({ image.octet(offset + $0) })
            else { throw .malformedDetails }
            last = next
        }
    }

    func detail(_ image: RawSpan, issuer: UInt32, isNegative: Bool, key: EntryKey) -> EntryDetail? {
        var wanted = EntryDetail(
            issuer: issuer, isNegative: isNegative, key: key, date: 0, reason: 0, invalidityDate: nil,
            namesIssuer: false)
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if detail(image, middle).precedes(wanted) { low = middle + 1 } else { high = middle }
        }
        guard low < count else { return nil }
        let found = detail(image, low)
        wanted = found
        return found.issuer == issuer && found.isNegative == isNegative && found.key == key ? found : nil
    }
}
