internal import MappedFiles
internal import PKIX
package import RevocationLists

/// What a comparison of a published index with its list found. Not the code that made the index: the list is read entry
/// by entry by the general decoder, and each is looked up.
package struct IndexVerification: Hashable, Sendable {
    /// Elements of revokedCertificates.
    package private(set) var entries = 0
    /// Entries that the index does not have.
    package private(set) var missing = 0
    /// Entries of which the index says something else.
    package private(set) var different = 0
    /// What the index has and the list does not.
    package private(set) var extra = 0
    /// Why the two could not be compared; nil when they could.
    package private(set) var refusal: String?

    package var isExact: Bool { refusal == nil && missing == 0 && different == 0 && extra == 0 }

    /// Compares a list's file with an index's.
    package init(list listPath: String, index indexPath: String) {
        do {
            let list = try ListPass.over(MappedFile.open(listPath)).list
            let image = try RevocationIndexImage(MappedFile.open(indexPath, access: .random))
            try compare(list, image)
        } catch {
            refusal = "\(error)"
        }
    }

    package init(of list: CertificateList, in image: RevocationIndexImage) {
        do throws(DERError) { try compare(list, image) } catch { refusal = "\(error)" }
    }

    /// Forth: each entry of the list is in the index, or a graver one about the same certificate. Back: the
    /// certificates whose entry is in the index to the letter are as many as the index holds; an index may hold beside
    /// them the lesser ones of doubled entries.
    private mutating func compare(_ list: CertificateList, _ image: RevocationIndexImage) throws(DERError) {
        var found = FoundCertificates()
        var outweighed = 0
        var counts = (entries: 0, missing: 0, different: 0)
        var issuer = list.issuer
        var issuers: [DistinguishedName: UInt32] = [list.issuer: 0]
        try list.forEachEntry { entry in
            counts.entries += 1
            if let named = entry.certificateIssuer { issuer = named }
            guard let indexed = image.entry(for: entry.serialNumber, issuer: issuer) else {
                counts.missing += 1
                return
            }
            guard indexed.isAbout(entry) else {
                if indexed.outweighs(entry) { outweighed += 1 } else { counts.different += 1 }
                return
            }
            let position = issuers[issuer] ?? UInt32(issuers.count)
            issuers[issuer] = position
            found.insert(entry.serialNumber, position)
        }
        (entries, missing, different) = counts
        extra = max(0, image.count - found.count - outweighed)
        // More certificates than the index says it holds: the index contradicts itself.
        if found.count > image.count { refusal = "the index holds \(image.count) certificates" }
    }
}

extension RevokedEntry {
    /// The same serial, date and reason.
    fileprivate func isAbout(_ other: RevokedEntry) -> Bool {
        serialNumber == other.serialNumber && revokedAt == other.revokedAt && reason == other.reason
            && invalidityDate == other.invalidityDate
    }

    /// Of two entries about one certificate a revocation counts before a hold, a hold before a removal, and the earlier
    /// date. Written anew here.
    fileprivate func outweighs(_ other: RevokedEntry) -> Bool {
        guard serialNumber == other.serialNumber else { return false }
        if weight != other.weight { return weight > other.weight }
        return revokedAt <= other.revokedAt
    }

    private var weight: Int {
        if reason == .removeFromCRL { return 0 }
        return reason == .certificateHold ? 1 : 2
    }
}

/// How many certificates have been seen; one that was seen twice counts once.
private struct FoundCertificates {
    private struct LongSerial: Hashable {
        let octets: [UInt8]
        let issuer: UInt32
    }

    private var short: [UInt64] = []
    private var long: Set<LongSerial> = []

    mutating func insert(_ serial: SerialNumber, _ issuer: UInt32) {
        let octets = serial.octets
        guard issuer == 0, octets.count <= 8, let first = octets.first, first < 0x80 else {
            long.insert(LongSerial(octets: Array(octets), issuer: issuer))
            return
        }
        short.append(octets.reduce(0) { $0 << 8 | UInt64($1) })
    }

    var count: Int {
        mutating get {
            short.sort()
            var count = long.count
            for index in short.indices where index == 0 || short[index] != short[index - 1] { count += 1 }
            return count
        }
    }
}
