import CertificateIssuing
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

/// A list put together octet for octet, so that each part can be wrong. Not signed: decoding does not look.
private struct RawList {
    var version: [UInt8] = [0x02, 0x01, 0x01]
    var issuer = Fixture.name.encoding
    var times: [UInt8] = RawList.utcTime("261118000000Z")
    /// The contents of revokedCertificates; nil leaves it out.
    var entries: [UInt8]?
    var extensions: [Extension] = []
    var afterExtensions: [UInt8] = []
    var afterList: [UInt8] = []

    var der: [UInt8] {
        let algorithm = SignatureScheme.rsaPKCS1(.sha256).identifier
        return DERWriter.encode(.sequence) { outer in
            outer.append(.sequence) { tbs in
                tbs.append(version)
                tbs.algorithm(algorithm)
                tbs.append(issuer)
                tbs.append(times)
                if let entries { tbs.append(.sequence, entries) }
                if !extensions.isEmpty {
                    tbs.append(.contextConstructed(0)) { wrapper in
                        wrapper.append(.sequence) { list in extensions.forEach { list.certificateExtension($0) } }
                    }
                }
                tbs.append(afterExtensions)
            }
            outer.algorithm(algorithm)
            outer.bitString([UInt8](repeating: 1, count: 8))
        } + afterList
    }

    static func utcTime(_ text: String) -> [UInt8] {
        var writer = DERWriter()
        writer.append(.utcTime, Array(text.utf8))
        return writer.bytes
    }

    static func entry(serial: [UInt8], time: [UInt8] = utcTime("261110000000Z"), extensions: [UInt8] = []) -> [UInt8] {
        DERWriter.encode(.sequence) {
            $0.append(.integer, serial)
            $0.append(time)
            $0.append(extensions)
        }
    }

    static func extensions(_ list: [Extension]) -> [UInt8] {
        DERWriter.encode(.sequence) { writer in list.forEach { writer.certificateExtension($0) } }
    }

    static func reason(_ number: UInt8) -> Extension {
        Extension(id: .reasonCode, critical: false, value: [0x0A, 0x01, number])
    }
}

@Suite("Decoding certificate lists")
struct CertificateListDecodingTests {
    private func refusal(_ change: (inout RawList) -> Void) -> DERError? {
        var raw = RawList()
        change(&raw)
        do throws(DERError) {
            _ = try CertificateList(der: raw.der)
            return nil
        } catch {
            return error
        }
    }

    @Test("The list that the defects start from decodes")
    func soundBase() throws {
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.entries = RawList.entry(serial: [5]) } == nil)
    }

    @Test("A present but empty entry list is malformed: RFC 5280 §5.1.2.6")
    func emptyEntries() {
        #expect(refusal { $0.entries = [] } == DERError(.invalidStructure, in: "revokedCertificates"))
    }

    @Test("An explicit v1, a v3 and a negative version are refused: §5.1.2.1", arguments: [0, 2, 0xFF] as [UInt8])
    func versions(_ number: UInt8) {
        #expect(refusal { $0.version = [0x02, 0x01, number] } != nil)
    }

    @Test("A v1 list has no extensions, neither its own nor of an entry: §5.1.2.1")
    func extensionsInV1() {
        let number = Extension(id: .cRLNumber, critical: false, value: [0x02, 0x01, 0x01])
        #expect(refusal { ($0.version, $0.extensions) = ([], [number]) }?.production == "crlExtensions")
        let entry = RawList.entry(serial: [5], extensions: RawList.extensions([RawList.reason(1)]))
        #expect(refusal { ($0.version, $0.entries) = ([], entry) }?.production == "crlEntryExtensions")
        #expect(refusal { ($0.version, $0.entries) = ([], RawList.entry(serial: [5])) } == nil)
    }

    @Test("Octets after the list, and inside it after the extensions, are refused")
    func trailingOctets() {
        #expect(refusal { $0.afterList = [0] }?.code == .trailingData)
        // Without extensions before it, what follows stands where they would.
        let code = refusal { $0.afterExtensions = [0x05, 0x00] }?.code
        #expect(code == .unexpectedTag || code == .trailingData)
    }

    @Test("An empty issuer name is refused: §5.1.2.3")
    func emptyIssuer() {
        #expect(refusal { $0.issuer = [0x30, 0x00] }?.production == "TBSCertList.issuer")
    }

    @Test("A critical cRLNumber is refused: §5.2.3")
    func criticalNumber() {
        let number = Extension(id: .cRLNumber, critical: true, value: [0x02, 0x01, 0x01])
        #expect(refusal { $0.extensions = [number] }?.production == "cRLNumber")
    }

    @Test("A cRLNumber that is negative, or longer than 20 octets, is refused")
    func oddNumbers() {
        for value: [UInt8] in [[0x02, 0x01, 0x80], [0x02, 0x15, 0x01] + [UInt8](repeating: 0, count: 20)] {
            let number = Extension(id: .cRLNumber, critical: false, value: value)
            #expect(refusal { $0.extensions = [number] }?.production == "CRLNumber")
        }
    }

    @Test(
        "A serial that is empty, not minimal or longer than 20 octets is refused",
        arguments: [[], [0x00, 0x05], [0xFF, 0x80], [UInt8](repeating: 0x11, count: 21)] as [[UInt8]])
    func serials(_ octets: [UInt8]) {
        #expect(refusal { $0.entries = RawList.entry(serial: octets) }?.production == "userCertificate")
    }

    @Test(
        "A revocation date that is no date is refused",
        arguments: [
            "261310000000Z", "260230000000Z", "260229000000Z", "261110240000Z", "261110006000Z", "2611100000Z",
            "261110000000+0900", "26111000000AZ", "261110000060Z",
        ])
    func dates(_ text: String) {
        let entry = RawList.entry(serial: [5], time: RawList.utcTime(text))
        #expect(refusal { $0.entries = entry }?.production == "revocationDate")
    }

    @Test("29 February of a leap year is a date")
    func leapDay() {
        #expect(refusal { $0.entries = RawList.entry(serial: [5], time: RawList.utcTime("240229000000Z")) } == nil)
    }

    @Test("removeFromCRL in a list that is no delta is refused: §5.3.1")
    func removalInCompleteList() {
        let entry = RawList.entry(serial: [5], extensions: RawList.extensions([RawList.reason(8)]))
        #expect(refusal { $0.entries = entry }?.production == "reasonCode")
        let delta = Extension(id: .deltaCRLIndicator, critical: true, value: [0x02, 0x01, 0x01])
        #expect(refusal { ($0.entries, $0.extensions) = (entry, [delta]) } == nil)
    }

    @Test("certificateIssuer in a list that is not indirect is refused: §5.3.3")
    func certificateIssuerInDirectList() {
        let name = DERWriter.encode(.sequence) { $0.generalName(.directoryName(.city("Other"))) }
        let issuer = Extension(id: .certificateIssuer, critical: true, value: name)
        let entry = RawList.entry(serial: [5], extensions: RawList.extensions([issuer]))
        #expect(refusal { $0.entries = entry }?.production == "certificateIssuer")
        let point = IssuingDistributionPoint(kind: .indirect)
        let indirect = Extension(id: .issuingDistributionPoint, critical: true, value: point.der)
        #expect(refusal { ($0.entries, $0.extensions) = (entry, [indirect]) } == nil)
    }

    @Test("A reason that RFC 5280 does not define leaves the entry without one; the certificate is listed")
    func undefinedReason() throws {
        var raw = RawList()
        raw.entries = RawList.entry(serial: [5], extensions: RawList.extensions([RawList.reason(7)]))
        let entry = try CertificateList(der: raw.der).entry(for: SerialNumber(5), issuer: Fixture.name)
        #expect(entry != nil && entry?.reason == nil)
    }

    @Test("Unknown critical extensions are told, of the list and of an entry: §5.2, §5.3")
    func unknownCritical() throws {
        let unknown = Extension(id: try #require(OID("1.2.3.4")), critical: true, value: [0x05, 0x00])
        var raw = RawList()
        raw.extensions = [unknown]
        #expect(try CertificateList(der: raw.der).unknownCriticalExtensions == [unknown.id])
        raw = RawList()
        raw.entries = RawList.entry(serial: [5], extensions: RawList.extensions([unknown]))
        #expect(try CertificateList(der: raw.der).hasUnknownCriticalEntryExtension)
    }

    @Test("An issuing distribution point that says nothing, or two kinds at once, is refused: §5.2.5")
    func issuingDistributionPoints() {
        for value: [UInt8] in [
            [0x30, 0x00], [0x30, 0x06, 0x81, 0x01, 0xFF, 0x82, 0x01, 0xFF], [0x30, 0x03, 0x81, 0x01, 0x01],
            [0x30, 0x05, 0x81, 0x01, 0xFF, 0x05, 0x00],
        ] {
            #expect(throws: DERError.self) { try IssuingDistributionPoint(value: value[...]) }
        }
    }

    @Test("Every prefix of a list is refused, and none of its one-octet changes traps")
    func truncationAndMutation() throws {
        let fixture = try Fixture()
        let der = try Fixture.list(by: fixture.authority, [Fixture.entry(), Fixture.entry(SerialNumber(7), nil)]).der
        for count in 0..<der.count {
            #expect(throws: DERError.self) { try CertificateList(der: Array(der[..<count])) }
        }
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x20
            if let list = try? CertificateList(der: changed) { _ = try? RevocationIndexImage(indexing: list) }
        }
    }
}
