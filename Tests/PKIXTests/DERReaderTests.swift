import PKIX
import Testing

@Suite("DER reading refuses what is not DER")
struct DERReaderTests {
    @Test(
        "each malformed header has an error of its own",
        arguments: [
            ([0x30], DERError.Code.truncated),
            ([0x30, 0x01], .truncated),
            ([0x30, 0x80, 0x00, 0x00], .indefiniteLength),
            ([0x30, 0x81, 0x05, 1, 2, 3, 4, 5], .nonMinimalLength),
            ([0x30, 0x82, 0x00, 0x80] + [UInt8](repeating: 0, count: 128), .nonMinimalLength),
            ([0x30, 0x85, 1, 0, 0, 0, 0], .limitExceeded),
            ([0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
            ([0x1F, 0x81, 0x01, 0x00], .highTagNumber),
        ] as [([UInt8], DERError.Code)])
    func malformedHeader(_ bytes: [UInt8], _ code: DERError.Code) {
        var reader = DERReader(bytes)
        #expect { try reader.next() } throws: { ($0 as? DERError)?.code == code }
    }

    @Test("octets after the value are trailing data")
    func trailingData() {
        #expect(throws: DERError(.trailingData, in: "X")) {
            try DERReader.single(.integer, [0x02, 0x01, 0x05, 0x00], in: "X")
        }
    }

    @Test(
        "an INTEGER with a redundant first octet, or none at all, is refused",
        arguments: [[0x02, 0x00], [0x02, 0x02, 0x00, 0x7F], [0x02, 0x02, 0xFF, 0x80]] as [[UInt8]])
    func redundantInteger(_ bytes: [UInt8]) throws {
        let element = try DERReader.single(.integer, bytes[...], in: "X")
        #expect(throws: DERError(.invalidContents, in: "X")) { try element.integerOctets(in: "X") }
    }

    @Test("BOOLEAN knows 00 and FF alone", arguments: [1, 0x7F, 0xFE] as [UInt8])
    func boolean(_ octet: UInt8) throws {
        let element = try DERReader.single(.boolean, [0x01, 0x01, octet], in: "X")
        #expect(throws: DERError(.invalidContents, in: "X")) { try element.boolean(in: "X") }
    }

    @Test("unused bits of a BIT STRING must be zero and at most seven")
    func bitString() throws {
        for bytes in [[0x03, 0x02, 0x01, 0x01], [0x03, 0x02, 0x08, 0x00], [0x03, 0x00], [0x03, 0x01, 0x01]] {
            let element = try DERReader.single(.bitString, bytes.map { UInt8($0) }[...], in: "X")
            #expect(throws: DERError(.invalidContents, in: "X")) { try element.bitString(in: "X") }
        }
    }

    @Test("every prefix of a valid encoding is refused and none traps")
    func prefixes() throws {
        let whole = DERWriter.encode(.sequence) { writer in
            writer.integer(300)
            writer.utf8String("住所")
            writer.append(.sequence) { $0.boolean(true) }
        }
        for length in 0..<whole.count {
            var reader = DERReader(whole[..<length])
            #expect(throws: DERError.self) { try reader.next(.sequence, in: "X") }
        }
    }

    @Test("what is written is read back", arguments: [0, 1, 127, 128, 255, 256, 65_535, 1 << 40, UInt64.max])
    func integerRoundTrip(_ value: UInt64) throws {
        var writer = DERWriter()
        writer.integer(value)
        let octets = try DERReader.single(.integer, writer.bytes[...], in: "X").integerOctets(in: "X")
        #expect(octets.reduce(0) { $0 << 8 | UInt64($1) } == value)
    }

    @Test("lengths are written in the fewest octets", arguments: [0, 127, 128, 255, 256, 65_535, 65_536])
    func lengthRoundTrip(_ count: Int) throws {
        var writer = DERWriter()
        writer.octetString([UInt8](repeating: 7, count: count))
        #expect(try DERReader.single(.octetString, writer.bytes[...], in: "X").contents.count == count)
    }
}
