import PKIX

/// The entries of a list as an image holds them, not yet written.
struct PreparedIndex: ~Copyable, Sendable {
    /// Whether the entries stay after they were written.
    enum Keeping {
        case kept
        case givenBack
    }

    let issuerCount: Int
    /// Names one after the other, the list's own first.
    let issuers: [UInt8]
    private(set) var dense: DenseSet
    private(set) var short: RecordTable<Record8>
    private(set) var long: RecordTable<Record16>
    private(set) var longest: RecordTable<Record20>
    let details: [EntryDetail]
    let fingerprint: ListFingerprint

    init(_ rows: consuming EntryRows, issuer: DistinguishedName) {
        var rows = rows
        issuerCount = rows.issuers.count + 1
        issuers = ([issuer] + rows.issuers).flatMap { Array($0.encoding) }
        dense = rows.takeDense()
        rows.combine()
        fingerprint = rows.fingerprint
        details = rows.details
        short = rows.short
        long = rows.long
        longest = rows.longest
    }

    /// Writes the image front to back, checksum last.
    mutating func write(
        _ header: ImageHeader, _ keeping: Keeping, into write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var checksum = ImageChecksum()
        var position = 0
        func emit(_ octets: UnsafeRawBufferPointer) throws {
            checksum.update(octets)
            position += octets.count
            try write(octets)
        }
        func align() throws {
            let padding = [UInt8](
                repeating: 0,
                count: (ImageHeader.alignment - position % ImageHeader.alignment) % ImageHeader.alignment)
            try padding.withUnsafeBytes(emit)
        }
        try header.encoding.withUnsafeBytes(emit)
        try issuers.withUnsafeBytes(emit)
        try align()
        try dense.writeLines(emit)
        try dense.payloads.withUnsafeBytes(emit)
        if keeping == .givenBack { dense = DenseSet() }
        try align()
        try keeping == .kept ? short.forEachBlock(emit) : short.drain(emit)
        try align()
        try keeping == .kept ? long.forEachBlock(emit) : long.drain(emit)
        try align()
        try keeping == .kept ? longest.forEachBlock(emit) : longest.drain(emit)
        try align()
        for detail in details { try detail.encoding.withUnsafeBytes(emit) }
        try align()
        try checksum.value.withUnsafeBytes(write)
    }

    /// The image in memory; the entries are given back while it is written.
    mutating func drained(_ header: ImageHeader) throws(ImageError) -> StoredOctets {
        let total = header.layout.total
        let image = StoredOctets(capacity: total) { memory in
            var end = 0
            try? write(header, .givenBack) { piece in
                guard piece.count <= total - end else { throw ImageError.wrongSize }
                UnsafeMutableRawBufferPointer(rebasing: memory[end...]).copyMemory(from: piece)
                end += piece.count
            }
            return end
        }
        guard image.count == total else { throw .wrongSize }
        return image
    }
}

extension EntryRows {
    /// The small serials as a dense set where that takes less room, else as rows among the short ones.
    mutating func takeDense() -> DenseSet {
        guard small.count > 0 else { return DenseSet() }
        var sum = fingerprint
        defer { fingerprint = sum }
        if let lines = DenseSet.lineCount(from: small.smallest, to: small.largest, entries: small.count) {
            return DenseSet(&small, lineCount: lines) { sum.remove($0, $1) }
        }
        small.drainSorted({ sum.remove($0, $1) }) { short.append($0, $1) }
        return DenseSet()
    }
}

extension EntryDetail {
    /// Octets in an image.
    static let size = 48

    var encoding: [UInt8] {
        var octets: [UInt8] = []
        octets.append(little: key.top)
        octets.append(little: key.high)
        octets.append(little: key.low)
        octets.append((isNegative ? 1 : 0) | (namesIssuer ? 2 : 0) | (invalidityDate == nil ? 0 : 4))
        octets.append(reason)
        octets.append(padded: [], to: 2)
        octets.append(little: issuer)
        octets.append(little: date)
        octets.append(little: invalidityDate ?? 0)
        octets.append(padded: [], to: 4)
        return octets
    }

    /// The detail at `offset` of an image.
    init(_ image: RawSpan, at offset: Int) {
        key = EntryKey(
            top: image.word32(offset), high: image.word64(offset + 4), low: image.word64(offset + 12))
        let flags = image.octet(offset + 20)
        (isNegative, namesIssuer) = (flags & 1 != 0, flags & 2 != 0)
        reason = image.octet(offset + 21)
        issuer = image.word32(offset + 24)
        date = Int64(bitPattern: image.word64(offset + 28))
        invalidityDate = flags & 4 == 0 ? nil : Int64(bitPattern: image.word64(offset + 36))
    }
}
