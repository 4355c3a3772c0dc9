import PKIX
import Testing

/// The ends of what the primitives read and write.
@Suite("Primitives at their ends")
struct PrimitiveEdgeTests {
    @Test("strings of every type are read, odd ones are none")
    func strings() {
        #expect(decodeString(tag: .teletexString, [0x4D, 0xFC]) == "Mü")
        #expect(decodeString(tag: .bmpString, [0x30, 0x42]) == "あ" && decodeString(tag: .bmpString, [0x30]) == nil)
        #expect(decodeString(tag: .universalString, [0, 0, 0x30, 0x42]) == "あ")
        #expect(decodeString(tag: .universalString, [0, 0x30, 0x42]) == nil)
        #expect(decodeString(tag: .printableString, [0xE3]) == nil && decodeString(tag: .integer, [0x41]) == nil)
    }

    @Test("identifiers: arcs that are too large, too many or none")
    func identifiers() throws {
        for text in ["1", "1.40", "3.1", "1.2.", "1.２", "2.18446744073709551615", "1.2.99999999999999999999"] {
            #expect(OID(text) == nil, "\(text)")
        }
        #expect(OID("2.100.3")?.description == "2.100.3")
        #expect(OID("1." + (0..<200).map { "\($0 % 40)" }.joined(separator: ".")) == nil)
        let huge = try OID(contents: ([0x2A] + [UInt8](repeating: 0xFF, count: 10) + [0x7F])[...])
        #expect(huge.description == "1.2.?")
        #expect(throws: DERError.self) { try OID(contents: [UInt8](repeating: 1, count: 129)[...]) }
    }

    @Test("serial numbers: hex with an odd number of digits, negative ones, ones that do not fit 64 bits")
    func serialNumbers() throws {
        func serial(_ contents: [UInt8]) throws -> SerialNumber {
            let der = DERWriter.encode(.integer) { $0.append(contents) }
            return try SerialNumber(DERReader.single(.integer, der[...], in: "serialNumber"))
        }
        #expect(
            SerialNumber(hex: "abc")?.hex == "0ABC" && SerialNumber(hex: "xy") == nil && SerialNumber(hex: "") == nil)
        #expect(SerialNumber(hex: "+1") == nil)
        let negative = try serial([0xFF, 0x01])
        #expect(negative.hex == "-FF01" && negative.unsigned64 == nil && !negative.isPositive)
        #expect(try serial([0x01] + [UInt8](repeating: 0, count: 8)).unsigned64 == nil)
        #expect(try serial([0x00, 0xFF]).unsigned64 == 255 && serial([0x7F]).unsigned64 == 127)
        // Leading zeros, which DER forbids and CAs have written, do not make another serial.
        let padded = try serial([0x00, 0x00, 0x05])
        #expect(try padded == serial([0x05]) && Array(padded.contents) == [0, 0, 5])
        #expect(Set([padded, try serial([0x05])]).count == 1)
    }

    @Test("times: offsets both ways, fractions, and instants beyond the calendar")
    func times() throws {
        let noon = try #require(ValidationTime(rfc3339: "2026-11-23T12:00:00Z"))
        #expect(ValidationTime(rfc3339: "2026-11-23T21:00:00.123+09:00") == noon)
        #expect(ValidationTime(rfc3339: "2026-11-23T07:30:00-04:30") == noon)
        #expect(noon.rfc3339(offsetMinutes: -270) == "2026-11-23T07:30:00-04:30")
        #expect(noon.rfc3339(offsetMinutes: 540) == "2026-11-23T21:00:00+09:00")
        for text in [
            "2026-11-23T12:00:00.Z", "2026-11-23T12:00:00*09:00", "2026-11-23T12:00:00+24:00", "2026-11-23T12:00:00",
        ] {
            #expect(ValidationTime(rfc3339: text) == nil, "\(text)")
        }
        #expect(noon.advanced(bySeconds: .max).description == "9999-12-31T23:59:59Z")
        #expect(noon.advanced(bySeconds: .min).description == "0000-01-01T00:00:00Z")
    }

    @Test("one object as PEM under its label, or as DER")
    func pem() {
        let der: [UInt8] = [0x30, 0x00]
        let text = PEM.Block(label: "CERTIFICATE", bytes: der).text
        #expect(PEM.der(Array(text.utf8), label: "CERTIFICATE") == der && PEM.der(der, label: "CERTIFICATE") == der)
        #expect(PEM.der(Array(text.utf8), label: "X509 CRL") == nil)
        #expect(decodeBase64("MA A=\n") == der && decodeBase64("MAB=") == nil && decodeBase64("M=A=") == nil)
    }

    @Test("names as text: what has no short label is shown by its identifier, what is no text by its octets")
    func nameDescription() throws {
        let attributes = [
            (OID.locality, DERTag.utf8String, Array("Mihon".utf8)), (.domainComponent, .ia5String, Array("jp".utf8)),
            (.emailAddress, .octetString, [0x01, 0xAB]),
        ]
        let name = DistinguishedName(
            relativeNames: attributes.map { type, tag, value in
                [NameAttribute(type: type, valueTag: tag, value: value[...])]
            })
        #expect(name.description == "L=Mihon, DC=jp, 1.2.840.113549.1.9.1=#01AB")
        #expect(name == DistinguishedName(relativeNames: name.relativeNames))
        let one = DistinguishedName([(.locality, "a")]), other = DistinguishedName([(.commonName, "a")])
        #expect(one != other)
    }

    @Test("reasons by name and number")
    func reasons() {
        for reason in RevocationReason.allCases { #expect(RevocationReason(name: reason.name) == reason) }
        #expect(RevocationReason(name: "unused") == nil)
    }
}
