import PKIX
import Testing

@Suite("PEM and base64")
struct PEMTests {
    @Test(
        "base64 with another character, wrong padding or stray bits is refused",
        arguments: ["A", "AA", "AAA", "AA=A", "A===", "AAAA=", "AB==", "AAB=", "AA-_", "あ", "AAAA===="])
    func malformed(_ text: String) { #expect(decodeBase64(text) == nil) }

    @Test("octets of every length come back")
    func roundTrip() {
        for length in 0..<70 {
            let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(decodeBase64(base64(octets)) == octets)
            let block = PEM.Block(label: "CERTIFICATE", bytes: octets)
            #expect(PEM.blocks(in: "text before\n" + block.text) == [block])
        }
    }

    @Test("a block without its end, or with broken base64, is left out")
    func incomplete() {
        #expect(PEM.blocks(in: "-----BEGIN CERTIFICATE-----\nAAAA\n").isEmpty)
        #expect(PEM.blocks(in: "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").isEmpty)
    }
}
