import CertificateIssuing
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Images of an index")
struct IndexImageTests {
    let fixture: Fixture
    /// An image with all of its sections.
    let image: [UInt8]
    let layout: ImageLayout

    init() throws {
        fixture = try Fixture()
        let pass = try ListPass.over(IndexImageTests.list(by: fixture.authority).octets)
        image = try pass.imageOctets(fixture.authority.key.publicKeyInfo)
        layout = try RevocationIndexImage(StoredOctets(image)).layout
    }

    /// Counting serials, serials of up to 8, 16 and 20 octets, and entries that say more.
    static func list(by authority: IssuingAuthority) throws -> CertificateList {
        var dice = ListGenerator(seed: 5)
        var entries = (100..<140 as Range<UInt64>).map { Fixture.entry(SerialNumber($0), nil) }
        for length in [6, 8, 9, 16, 17, 20] {
            for _ in 0..<2 {
                let serial = SerialNumber(magnitude: [0x41] + dice.octets(length - 1)) ?? SerialNumber(1)
                entries.append(Fixture.entry(serial, .superseded))
            }
        }
        entries.append(Fixture.entry(SerialNumber(7), nil, issuer: .city("Other")))
        entries.append(dice.entry(SerialNumber(8)))
        return try Fixture.list(by: authority, entries) {
            $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect)
        }
    }

    private func refusal(_ octets: [UInt8]) -> ImageError? {
        do throws(ImageError) {
            _ = try RevocationIndexImage(StoredOctets(octets))
            return nil
        } catch {
            return error
        }
    }

    /// The image with a change and a checksum that goes with it: what a hostile or mistaken writer makes.
    private func resealed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var octets = image
        change(&octets)
        var checksum = ImageChecksum()
        octets.withUnsafeBytes { all in
            checksum.update(UnsafeRawBufferPointer(rebasing: all[..<min(all.count, layout.checksum.lowerBound)]))
        }
        octets.replaceSubrange(layout.checksum, with: checksum.value)
        return octets
    }

    @Test("The image that the damages start from opens, and has every section")
    func soundBase() throws {
        #expect(refusal(image) == nil && refusal(resealed { _ in }) == nil)
        for section in [
            layout.issuers, layout.denseLines, layout.densePayloads, layout.short, layout.long, layout.longest,
            layout.details,
        ] { #expect(!section.isEmpty) }
        #expect(layout.total == image.count)
    }

    @Test("One flipped bit anywhere is noticed before the first question")
    func everyBit() {
        for index in image.indices {
            for bit in 0..<8 {
                var damaged = image
                damaged[index] ^= 1 << UInt8(bit)
                if refusal(damaged) == nil { Issue.record("bit \(bit) of octet \(index)") }
            }
        }
    }

    @Test("An image that ends early, and one with octets behind it, are refused")
    func sizes() {
        for count in image.indices where refusal(Array(image[..<count])) != .wrongSize {
            Issue.record("\(count) octets")
        }
        #expect(refusal(image + [0]) == .wrongSize)
        #expect(refusal([]) == .wrongSize)
    }

    @Test("Each kind of damage has its name")
    func names() {
        #expect(refusal(resealed { $0[0] ^= 1 }) == .notAnImage)
        #expect(refusal(resealed { $0[8] = 2 }) == .unsupportedVersion)
        #expect(refusal(resealed { $0[12] ^= 1 }) == .malformedHeader)
        #expect(refusal(resealed { $0[24] |= 0x80 }) == .malformedHeader)
        #expect(refusal(resealed { $0[511] = 1 }) == .malformedHeader)
        #expect(refusal(resealed { $0[layout.issuers.lowerBound] ^= 1 }) == .malformedIssuers)
        #expect(refusal(resealed { $0[layout.denseLines.lowerBound + 9] ^= 1 }) == .malformedDenseSet)
        #expect(refusal(resealed { $0[layout.denseLines.lowerBound] ^= 1 }) == .malformedDenseSet)
        for (rows, width) in [(layout.short, 8), (layout.long, 16), (layout.longest, 20)] {
            // The first row with the largest serial of its width.
            let serial = [UInt8](repeating: 0xFF, count: width)
            let start = rows.lowerBound
            #expect(refusal(resealed { $0.replaceSubrange(start..<start + width, with: serial) }) == .malformedRows)
        }
        // A serial of the wide table that a narrower one would hold.
        let zeros = [UInt8](repeating: 0, count: 8)
        #expect(
            refusal(resealed { $0.replaceSubrange(layout.long.lowerBound..<layout.long.lowerBound + 8, with: zeros) })
                == .malformedRows)
        #expect(refusal(resealed { $0[layout.details.lowerBound + 24] = 9 }) == .malformedDetails)
        #expect(refusal(resealed { $0[layout.details.lowerBound + 23] = 9 }) == .malformedDetails)
        var damaged = image
        damaged[layout.densePayloads.lowerBound] ^= 1
        #expect(refusal(damaged) == .checksumMismatch)
    }

    @Test("An image of another list, under another key, or with other entries is not used")
    func pairing() throws {
        let key = fixture.authority.key.publicKeyInfo
        let list = try IndexImageTests.list(by: fixture.authority)
        let sound = try RevocationIndexImage(StoredOctets(image))
        _ = try VerifiedList(list: list, image: sound, issuerKey: key)
        #expect(throws: ImageError.otherKey) {
            try VerifiedList(list: list, image: sound, issuerKey: fixture.otherGeneration.key.publicKeyInfo)
        }
        let other = try Fixture.list(by: fixture.authority, [Fixture.entry()])
        #expect(throws: ImageError.otherList) { try VerifiedList(list: other, image: sound, issuerKey: key) }
        let unverified = try RevocationIndexImage(indexing: list)
        #expect(throws: ImageError.otherKey) { try VerifiedList(list: list, image: unverified, issuerKey: key) }
        let pass = try ListPass.over(list.octets)
        try pass.compare(sound)
        // A date, a reason, a serial: well-formed, and not what the list says.
        for offset in [
            layout.densePayloads.lowerBound, layout.densePayloads.lowerBound + 4, layout.short.lowerBound,
            layout.longest.lowerBound + 12, layout.details.lowerBound + 28,
        ] {
            let changed = try RevocationIndexImage(StoredOctets(resealed { $0[offset] ^= 1 }))
            #expect(throws: ImageError.otherEntries) { try pass.compare(changed) }
        }
        #expect(throws: ImageError.otherList) { try ListPass.over(other.octets).compare(sound) }
    }

    @Test("No hostile image traps, neither when it is opened nor when it is asked")
    func hostileImages() throws {
        var dice = ListGenerator(seed: 77)
        let serials = try [
            SerialNumber(0), SerialNumber(7), SerialNumber(8), SerialNumber(101), SerialNumber(.max),
            ListGenerator.negative([0x80]), #require(SerialNumber(magnitude: [UInt8](repeating: 0xFF, count: 20))),
        ]
        var opened = 0
        for _ in 0..<6_000 {
            let octets = resealed { octets in
                for _ in 0...dice.number(below: 3) {
                    let inHeader = dice.isChosen(oneIn: 2)
                    let index = dice.number(below: inHeader ? 256 : layout.checksum.lowerBound)
                    octets[index] = dice.isChosen(oneIn: 2) ? UInt8(truncatingIfNeeded: dice.next()) : octets[index] ^ 1
                }
            }
            guard let image = try? RevocationIndexImage(StoredOctets(octets)) else { continue }
            opened += 1
            _ = image.fingerprint()
            for serial in serials {
                _ = image.entry(for: serial, issuer: image.issuer)
                _ = serial.unsigned64.map { image.find($0) }
            }
        }
        #expect(opened > 100)
    }

    @Test("Written to a file and made in memory, an image is the same; writing it twice too")
    func sameImage() throws {
        let list = try IndexImageTests.list(by: fixture.authority)
        let key = fixture.authority.key.publicKeyInfo
        let pass = try ListPass.over(list.octets)
        #expect(try pass.imageOctets(key) == image)
        #expect(try pass.imageOctets(key) == image)
        #expect(try pass.makeImage(issuerKey: key).octets.bytes == image)
        #expect(try pass.imageOctets(key) == image)
    }

    @Test("A writer that fails gets its own error back")
    func failingWriter() throws {
        struct Full: Error {}
        let pass = try ListPass.over(IndexImageTests.list(by: fixture.authority).octets)
        #expect(throws: Full.self) {
            try pass.writeImage(issuerKey: fixture.authority.key.publicKeyInfo) { _ in throw Full() }
        }
        #expect(try pass.imageOctets(fixture.authority.key.publicKeyInfo) == image)
    }
}
