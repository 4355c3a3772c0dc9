public import PKIX

/// The entries of one list as an index that is only read: what is published, mapped, and asked.
///
/// Immutable and checked whole before the first question. It answers exactly for every serial of up to 20 octets;
/// of several entries for one certificate it holds the one that counts. Small counting serials are a set of bits,
/// others sorted rows; entries that say more than a date and a reason stand beside them.
///
/// Octets of an entry: 5 and its share of bits in the dense form, 13, 21 or 25 in the general one.
public struct RevocationIndexImage: Sendable {
    /// What the index holds for a certificate.
    @frozen
    public struct Finding: Hashable, Sendable {
        /// When it was revoked.
        public let secondsSince1970: Int64
        /// The reason's number (RFC 5280 §5.3.1); 255 when none is given.
        public let reasonCode: UInt8

        @inlinable
        init(secondsSince1970: Int64, reasonCode: UInt8) {
            self.secondsSince1970 = secondsSince1970
            self.reasonCode = reasonCode
        }
    }

    @usableFromInline let stored: StoredOctets
    let header: ImageHeader
    /// Where the sections lie.
    package let layout: ImageLayout
    /// The list's issuer, then those that certificateIssuer names.
    let issuers: [DistinguishedName]

    // Where look-ups in the sorted rows begin.
    let short: RowDirectory
    let long: RowDirectory
    let longest: RowDirectory

    // What a look-up in the dense set needs.
    @usableFromInline let denseBase: UInt64
    @usableFromInline let denseLines: UInt64
    @usableFromInline let denseStart: Int
    @usableFromInline let payloadStart: Int
    /// Whether there is anything but the dense set.
    @usableFromInline let isDenseOnly: Bool

    /// Opens an image and checks it: size, version, every octet against the checksum, then that every table is
    /// what the look-ups take for granted.
    ///
    /// - Throws: ``ImageError``, the first thing that is wrong.
    package init(_ octets: StoredOctets) throws(ImageError) {
        guard octets.count >= ImageHeader.size + ImageChecksum.size else { throw .wrongSize }
        let (header, layout) = try octets.withRawSpan { image throws(ImageError) in
            try RevocationIndexImage.checkedHeader(image)
        }
        issuers = try RevocationIndexImage.names(octets.copy(layout.issuers), count: header.issuerCount)
        guard let first = issuers.first else { throw .malformedIssuers }
        issuer = first
        (short, long, longest) = try octets.withRawSpan { image throws(ImageError) in
            guard DenseSet.isConsistent(image, layout.denseLines, total: header.denseCount) else {
                throw .malformedDenseSet
            }
            try DetailSection(layout.details).check(image, issuerCount: header.issuerCount)
            return (
                try RowSection<Record8>(layout.short).check(image),
                try RowSection<Record16>(layout.long).check(image),
                try RowSection<Record20>(layout.longest).check(image)
            )
        }
        stored = octets
        (self.header, self.layout) = (header, layout)
        denseBase = header.denseBase
        denseLines = UInt64(header.denseLines)
        (denseStart, payloadStart) = (layout.denseLines.lowerBound, layout.densePayloads.lowerBound)
        isDenseOnly = header.denseLines > 0 && header.shortCount + header.detailCount == 0
    }

    private static func checkedHeader(_ image: RawSpan) throws(ImageError) -> (ImageHeader, ImageLayout) {
        let header = try ImageHeader((0..<ImageHeader.size).map { image.octet($0) })
        let layout = header.layout
        guard layout.total == image.byteCount else { throw .wrongSize }
        let sum = image.withUnsafeBytes { octets in
            var checksum = ImageChecksum()
            checksum.update(UnsafeRawBufferPointer(rebasing: octets[..<layout.checksum.lowerBound]))
            return checksum.value
        }
        guard sum == layout.checksum.map({ image.octet($0) }) else { throw .checksumMismatch }
        return (header, layout)
    }

    private static func names(_ octets: [UInt8], count: Int) throws(ImageError) -> [DistinguishedName] {
        var reader = DERReader(octets)
        var names: [DistinguishedName] = []
        do throws(DERError) {
            while !reader.isAtEnd { names.append(try DistinguishedName(reader.next(), in: "issuer")) }
        } catch {
            throw .malformedIssuers
        }
        guard names.count == count else { throw .malformedIssuers }
        return names
    }

    /// The image of a small list, in memory; the list need not be verified.
    package init(indexing list: CertificateList) throws(DERError) {
        let pass = try ListPass.over(list.octets)
        do throws(ImageError) {
            self = try pass.makeImage(issuerKey: nil)
        } catch {
            throw DERError(.invalidStructure, in: "revokedCertificates")
        }
    }

    /// The whole image.
    package var octets: StoredOctets { stored }
    /// Elements of revokedCertificates.
    package var entryCount: Int { header.entryCount }
    /// Certificates, and thus entries that count.
    package var count: Int {
        header.denseCount + header.shortCount + header.longCount + header.longestCount + header.detailCount
    }
    package var thisUpdate: ValidationTime { header.thisUpdate }
    package var nextUpdate: ValidationTime? { header.nextUpdate }
    package var crlNumber: CRLNumber? { header.crlNumber }
    package var isDelta: Bool { header.isDelta }
    package var isIndirect: Bool { header.isIndirect }
    /// Whether the list is about some reasons only.
    package var isOfSomeReasons: Bool { header.isOfSomeReasons }
    /// The list's issuer.
    package let issuer: DistinguishedName
    /// The digest of the signed part of the list.
    package var signedDigest: [UInt8] { header.signedDigest }
    /// SHA-256 of the SubjectPublicKeyInfo under which the list was verified; zeros when it was not.
    package var issuerKeyDigest: [UInt8] { header.issuerKeyDigest }
    /// What the writer's entries added up to: see ``fingerprint()``.
    package var recordedFingerprint: ListFingerprint { header.fingerprint }
}
