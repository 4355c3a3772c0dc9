import CertificateIssuing
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

/// An image is asked beside ``CertificateList/entry(for:issuer:)``, which walks the list and decodes entry by entry.
@Suite("What an index answers")
struct IndexAnswersTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// Both ways give the same for each of `serials`, whoever issued them, in whatever order the entries stand.
    private func compare(
        _ entries: [RevokedEntry], _ absent: [SerialNumber], _ label: String,
        _ change: (inout TBSCertList<[RevokedEntry]>) -> Void = { _ in }
    ) throws {
        let list = try Fixture.list(by: fixture.authority, entries, change)
        let image = try RevocationIndexImage(indexing: list)
        #expect(image.entryCount == entries.count, "\(label)")
        let issuers = [Fixture.name] + Set(entries.compactMap(\.certificateIssuer))
        for serial in Set(entries.map(\.serialNumber)).union(absent) {
            for issuer in issuers {
                let walked = try list.entry(for: serial, issuer: issuer)
                let found = image.entry(for: serial, issuer: issuer)
                #expect(found == walked, "\(label): \(serial.hex)")
            }
            guard let value = serial.unsigned64 else { continue }
            let walked = try list.entry(for: serial, issuer: Fixture.name)
            let found = image.find(value)
            #expect(found?.secondsSince1970 == walked?.revokedAt.secondsSince1970, "\(label): \(serial.hex)")
            #expect(found.map { RevocationReason(rawValue: $0.reasonCode) } == walked.map(\.reason), "\(label)")
        }
    }

    @Test(
        "Lists by chance: serials of 1 to 20 octets, all dates and reasons, duplicates",
        arguments: 0..<24 as Range<UInt64>)
    func randomLists(_ seed: UInt64) throws {
        var dice = ListGenerator(seed: seed)
        let longest = [2, 3, 4, 5, 8, 9, 16, 20][Int(seed % 8)]
        var entries = (0..<200).map { _ in dice.entry(dice.serial(longest: longest)) }
        for _ in 0..<30 { entries.append(dice.entry(dice.element(of: entries).serialNumber)) }
        let absent = (0..<50).map { _ in dice.serial(longest: longest) }
        try compare(dice.shuffle(entries), absent, "seed \(seed)")
    }

    @Test("Serials that share their first 8, 16 or last octets are told apart; so are 0, -1, -128 and 255")
    func likeSerials() throws {
        let stem = [0x7F] + [UInt8](repeating: 0xAA, count: 18)
        var serials = try [SerialNumber(0), ListGenerator.negative([0xFF]), ListGenerator.negative([0x80])]
        for length in [1, 7, 8, 9, 15, 16, 17, 19] {
            for last in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
                serials.append(try #require(SerialNumber(magnitude: stem.prefix(length) + [last])))
                serials += [SerialNumber(magnitude: [0xFF] + stem.prefix(length) + [last])].compactMap { $0 }
            }
        }
        serials = Array(Set(serials.filter { $0.octets.count <= 20 }))
        let listed = serials.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let entries = listed.enumerated().map { Fixture.entry($1, nil, daysAgo: Int64($0)) }
        let absent = try serials + [ListGenerator.negative([0xFF, 0x7F]), SerialNumber(255), SerialNumber(128)]
        try compare(entries, absent, "like serials")
    }

    @Test("Negative serials up to 20 octets are found, and only they")
    func negativeSerials() throws {
        let negatives = try [[0xFF], [0x80], [0x80, 0x00], [0x80] + [UInt8](repeating: 0, count: 19)].map {
            try ListGenerator.negative($0)
        }
        let positives = try [
            SerialNumber(1), SerialNumber(128), SerialNumber(0x8000), SerialNumber(.max),
            #require(SerialNumber(magnitude: [0x80] + [UInt8](repeating: 0, count: 19))),
            #require(SerialNumber(magnitude: [UInt8](repeating: 0xFF, count: 20))),
        ]
        try compare(negatives.map { Fixture.entry($0, nil) }, positives, "negative listed")
        try compare(positives.map { Fixture.entry($0, nil) }, negatives, "positive listed")
    }

    @Test("Dates before 1970, after 2106 and around them come back exactly")
    func dates() throws {
        let entries = ListGenerator.dates.enumerated().map { index, date in
            RevokedEntry(serialNumber: SerialNumber(UInt64(index + 1)), revokedAt: date, reason: .superseded)
        }
        try compare(entries, [SerialNumber(99)], "dates")
        let image = try RevocationIndexImage(indexing: Fixture.list(by: fixture.authority, entries))
        for entry in entries {
            #expect(image.entry(for: entry.serialNumber, issuer: Fixture.name)?.revokedAt == entry.revokedAt)
        }
    }

    @Test("invalidityDate stays with its entry, and leaves the others as they are")
    func invalidityDates() throws {
        let entries = (1..<60 as Range<UInt64>).map { number in
            RevokedEntry(
                serialNumber: SerialNumber(number), revokedAt: Fixture.now, reason: .keyCompromise,
                invalidityDate: number % 5 == 0 ? Fixture.start : nil)
        }
        try compare(entries, [SerialNumber(60)], "invalidityDate")
    }

    @Test("In indirect lists every entry is found under its issuer alone", arguments: 0..<6 as Range<UInt64>)
    func indirectLists(_ seed: UInt64) throws {
        var dice = ListGenerator(seed: seed &+ 400)
        let names: [DistinguishedName?] = [nil, nil, nil, .city("A"), .city("B"), Fixture.name]
        let entries = (0..<120).map { _ in
            dice.entry(SerialNumber(UInt64(dice.number(below: 60))), issuer: dice.element(of: names))
        }
        try compare(entries, (0..<70 as Range<UInt64>).map { SerialNumber($0) }, "indirect \(seed)") {
            $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect)
        }
    }

    @Test("A delta keeps its removals; a revocation counts before one")
    func deltas() throws {
        let removed = RevokedEntry(serialNumber: SerialNumber(4), revokedAt: Fixture.start, reason: .removeFromCRL)
        let entries = [removed, Fixture.entry(SerialNumber(5)), Fixture.entry(SerialNumber(4), .certificateHold)]
        try compare(entries, [SerialNumber(6)], "delta") { $0.baseCRLNumber = CRLNumber(1) }
        try compare([removed], [SerialNumber(6)], "removal") { $0.baseCRLNumber = CRLNumber(1) }
    }

    @Test("An empty list has an image that finds nothing")
    func emptyList() throws {
        try compare([], [SerialNumber(0), SerialNumber(1), SerialNumber(.max)], "empty")
        let image = try RevocationIndexImage(indexing: Fixture.list(by: fixture.authority))
        #expect(image.count == 0 && image.find(0) == nil)
    }

    /// Around the density at which a dense set stops being the smaller form, and around lines of 448 serials.
    @Test(
        "Dense and general form answer alike around the boundary", arguments: [1, 7, 55, 56, 57, 64, 300] as [UInt64])
    func densities(_ step: UInt64) throws {
        let base: UInt64 = 1_000_003
        let entries = (0..<500 as Range<UInt64>).map {
            Fixture.entry(SerialNumber(base + $0 * step), nil, daysAgo: Int64($0 % 99))
        }
        let absent = [0, 1, base - 1, base + 1, base + 447, base + 448, base + 499 * step + 1, base - 448, .max]
        var dice = ListGenerator(seed: step)
        try compare(dice.shuffle(entries), absent.map { SerialNumber($0) }, "step \(step)")
    }

    @Test("Counting serials take at most 8 octets an entry at JPKI's density, and every serial around them is right")
    func denseSize() throws {
        var dice = ListGenerator(seed: 9)
        let listed = Set((0..<3_000).map { _ in UInt64(dice.number(below: 20_000)) + 5_000_000 })
        let entries = dice.shuffle(listed.sorted()).map { Fixture.entry(SerialNumber($0), .superseded) }
        let image = try RevocationIndexImage(indexing: Fixture.list(by: fixture.authority, entries))
        #expect(image.count == listed.count)
        #expect((image.octets.count - 1_024) / listed.count <= 8)
        for serial in 4_999_000..<5_021_000 as Range<UInt64>
        where (image.find(serial) != nil) != listed.contains(serial) {
            Issue.record("serial \(serial)")
        }
        for serial in [0, 1, 4_294_967_296 + 5_000_000, .max - 3, .max] as [UInt64] {
            #expect(image.find(serial) == nil)
        }
    }

    @Test("The order of the entries changes neither fingerprint nor any answer")
    func orderDoesNotMatter() throws {
        var dice = ListGenerator(seed: 3)
        var entries = (0..<150).map { _ in dice.entry(dice.serial(longest: 20)) }
        for _ in 0..<50 { entries.append(dice.entry(dice.element(of: entries).serialNumber)) }
        let first = try ListPass.over(Fixture.list(by: fixture.authority, entries).octets)
        let image = try first.makeImage(issuerKey: nil)
        for _ in 0..<5 {
            let other = try ListPass.over(Fixture.list(by: fixture.authority, dice.shuffle(entries)).octets)
            let otherImage = try other.makeImage(issuerKey: nil)
            #expect(other.fingerprint == first.fingerprint && otherImage.fingerprint() == image.fingerprint())
            for entry in entries {
                let serial = entry.serialNumber
                #expect(
                    otherImage.entry(for: serial, issuer: Fixture.name)
                        == image.entry(for: serial, issuer: Fixture.name))
            }
        }
    }
}
