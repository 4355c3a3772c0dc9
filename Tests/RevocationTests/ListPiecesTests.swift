import CertificateIssuing
import PKIX
import RevocationLists
import Testing

/// Lists that arrive in pieces say what they say whole, wherever the cuts are.
@Suite("Lists in pieces")
struct ListPiecesTests {
    private func pass(_ der: [UInt8], piece: Int) throws -> ListPass {
        var scanner = ListScanner()
        for start in stride(from: 0, to: der.count, by: piece) {
            try scanner.consume(der.span.extracting(start..<min(start + piece, der.count)))
        }
        return try scanner.finish(StoredOctets(der))
    }

    /// A list with entries, one without, and one without entries and extensions.
    private func lists() throws -> [[UInt8]] {
        let fixture = try Fixture()
        let whole = [
            try Fixture.list(by: fixture.authority, [Fixture.entry()]), try Fixture.list(by: fixture.authority),
            try Fixture.list(by: fixture.authority, number: nil) { $0.authorityKeyIdentifier = nil },
        ]
        return whole.map { $0.octets.copy(0..<$0.octets.count) }
    }

    @Test(
        "a cut inside the header of the extensions, where no entries are, loses nothing",
        arguments: [1, 2, 3, 7, 64, 1_000])
    func everyCut(piece: Int) throws {
        for der in try lists() {
            let whole = try ListPass.over(StoredOctets(der))
            let arrived = try pass(der, piece: piece)
            #expect(arrived.list == whole.list && arrived.list.signedDigest == whole.list.signedDigest)
            #expect(arrived.list.crlNumber == whole.list.crlNumber && arrived.fingerprint == whole.fingerprint)
        }
    }

    @Test(
        "a list that is cut short, and one with octets behind it, is refused in pieces too", arguments: [1, 5, 4_096])
    func wrongEnd(piece: Int) throws {
        for der in try lists() {
            #expect(throws: DERError.self) { try pass(der.dropLast(), piece: piece) }
            #expect(throws: DERError.self) { try pass(der + [0], piece: piece) }
        }
    }
}
