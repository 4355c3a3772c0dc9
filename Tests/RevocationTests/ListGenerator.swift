import CertificateIssuing
import PKIX
import RevocationLists

/// Lists by chance, the same for the same seed.
struct ListGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A number below `bound`.
    mutating func number(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

    mutating func isChosen(oneIn count: Int) -> Bool { number(below: count) == 0 }

    mutating func element<Item>(of items: [Item]) -> Item { items[number(below: items.count)] }

    mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    /// A serial of 1 to `longest` significant octets.
    mutating func serial(longest: Int) -> SerialNumber {
        SerialNumber(magnitude: octets(1 + number(below: longest))) ?? SerialNumber(1)
    }

    /// A negative serial, which only users of certificates meet.
    static func negative(_ contents: [UInt8]) throws -> SerialNumber {
        try SerialNumber(DERReader.single(.integer, [0x02, UInt8(contents.count)] + contents, in: "test"))
    }

    /// Before 1970, after 2106, at the ends of both, and in between.
    static let dates = [
        -62_167_219_200, -2_208_988_800, -631_152_001, -631_152_000, -86_400, -1, 0, 1, 951_782_400, 1_795_000_000,
        2_524_607_999, 2_524_608_000, 4_294_967_295, 4_294_967_296, 253_402_300_799,
    ].map { ValidationTime(secondsSince1970: $0) }

    /// Reasons that a complete list may give.
    static let reasons: [RevocationReason?] = [nil] + RevocationReason.allCases.filter { $0 != .removeFromCRL }

    mutating func entry(_ serial: SerialNumber, issuer: DistinguishedName? = nil) -> RevokedEntry {
        let recent = ValidationTime(secondsSince1970: 1_600_000_000 + Int64(number(below: 150_000_000)))
        return RevokedEntry(
            serialNumber: serial, revokedAt: isChosen(oneIn: 4) ? element(of: ListGenerator.dates) : recent,
            reason: element(of: ListGenerator.reasons),
            invalidityDate: isChosen(oneIn: 8) ? element(of: ListGenerator.dates) : nil, certificateIssuer: issuer)
    }

    mutating func shuffle<Item>(_ items: [Item]) -> [Item] {
        var items = items
        for index in items.indices.dropFirst() { items.swapAt(index, number(below: index + 1)) }
        return items
    }
}

extension ListPass {
    /// A pass over octets that come in pieces, of `length` each.
    static func over(_ der: [UInt8], pieces length: Int) throws(DERError) -> ListPass {
        var scanner = ListScanner(wholeDigest: .sha256)
        var start = 0
        while start < der.count {
            let end = min(der.count, start + length)
            try scanner.consume(der.span.extracting(start..<end))
            start = end
        }
        return try scanner.finish(StoredOctets(der))
    }

    /// The image as octets.
    func imageOctets(_ key: SubjectPublicKeyInfo) throws -> [UInt8] {
        var octets: [UInt8] = []
        try writeImage(issuerKey: key) { octets.append(contentsOf: $0) }
        return octets
    }
}
