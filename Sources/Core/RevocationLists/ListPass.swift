package import PKIX
package import SignatureAlgorithms
internal import Synchronization

/// One pass over a list: its header, the digest of what is signed, and its entries as rows, from which an image
/// is made.
///
/// ```
/// let pass = try ListPass.over(MappedFile.open(path))   // DER checked, hashed, entries collected
/// try pass.verify(key)                                  // the signature, over the digest of the pass
/// try pass.writeImage(issuerKey: key.info) { file.write($0) }
/// let image = try RevocationIndexImage(MappedFile.open(imagePath, access: .random))
/// try pass.compare(image)                               // decoded back: the same entries
/// let verified = try VerifiedList(list: pass.list, image: image, issuerKey: key.info)
/// ```
package final class ListPass: Sendable {
    package let list: CertificateList
    /// SHA-256 of the whole encoding, when it was asked for.
    package let wholeDigest: [UInt8]?
    private let state: Mutex<State>

    /// One of the three, in this order.
    private struct State: ~Copyable {
        var rows: EntryRows?
        var prepared: PreparedIndex?
        var image: RevocationIndexImage?
        var fingerprint = ListFingerprint()
    }

    init(list: CertificateList, rows: consuming EntryRows, wholeDigest: [UInt8]?) {
        self.list = list
        self.wholeDigest = wholeDigest
        state = Mutex(State(rows: rows))
    }

    /// Octets that are checked and hashed at a time, so that both find them in the processor's cache.
    static let pieceLength = 262_144
    /// Octets after which the pages behind are let go.
    private static let discardLength = 4_194_304

    /// Reads a whole list where it lies.
    ///
    /// - Throws: ``DERError`` for anything that is not a v1 or v2 list in DER.
    package static func over(
        _ octets: StoredOctets, wholeDigest: ListScanner.WholeDigest = .none
    ) throws(DERError) -> ListPass {
        try over(octets, keeping: .rows, wholeDigest: wholeDigest)
    }

    static func over(
        _ octets: StoredOctets, keeping: EntryRows.Keeping, wholeDigest: ListScanner.WholeDigest
    ) throws(DERError) -> ListPass {
        guard octets.count <= CertificateList.largestSize else { throw DERError(.limitExceeded, in: "CertificateList") }
        var scanner = ListScanner(keeping: keeping, wholeDigest: wholeDigest)
        var start = 0
        var discarded = 0
        while start < octets.count {
            let end = min(octets.count, start + pieceLength)
            try octets.withSpan { all throws(DERError) in try scanner.consume(all.extracting(start..<end)) }
            start = end
            guard start - discarded >= discardLength else { continue }
            octets.discard(discarded..<start)
            discarded = start
        }
        let pass = try scanner.finish(octets)
        // What is read again is little; thousands of lists would otherwise stay in memory whole.
        octets.discard(discarded..<octets.count)
        return pass
    }

    /// Checks the signature under `key` over the digest of this pass, and that nothing critical is unknown.
    ///
    /// - Throws: ``ListRefusal``, the first thing that is wrong. Dates and scope are no part of this.
    package func verify(_ key: PublicKey) throws(ListRefusal) {
        try list.verifySignature(by: key)
        guard list.unknownCriticalExtensions.isEmpty, !list.hasUnknownCriticalEntryExtension else {
            throw .unsupportedCriticalExtension
        }
    }

    /// Sum over the entries that count: all, but of several about one certificate only the one that counts.
    package var fingerprint: ListFingerprint {
        state.withLock { state in
            ListPass.prepare(&state, list)
            return state.fingerprint
        }
    }

    /// Writes the image piece by piece: bounded memory beyond the rows.
    ///
    /// - Parameter issuerKey: the key under which the list was verified; stands in the image.
    package func writeImage(
        issuerKey: SubjectPublicKeyInfo, into write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try state.withLock { state in
            ListPass.prepare(&state, list)
            if let image = state.image { return try image.octets.withSpan { try $0.withUnsafeBytes(write) } }
            guard var index = state.prepared.take() else { throw ImageError.otherEntries }
            let header = ImageHeader(list, index, issuerKey: issuerKey)
            let outcome = Result { try index.write(header, .kept, into: write) }
            state.prepared = consume index
            try outcome.get()
        }
    }

    /// The image in memory, decoded back and compared. The rows are given back as they are written.
    ///
    /// - Parameter issuerKey: the key under which the list was verified; nil when it was not.
    package func makeImage(issuerKey: SubjectPublicKeyInfo?) throws(ImageError) -> RevocationIndexImage {
        let made: Result<RevocationIndexImage, ImageError> = state.withLock { state in
            ListPass.prepare(&state, list)
            if let image = state.image { return .success(image) }
            guard var index = state.prepared.take() else { return .failure(.otherEntries) }
            do throws(ImageError) {
                let image = try RevocationIndexImage(index.drained(ImageHeader(list, index, issuerKey: issuerKey)))
                guard image.fingerprint() == state.fingerprint else { throw .otherEntries }
                state.image = image
                return .success(image)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// Whether `image`, decoded back, holds the entries of this pass and is an image of this list.
    ///
    /// - Throws: ``ImageError/otherList`` or ``ImageError/otherEntries``.
    package func compare(_ image: RevocationIndexImage) throws(ImageError) {
        try image.checkPairing(with: list)
        guard image.fingerprint() == fingerprint else { throw .otherEntries }
    }

    private static func prepare(_ state: inout State, _ list: CertificateList) {
        guard let rows = state.rows.take() else { return }
        let index = PreparedIndex(rows, issuer: list.issuer)
        state.fingerprint = index.fingerprint
        state.prepared = consume index
    }
}
