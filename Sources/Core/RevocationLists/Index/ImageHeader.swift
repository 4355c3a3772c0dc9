import PKIX
import SignatureAlgorithms

/// The first 512 octets of an image: what it is an image of, and how much is in it. All numbers little-endian.
struct ImageHeader: Equatable {
    static let size = 512
    static let magic = Array("AKASHIRX".utf8)
    static let version: UInt32 = 1

    /// Sections begin at multiples of this.
    static let alignment = 64

    // What it is an image of.
    var entryCount = 0
    var isDelta = false
    var isIndirect = false
    /// Whether the list is about some reasons only: that a certificate is not on it says little.
    var isOfSomeReasons = false
    var signedHash: HashAlgorithm?
    var signedDigest: [UInt8] = []
    var thisUpdate = ValidationTime(secondsSince1970: 0)
    var nextUpdate: ValidationTime?
    var crlNumber: CRLNumber?
    /// Octets of the list.
    var listSize = 0
    /// SHA-256 of the list without its entries.
    var frameDigest: [UInt8] = []
    /// SHA-256 of the SubjectPublicKeyInfo under which it was verified; zeros when it was not.
    var issuerKeyDigest = [UInt8](repeating: 0, count: 32)
    var fingerprint = ListFingerprint()

    // How much is in it.
    var issuerCount = 0
    /// Octets of the names.
    var issuerOctets = 0
    /// The serial of the dense set's first bit.
    var denseBase: UInt64 = 0
    var denseLines = 0
    var denseCount = 0
    var shortCount = 0
    var longCount = 0
    var longestCount = 0
    var detailCount = 0

    /// The most of anything that an image may hold: more than a list of the largest size does.
    static let largestCount = 1 << 28

    init() {}

    init(_ list: CertificateList, _ index: borrowing PreparedIndex, issuerKey: SubjectPublicKeyInfo?) {
        entryCount = list.entryCount
        (isDelta, isIndirect) = (list.isDelta, list.isIndirect)
        isOfSomeReasons = list.issuingDistributionPoint?.onlySomeReasons != nil
        signedHash = SignatureScheme(list.tbsSignatureAlgorithm)?.hash
        signedDigest = list.signedDigest
        (thisUpdate, nextUpdate, crlNumber) = (list.thisUpdate, list.nextUpdate, list.crlNumber)
        listSize = list.octets.count
        frameDigest = list.frameDigest
        if let issuerKey { issuerKeyDigest = HashAlgorithm.sha256.digest(of: issuerKey.encoding) }
        fingerprint = index.fingerprint
        (issuerCount, issuerOctets) = (index.issuerCount, index.issuers.count)
        (denseBase, denseLines, denseCount) = (index.dense.base, index.dense.lineCount, index.dense.count)
        (shortCount, longCount, longestCount) = (index.short.count, index.long.count, index.longest.count)
        detailCount = index.details.count
    }

    /// Where the sections lie.
    var layout: ImageLayout { ImageLayout(self) }

    var encoding: [UInt8] {
        var octets = ImageHeader.magic
        octets.append(little: ImageHeader.version)
        octets.append(little: UInt32(ImageHeader.size))
        octets.append(little: UInt64(layout.total))
        let flags: UInt32 =
            (nextUpdate == nil ? 0 : 1) | (crlNumber == nil ? 0 : 2) | (isDelta ? 4 : 0) | (isIndirect ? 8 : 0)
            | (isOfSomeReasons ? 16 : 0)
        octets.append(little: flags)
        octets.append(little: ImageHeader.number(of: signedHash))
        octets.append(little: UInt64(bitPattern: thisUpdate.secondsSince1970))
        octets.append(little: UInt64(bitPattern: nextUpdate?.secondsSince1970 ?? 0))
        for count in [
            entryCount, listSize, issuerCount, issuerOctets, denseLines, denseCount, shortCount, longCount,
            longestCount, detailCount,
        ] { octets.append(little: UInt64(count)) }
        octets.append(little: denseBase)
        octets.append(little: fingerprint.first)
        octets.append(little: fingerprint.second)
        let number = Array(crlNumber?.magnitude ?? [])
        octets.append(padded: [UInt8(number.count)] + number, to: 32)
        octets.append(padded: signedDigest, to: 64)
        octets.append(padded: frameDigest, to: 32)
        octets.append(padded: issuerKeyDigest, to: 32)
        octets.append(padded: [], to: ImageHeader.size - octets.count)
        return octets
    }

    /// Reads a header back: every octet of it has one meaning, so that it encodes to itself.
    init(_ octets: [UInt8]) throws(ImageError) {
        guard octets.count == ImageHeader.size else { throw .wrongSize }
        guard octets.starts(with: ImageHeader.magic) else { throw .notAnImage }
        var reader = LittleEndianReader(octets[8...])
        guard reader.word32() == ImageHeader.version else { throw .unsupportedVersion }
        _ = (reader.word32(), reader.word64())
        let flags = reader.word32()
        signedHash = try ImageHeader.hash(of: reader.word32())
        thisUpdate = ValidationTime(secondsSince1970: Int64(bitPattern: reader.word64()))
        let next = Int64(bitPattern: reader.word64())
        nextUpdate = flags & 1 != 0 ? ValidationTime(secondsSince1970: next) : nil
        (isDelta, isIndirect, isOfSomeReasons) = (flags & 4 != 0, flags & 8 != 0, flags & 16 != 0)
        entryCount = try reader.count()
        listSize = try reader.count(atMost: CertificateList.largestSize)
        (issuerCount, issuerOctets) = (try reader.count(), try reader.count())
        (denseLines, denseCount) = (try reader.count(), try reader.count())
        (shortCount, longCount) = (try reader.count(), try reader.count())
        (longestCount, detailCount) = (try reader.count(), try reader.count())
        denseBase = reader.word64()
        fingerprint = ListFingerprint(first: reader.word64(), second: reader.word64())
        let number = reader.octets(32)
        if flags & 2 != 0 { crlNumber = try ImageHeader.number(number) }
        signedDigest = reader.octets(64)
        signedDigest.removeLast(64 - (signedHash?.digestLength ?? 0))
        frameDigest = reader.octets(32)
        issuerKeyDigest = reader.octets(32)
        guard encoding == octets else { throw .malformedHeader }
    }

    private static let hashes: [HashAlgorithm] = [.sha1, .sha256, .sha384, .sha512]

    private static func number(of hash: HashAlgorithm?) -> UInt32 {
        hash.flatMap { hashes.firstIndex(of: $0) }.map { UInt32($0 + 1) } ?? 0
    }

    private static func hash(of number: UInt32) throws(ImageError) -> HashAlgorithm? {
        guard number > 0 else { return nil }
        guard number <= hashes.count else { throw .malformedHeader }
        return hashes[Int(number) - 1]
    }

    private static func number(_ field: [UInt8]) throws(ImageError) -> CRLNumber {
        guard let count = field.first, count <= DecodingLimit.serialNumberOctets,
            let number = CRLNumber(magnitude: field.dropFirst().prefix(Int(count)))
        else { throw .malformedHeader }
        return number
    }
}

/// Where the sections of an image lie, from front to back, each at a multiple of 64.
package struct ImageLayout: Equatable, Sendable {
    package let issuers: Range<Int>
    package let denseLines: Range<Int>
    package let densePayloads: Range<Int>
    package let short: Range<Int>
    package let long: Range<Int>
    package let longest: Range<Int>
    package let details: Range<Int>
    package let checksum: Range<Int>

    package var total: Int { checksum.upperBound }

    /// Counts are below 2^28, so nothing here can overflow.
    init(_ header: ImageHeader) {
        var end = ImageHeader.size
        func section(_ octets: Int) -> Range<Int> {
            let start = (end + ImageHeader.alignment - 1) / ImageHeader.alignment * ImageHeader.alignment
            end = start + octets
            return start..<end
        }
        issuers = section(header.issuerOctets)
        denseLines = section(header.denseLines * DenseSet.lineSize)
        densePayloads = section(header.denseCount * DenseSet.payloadSize)
        short = section(header.shortCount * RecordTable<Record8>.stride)
        long = section(header.longCount * RecordTable<Record16>.stride)
        longest = section(header.longestCount * RecordTable<Record20>.stride)
        details = section(header.detailCount * EntryDetail.size)
        checksum = section(ImageChecksum.size)
    }
}
