import PKIX

/// A signed list that is written piece by piece, because as a whole it is larger than memory should hold.
///
/// DER puts lengths before contents, so the entries are gone through twice: once for their length, once to be
/// written. What is signed is hashed by whoever takes the pieces, and signed by its digest.
package struct PiecewiseList<Entries: Sequence<RevokedEntry>> {
    /// One piece of the list's DER, in order.
    package enum Piece {
        /// Octets outside the signature: the header of the whole, then algorithm and signature.
        case unsigned([UInt8])
        /// Octets that the signature is over.
        case signed([UInt8])
    }

    package enum Failure: Error, Hashable, Sendable {
        /// More octets than a length of four octets says.
        case tooLarge
        /// The signature does not have the length that was announced.
        case signatureLength
        /// The entries were not the same when they were gone through again.
        case entriesChanged
    }

    private let list: TBSCertList<Entries>
    private let signatureOctets: Int
    /// Octets of a piece, about.
    private static var pieceOctets: Int { 1 << 20 }

    /// - Parameter signatureOctets: how long the signature will be.
    package init(_ list: TBSCertList<Entries>, signatureOctets: Int) {
        (self.list, self.signatureOctets) = (list, signatureOctets)
    }

    /// Gives every piece to `take`, and asks `sign` for the signature once everything signed has been given.
    ///
    /// - Returns: how many entries were written.
    /// - Throws: ``Failure``, or what `take` and `sign` throw.
    package func write(to take: (Piece) throws -> Void, sign: () throws -> [UInt8]) throws -> Int {
        var entryOctets = 0
        try forEachPiece { entryOctets += $0.count }
        let frame = list.frame(entryOctets: entryOctets)
        let tbsOctets = frame.head.count + entryOctets + frame.tail.count
        var algorithm = DERWriter()
        algorithm.algorithm(list.signature)
        var closing = DERWriter()
        closing.header(.bitString, count: signatureOctets + 1)
        let total = tbsOctets + algorithm.bytes.count + closing.bytes.count + 1 + signatureOctets
        guard total <= UInt32.max else { throw Failure.tooLarge }
        var opening = DERWriter()
        opening.header(.sequence, count: total)
        try take(.unsigned(opening.bytes))
        try take(.signed(frame.head))
        var written = 0
        let count = try forEachPiece { piece in
            written += piece.count
            try take(.signed(piece))
        }
        guard written == entryOctets else { throw Failure.entriesChanged }
        try take(.signed(frame.tail))
        let signature = try sign()
        guard signature.count == signatureOctets else { throw Failure.signatureLength }
        try take(.unsigned(algorithm.bytes + closing.bytes + [0] + signature))
        return count
    }

    /// Encodes the entries, some at a time.
    ///
    /// - Returns: how many there were.
    @discardableResult
    private func forEachPiece(_ body: ([UInt8]) throws -> Void) throws -> Int {
        var encoder = EntryEncoder()
        var count = 0
        for entry in list.entries {
            encoder.append(entry)
            count += 1
            guard encoder.octets.count >= PiecewiseList.pieceOctets else { continue }
            try body(encoder.octets)
            encoder.clear()
        }
        if !encoder.octets.isEmpty { try body(encoder.octets) }
        return count
    }
}
