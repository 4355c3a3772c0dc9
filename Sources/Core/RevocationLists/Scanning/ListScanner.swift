package import PKIX
internal import SignatureAlgorithms

/// Reads a list in one pass over octets that come in pieces of any size: checks the DER, hashes what is signed,
/// and collects the entries. Nothing is said about who signed it.
///
/// Memory: the frame (at most 1.1 MB), one unfinished entry (at most 64 KiB), 13 to 25 octets an entry.
package struct ListScanner: ~Copyable {
    /// Octets of one entry.
    static let largestEntry = 65_536

    /// Whether the whole encoding is hashed beside the signed part.
    package enum WholeDigest: Sendable {
        case none
        case sha256
    }

    private var walk = FrameWalk()
    /// Octets before the entries, then those behind them.
    private var frame: [UInt8] = []
    /// The beginning of an entry whose end has not arrived.
    private var carried: [UInt8] = []
    /// Octets seen.
    private(set) var position = 0
    private var reader: EntryReader
    private var signedDigest: RunningDigest?
    private var wholeDigest: RunningDigest?

    package init(wholeDigest: WholeDigest = .none) { self.init(keeping: .rows, wholeDigest: wholeDigest) }

    init(keeping: EntryRows.Keeping, wholeDigest: WholeDigest) {
        reader = EntryReader(keeping: keeping)
        self.wholeDigest = wholeDigest == .sha256 ? RunningDigest(.sha256) : nil
    }

    /// Takes the next octets.
    ///
    /// - Throws: ``DERError`` as soon as something is wrong; the scanner is of no use afterwards.
    package mutating func consume(_ piece: Span<UInt8>) throws(DERError) {
        guard !piece.isEmpty else { return }
        wholeDigest?.update(piece)
        var offset = 0
        if !walk.isDone { offset = try readHead(piece) }
        guard walk.isDone, offset < piece.count else { return }
        hash(piece, from: offset)
        if position < walk.entries.upperBound {
            let end = min(piece.count, offset + walk.entries.upperBound - position)
            try readEntries(piece, offset, end)
            position += end - offset
            offset = end
        }
        guard offset < piece.count else { return }
        guard piece.count - offset <= walk.total - position else {
            throw DERError(.trailingData, in: "CertificateList")
        }
        guard frame.count + piece.count - offset <= FrameWalk.largestHead + FrameWalk.largestTail else {
            throw DERError(.limitExceeded, in: "TBSCertList")
        }
        frame += piece.copy(offset..<piece.count)
        position += piece.count - offset
    }

    /// Collects octets until the entries begin; gives back how many of `piece` belong in front of them.
    private mutating func readHead(_ piece: Span<UInt8>) throws(DERError) -> Int {
        var offset = 0
        while offset < piece.count, !walk.isDone {
            let end = min(piece.count, offset + 1_024)
            frame += piece.copy(offset..<end)
            position += end - offset
            offset = end
            let head = frame
            try walk.advance(head.span)
            guard walk.isDone || frame.count <= FrameWalk.largestHead + 1_024 else {
                throw DERError(.limitExceeded, in: "TBSCertList")
            }
        }
        guard walk.isDone else { return offset }
        // Where no entries stand the header of what follows is known by its tag; a part of it may have come with an
        // earlier piece, and stays behind the head, where it belongs.
        let excess = min(offset, position - walk.entries.lowerBound)
        frame.removeLast(excess)
        position -= excess
        let found = ListFrame(octets: frame, walk: walk)
        signedDigest = found.signedHash.map { RunningDigest($0) }
        if let issuer = found.issuer { reader.begin(issuer: issuer) }
        let head = walk.signed.clamped(to: 0..<frame.count)
        let octets = frame
        signedDigest?.update(octets.span.extracting(head))
        return offset - excess
    }

    /// Hashes what `piece` holds of the signed part from `offset` on, which is ``position`` in the list.
    private mutating func hash(_ piece: Span<UInt8>, from offset: Int) {
        let count = min(piece.count - offset, walk.signed.upperBound - position)
        if count > 0 { signedDigest?.update(piece.extracting(offset..<(offset + count))) }
    }

    /// Reads the entries between two offsets of `piece`; what is left of the last one is carried on.
    private mutating func readEntries(_ piece: Span<UInt8>, _ start: Int, _ end: Int) throws(DERError) {
        var offset = start
        // How far the entries reach, as an offset into `piece`.
        let limit = start + walk.entries.upperBound - position
        while !carried.isEmpty, offset < end {
            let missing = try missingOctets(limit: carried.count + limit - offset)
            let count = min(missing, end - offset)
            carried += piece.copy(offset..<(offset + count))
            offset += count
            guard try missingOctets(limit: carried.count + limit - offset) == 0 else { continue }
            var first = 0
            let entry = carried
            carried = []
            try reader.read(entry.span, &first, end: entry.count, limit: entry.count)
        }
        guard offset < end else { return }
        try reader.read(piece, &offset, end: end, limit: limit)
        if offset < end { carried = piece.copy(offset..<end) }
    }

    /// How many octets the carried entry lacks at least; 0 when it is whole.
    private func missingOctets(limit: Int) throws(DERError) -> Int {
        guard let header = try DERHeader.decode(arriving: carried.span, at: 0, limit: limit) else { return 1 }
        guard header.end <= ListScanner.largestEntry else { throw DERError(.limitExceeded, in: "revokedCertificates") }
        return max(0, header.end - carried.count)
    }

    /// Ends the pass.
    ///
    /// - Parameter octets: the same octets, now kept somewhere: what the list refers to.
    /// - Throws: ``DERError`` for a list that is cut short, or whose frame is no v1 or v2 list.
    package consuming func finish(_ octets: StoredOctets) throws(DERError) -> ListPass {
        guard walk.isDone, position == walk.total, octets.count == position else {
            throw DERError(.truncated, in: "CertificateList")
        }
        let list = try CertificateList(
            frame: ListFrame(octets: frame, walk: walk), survey: reader.survey, digest: signedDigest?.value ?? [],
            octets: octets)
        return ListPass(list: list, rows: reader.rows, wholeDigest: wholeDigest?.value)
    }
}
