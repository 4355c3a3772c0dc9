import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms

/// A certificate list: the scanner, the general decoder and the index say the same, and a list that the issuer
/// did not sign says nothing about its certificates.
enum ListTarget {
    /// Entries that are looked up one by one; more would only cost time.
    private static let looked = 32

    static func run(_ input: [UInt8]) {
        guard let list = try? CertificateList(der: input) else {
            return hold((try? pass(input, piece: 1)) == nil, "what is refused whole is refused in pieces")
        }
        let general = GeneralEntries.read(input)
        hold(general != nil, "the general decoder accepts what the scanner accepts")
        guard let general else { return }
        var entries: [RevokedEntry] = []
        guard (try? list.forEachEntry { entries.append($0) }) != nil else {
            return hold(false, "entries of an accepted list decode")
        }
        hold(entries.count == list.entryCount && entries.count == general.count, "the number of entries")
        for (entry, plain) in zip(entries, general) {
            hold(entry.serialNumber.octets == plain.serial, "serial number of an entry")
            hold(entry.revokedAt == plain.time, "date of an entry")
        }
        lookUp(entries, in: list)
        arrive(input, as: list)
        judge(list)
        rewrite(entries, of: list)
    }

    private static func lookUp(_ entries: [RevokedEntry], in list: CertificateList) {
        guard let index = try? RevocationIndexImage(indexing: list) else {
            return hold(false, "an accepted list is indexed")
        }
        hold(index.entryCount == list.entryCount && index.count <= list.entryCount, "entries of the index")
        var issuer = list.issuer
        for (position, entry) in entries.enumerated() where position < looked || position == entries.count - 1 {
            if list.isIndirect, let named = entry.certificateIssuer { issuer = named }
            let scanned = try? list.entry(for: entry.serialNumber, issuer: issuer)
            let indexed = index.entry(for: entry.serialNumber, issuer: issuer)
            hold(scanned == indexed, "scan and index agree")
            // Beyond the first ones the issuer in force is not known here.
            if position < looked { hold(indexed != nil, "a listed serial is found") }
        }
        let listed = Set(entries.map(\.serialNumber))
        for value: UInt64 in [0, 1, 0x0132_C4AB, .max] where !listed.contains(SerialNumber(value)) {
            let found = index.entry(for: SerialNumber(value), issuer: list.issuer)
            hold(found == nil && index.find(value) == nil, "a serial that is not listed is not found")
        }
    }

    private static func pass(_ input: [UInt8], piece: Int) throws(DERError) -> ListPass {
        var scanner = ListScanner(wholeDigest: .none)
        var start = 0
        while start < input.count {
            let end = min(input.count, start + piece)
            try scanner.consume(input.span.extracting(start..<end))
            start = end
        }
        return try scanner.finish(StoredOctets(input))
    }

    /// The list in pieces, as it arrives: the same as whole.
    private static func arrive(_ input: [UInt8], as list: CertificateList) {
        guard let whole = try? ListPass.over(StoredOctets(input)) else { return hold(false, "a pass over the list") }
        for piece in [1, 7, 64] where input.count < 4_096 || piece == 64 {
            guard let arrived = try? pass(input, piece: piece) else { return hold(false, "pieces of an accepted list") }
            hold(arrived.list == list && arrived.list.entryCount == list.entryCount, "the list in pieces")
            hold(arrived.fingerprint == whole.fingerprint, "the entries in pieces")
        }
    }

    private static func judge(_ list: CertificateList) {
        var context = CRLContext(time: list.thisUpdate)
        context.anchors = [Carrier.anchor]
        let report = status(
            of: Carrier.leaf, issuer: Carrier.issuer, lists: [.unverified(list)], context: context)
        hold(report.status.status == .undetermined, "a list of nobody's decides nothing")
        hold(report.status.undeterminedReason != nil, "undetermined says why")
    }

    /// Writes the entries into a list again: they come back as they went in.
    private static func rewrite(_ entries: [RevokedEntry], of list: CertificateList) {
        guard entries.count <= 256 else { return }
        var tbs = TBSCertList(
            signature: list.signatureAlgorithm, issuer: list.issuer, thisUpdate: list.thisUpdate,
            nextUpdate: list.nextUpdate, entries: entries, crlNumber: list.crlNumber)
        tbs.baseCRLNumber = list.baseCRLNumber
        tbs.issuingDistributionPoint = list.issuingDistributionPoint
        guard let again = try? tbs.signed({ _ in [1] }) else { return hold(false, "a written list decodes") }
        var copies: [RevokedEntry] = []
        try? again.forEachEntry { copies.append($0) }
        hold(copies == entries, "written entries come back")
        hold(again.issuingDistributionPoint == list.issuingDistributionPoint, "issuing distribution point")
        hold(again.crlNumber == list.crlNumber && again.thisUpdate == list.thisUpdate, "number and date")
    }
}

/// `revokedCertificates` read by the general decoder, without the scanner.
enum GeneralEntries {
    static func read(_ der: [UInt8]) -> [(serial: ArraySlice<UInt8>, time: ValidationTime)]? {
        do throws(DERError) {
            var list = try DERReader.single(.sequence, der[...], in: "list").reader
            var tbs = try list.next().reader
            _ = try tbs.nextIfPresent(.integer)
            _ = try tbs.next(.sequence, in: "algorithm")
            _ = try tbs.next(.sequence, in: "issuer")
            _ = try tbs.next().time(in: "thisUpdate")
            if tbs.nextTag == .utcTime || tbs.nextTag == .generalizedTime { _ = try tbs.next() }
            guard let revoked = try tbs.nextIfPresent(.sequence) else { return [] }
            var reader = revoked.reader
            var entries: [(serial: ArraySlice<UInt8>, time: ValidationTime)] = []
            while !reader.isAtEnd {
                var entry = try reader.next(.sequence, in: "entry").reader
                let serial = try entry.next(.integer, in: "serial").integerOctets(in: "serial")
                entries.append((serial, try entry.next().time(in: "date")))
                if !entry.isAtEnd {
                    _ = try Extension.sequence(entry.next(), in: "extensions")
                    try entry.finish(in: "entry")
                }
            }
            return entries
        } catch {
            return nil
        }
    }
}
