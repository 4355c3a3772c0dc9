import PKIX
import Testing

@Suite("Object identifiers and serial numbers")
struct IdentifierTests {
    @Test(
        "contents that end within an arc, start with 80 or are empty are refused",
        arguments: [[], [0x80, 0x01], [0x2A, 0x80, 0x01], [0x2A, 0x86]] as [[UInt8]])
    func malformedContents(_ octets: [UInt8]) {
        #expect(throws: DERError.self) { try OID(contents: octets[...]) }
    }

    @Test("an identifier above the limit is refused")
    func tooLong() {
        let octets = [UInt8](repeating: 0x2A, count: DecodingLimit.objectIdentifierOctets + 1)
        #expect(throws: DERError(.limitExceeded, in: "OBJECT IDENTIFIER")) { try OID(contents: octets[...]) }
    }

    @Test(
        "text that is no identifier is nil",
        arguments: ["", "1", "3.1", "1.40", "1..2", "1.2.", "a.b", "1.2.-3", "1.18446744073709551616", "１.２"])
    func malformedText(_ text: String) { #expect(OID(text) == nil) }

    @Test("the policy of 署名用 encodes as the card carries it")
    func signPolicy() throws {
        let oid = try #require(OID("1.2.392.200149.8.5.1.1.20"))
        #expect(Array(oid.contents) == [0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x01, 0x14])
        #expect(oid.description == "1.2.392.200149.8.5.1.1.20")
    }

    @Test("an arc that does not fit is shown and does not trap")
    func hugeArc() throws {
        let oid = try OID(contents: ([0x2A] + [UInt8](repeating: 0xFF, count: 20) + [0x7F])[...])
        #expect(oid.description == "1.2.?")
    }

    @Test("a serial of 21 significant octets is refused, one of 20 is exact")
    func serialLimit() throws {
        let longest = [UInt8](repeating: 0xFF, count: 20)
        #expect(SerialNumber(magnitude: longest)?.hex == String(repeating: "FF", count: 20))
        #expect(SerialNumber(magnitude: [1] + longest) == nil)
        let encoding: [UInt8] = [0x02, 0x15, 0x01] + longest
        #expect(throws: DERError.self) {
            try SerialNumber(DERReader.single(.integer, encoding[...], in: "serialNumber"))
        }
    }

    @Test(
        "hex of a serial has no sign octet and reads back",
        arguments: ["00", "01", "7F", "80", "0132C4AB", "FFFFFFFFFFFFFFFFFF"])
    func serialHex(_ hex: String) throws { #expect(try #require(SerialNumber(hex: hex)).hex == hex) }

    @Test("serials that differ in the ninth octet differ")
    func noTruncation() {
        #expect(SerialNumber(hex: "010000000000000000") != SerialNumber(hex: "020000000000000000"))
        #expect(SerialNumber(hex: "010000000000000000")?.unsigned64 == nil)
    }

    @Test("list numbers are ordered by value and shown in decimal")
    func crlNumber() throws {
        #expect(CRLNumber(255) < CRLNumber(256))
        #expect(CRLNumber(0).description == "0")
        #expect(CRLNumber(4_821).description == "4821")
        #expect(CRLNumber(UInt64.max).description == "18446744073709551615")
    }
}
