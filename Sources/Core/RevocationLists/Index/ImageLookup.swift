public import PKIX

extension RevocationIndexImage {
    /// What the index holds for a certificate of the list's own issuer; nil when it is not listed.
    ///
    /// The fast way for serials that fit 64 bits; it is as exact as ``entry(for:issuer:)``.
    @inlinable
    public func find(_ serial: UInt64) -> Finding? {
        guard isDenseOnly else { return findAny(serial) }
        return stored.withRawSpan { denseFinding($0, serial) }
    }

    /// The same for a serial of any length.
    package func find(_ serialNumber: SerialNumber) -> Finding? {
        let contents = serialNumber.octets
        let key = EntryKey(contents)
        guard EntryKey.isNegative(contents) else { return findAny(key) }
        let detail = stored.withRawSpan { image in
            DetailSection(layout.details).detail(image, issuer: 0, isNegative: true, key: key)
        }
        return detail.map { Finding(secondsSince1970: $0.date, reasonCode: $0.reason) }
    }

    /// The dense set's answer. Serials below its base wrap round to beyond its end.
    @inlinable
    @inline(__always)
    func denseFinding(_ image: RawSpan, _ serial: UInt64) -> Finding? {
        let distance = serial &- denseBase
        let line = distance / 448
        guard line < denseLines else { return nil }
        let bit = Int(truncatingIfNeeded: distance &- line &* 448)
        let start = denseStart &+ Int(truncatingIfNeeded: line) &* 64
        let index = bit >> 6
        let word = image.littleEndian64(start &+ 8 &+ index &* 8)
        let mask: UInt64 = 1 << UInt64(truncatingIfNeeded: bit & 63)
        guard word & mask != 0 else { return nil }
        let counts = image.littleEndian64(start)
        let shift = UInt64(truncatingIfNeeded: 28 &+ 9 &* (index >> 1))
        var rank = Int(truncatingIfNeeded: counts & 0xFFF_FFFF) &+ Int(truncatingIfNeeded: counts >> shift & 0x1FF)
        if index & 1 == 1 { rank &+= image.littleEndian64(start &+ index &* 8).nonzeroBitCount }
        rank &+= (word & (mask &- 1)).nonzeroBitCount
        let payload = payloadStart &+ rank &* 5
        let date = UInt32(littleEndian: image.unsafeLoadUnaligned(fromByteOffset: payload, as: UInt32.self))
        return Finding(
            secondsSince1970: Int64(date),
            reasonCode: image.unsafeLoad(fromByteOffset: payload &+ 4, as: UInt8.self))
    }

    @usableFromInline
    func findAny(_ serial: UInt64) -> Finding? { findAny(EntryKey(low: serial)) }

    private func findAny(_ key: EntryKey) -> Finding? {
        let row = stored.withRawSpan { payload($0, key) }
        let found = row.map { Finding(secondsSince1970: Int64($0.date), reasonCode: $0.reason) }
        guard header.detailCount > 0 else { return found }
        return stored.withRawSpan { image in
            let detail = DetailSection(layout.details).detail(image, issuer: 0, isNegative: false, key: key)
            guard let detail else { return found }
            if let row, !detail.outweighs(EntryDetail(key, row)) { return found }
            return Finding(secondsSince1970: detail.date, reasonCode: detail.reason)
        }
    }

    /// The row for a non-negative serial.
    private func payload(_ image: RawSpan, _ key: EntryKey) -> EntryPayload? {
        if key.top != 0 { return RowSection<Record20>(layout.longest).payload(image, of: key, longest) }
        if key.high != 0 { return RowSection<Record16>(layout.long).payload(image, of: key, long) }
        if denseLines > 0, let found = denseFinding(image, key.low), let date = UInt32(exactly: found.secondsSince1970)
        {
            return EntryPayload(date: date, reason: found.reasonCode)
        }
        return RowSection<Record8>(layout.short).payload(image, of: key, short)
    }

    /// The entry for a certificate; nil when it is not listed.
    package func entry(for serialNumber: SerialNumber, issuer certificateIssuer: DistinguishedName) -> RevokedEntry? {
        guard let issuer = issuers.firstIndex(of: certificateIssuer) else { return nil }
        let contents = serialNumber.octets
        let key = EntryKey(contents)
        let isNegative = EntryKey.isNegative(contents)
        return stored.withRawSpan { image in
            let section = DetailSection(layout.details)
            let detail = section.detail(image, issuer: UInt32(issuer), isNegative: isNegative, key: key)
            let found = detail.map { RevokedEntry($0, serialNumber, issuers) }
            guard issuer == 0, !isNegative, let row = payload(image, key) else { return found }
            return RevokedEntry(EntryDetail(key, row), serialNumber, issuers).combined(with: found)
        }
    }

    /// Adds up all entries, decoded back in order: the same as the pass's when the image holds the same.
    package func fingerprint() -> ListFingerprint {
        var sum = ListFingerprint()
        stored.withRawSpan { image in
            DenseSet.add(image, header, to: &sum)
            RowSection<Record8>(layout.short).add(image, to: &sum)
            RowSection<Record16>(layout.long).add(image, to: &sum)
            RowSection<Record20>(layout.longest).add(image, to: &sum)
            let details = DetailSection(layout.details)
            for index in 0..<details.count { sum.add(details.detail(image, index)) }
        }
        return sum
    }

    /// Whether this image was made from `list`.
    func checkPairing(with list: CertificateList) throws(ImageError) {
        guard header.listSize == list.octets.count, header.frameDigest == list.frameDigest,
            header.signedDigest == list.signedDigest, header.entryCount == list.entryCount
        else { throw .otherList }
    }
}

extension EntryDetail {
    /// A row as a detail.
    init(_ key: EntryKey, _ row: EntryPayload) {
        self.init(
            issuer: 0, isNegative: false, key: key, date: Int64(row.date), reason: row.reason, invalidityDate: nil,
            namesIssuer: false)
    }
}

extension RevokedEntry {
    fileprivate init(_ detail: EntryDetail, _ serialNumber: SerialNumber, _ issuers: [DistinguishedName]) {
        let isNamed = detail.namesIssuer && Int(detail.issuer) < issuers.count
        self.init(
            serialNumber: serialNumber, revokedAt: ValidationTime(secondsSince1970: detail.date),
            reason: RevocationReason(rawValue: detail.reason),
            invalidityDate: detail.invalidityDate.map { ValidationTime(secondsSince1970: $0) },
            certificateIssuer: isNamed ? issuers[Int(detail.issuer)] : nil)
    }
}

extension RawSpan {
    @inlinable
    @inline(__always)
    func littleEndian64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
