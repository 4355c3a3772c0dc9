import CertificateIssuing
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("Finding entries")
struct RevocationIndexTests {
    private func serials() throws -> [SerialNumber] {
        var serials = [0, 1, 127, 128, 255, 256, UInt64.max, UInt64.max - 1].map { SerialNumber($0) }
        for last in 0..<4 as Range<UInt8> {
            // The same first eight octets, other octets after them.
            let long = [0x7F] + [UInt8](repeating: 0xAA, count: 18) + [last]
            serials.append(try #require(SerialNumber(magnitude: long)))
            serials.append(try #require(SerialNumber(magnitude: Array(long.prefix(9)) + [last])))
        }
        return serials
    }

    @Test("The index and the walk find the same entry for every serial, up to 20 octets")
    func indexAgreesWithWalk() throws {
        let fixture = try Fixture()
        let listed = try serials()
        let entries = listed.enumerated().map { Fixture.entry($1, nil, daysAgo: Int64($0) + 1) }
        let list = try Fixture.list(by: fixture.authority, entries.reversed())
        let index = try RevocationIndexImage(indexing: list)
        #expect(list.entryCount == listed.count && index.count == listed.count)
        for (position, serial) in listed.enumerated() {
            let found = index.entry(for: serial, issuer: Fixture.name)
            #expect(found == entries[position], "serial \(position)")
            #expect(try list.entry(for: serial, issuer: Fixture.name) == found)
        }
        // Neighbours that are not listed: a cut-off or sign-extended comparison would find them.
        let absent = try [
            SerialNumber(2), SerialNumber(0x7FAA_AAAA_AAAA_AAAA),
            #require(SerialNumber(magnitude: [0x7F] + [UInt8](repeating: 0xAA, count: 18) + [9])),
            #require(SerialNumber(magnitude: [1] + [UInt8](repeating: 0xFF, count: 8))),
        ]
        for serial in absent {
            #expect(index.entry(for: serial, issuer: Fixture.name) == nil)
            #expect(try list.entry(for: serial, issuer: Fixture.name) == nil)
        }
    }

    @Test("Another issuer's certificate with a listed serial is not listed")
    func otherIssuer() throws {
        let fixture = try Fixture()
        let list = try Fixture.list(by: fixture.authority, [Fixture.entry()])
        #expect(try RevocationIndexImage(indexing: list).entry(for: Fixture.serial, issuer: .city("Other")) == nil)
        #expect(try list.entry(for: Fixture.serial, issuer: .city("Other")) == nil)
    }

    @Test("Of several entries for one serial a revocation counts before a hold, and the earlier of two alike")
    func duplicates() throws {
        let fixture = try Fixture()
        let hold = Fixture.entry(Fixture.serial, .certificateHold, daysAgo: 9)
        let late = Fixture.entry(Fixture.serial, .superseded, daysAgo: 1)
        let early = Fixture.entry(Fixture.serial, .keyCompromise, daysAgo: 5)
        for entries in [[hold, late, early], [early, late, hold], [late, hold, early]] {
            let list = try Fixture.list(by: fixture.authority, entries)
            #expect(try RevocationIndexImage(indexing: list).entry(for: Fixture.serial, issuer: Fixture.name) == early)
            #expect(try list.entry(for: Fixture.serial, issuer: Fixture.name) == early)
        }
    }

    @Test("In an indirect list an entry belongs to the issuer named last before it")
    func indirectEntries() throws {
        let fixture = try Fixture()
        let other = DistinguishedName.city("Other")
        let entries = [
            Fixture.entry(SerialNumber(1), nil), Fixture.entry(SerialNumber(2), nil, issuer: other),
            Fixture.entry(SerialNumber(3), nil), Fixture.entry(SerialNumber(4), nil, issuer: Fixture.name),
            Fixture.entry(SerialNumber(5), nil), Fixture.entry(SerialNumber(6), nil, issuer: .city("Third")),
            Fixture.entry(SerialNumber(7), nil, issuer: other),
        ]
        let list = try Fixture.list(by: fixture.authority, entries) {
            $0.issuingDistributionPoint = IssuingDistributionPoint(kind: .indirect)
        }
        let index = try RevocationIndexImage(indexing: list)
        #expect(index.entry(for: SerialNumber(6), issuer: .city("Third")) != nil)
        for (serial, isOther) in [(1, false), (2, true), (3, true), (4, false), (5, false), (7, true)]
            as [(UInt64, Bool)]
        {
            for issuer in [Fixture.name, other] {
                let expected = (issuer == other) == isOther
                #expect((index.entry(for: SerialNumber(serial), issuer: issuer) != nil) == expected)
                #expect(try (list.entry(for: SerialNumber(serial), issuer: issuer) != nil) == expected)
            }
        }
    }

    @Test("What is written is read back")
    func roundTrip() throws {
        let fixture = try Fixture()
        let point = IssuingDistributionPoint(
            name: .fullName([.directoryName(.city("Kyoto"))]), contents: .onlyUserCertificates,
            onlySomeReasons: ReasonFlags(rawValue: 0b110))
        let entry = RevokedEntry(
            serialNumber: Fixture.serial, revokedAt: Fixture.now, reason: .affiliationChanged,
            invalidityDate: Fixture.start)
        let list = try Fixture.list(by: fixture.authority, [entry], number: 300) {
            $0.issuingDistributionPoint = point
            $0.freshestCRL = [.uri("http://crl.example/delta.crl")]
            $0.baseCRLNumber = CRLNumber(299)
        }
        #expect(list.issuingDistributionPoint == point && list.crlNumber == CRLNumber(300))
        #expect(list.baseCRLNumber == CRLNumber(299) && list.isDelta && list.version == 2)
        #expect(list.freshestCRL?.count == 1 && list.authorityKeyIdentifier != nil)
        #expect(try list.entry(for: Fixture.serial, issuer: Fixture.name) == entry)
        #expect(list.nextUpdate == Fixture.now.advanced(bySeconds: 20 * 3_600))
        let empty = try Fixture.list(by: fixture.authority)
        #expect(empty.entryCount == 0)
    }
}
