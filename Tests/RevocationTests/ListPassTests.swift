import CertificateIssuing
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing

@Suite("One pass over a list")
struct ListPassTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// A list with every form of entry, delta so that a removal may stand in it.
    private func variedList(_ count: Int = 40) throws -> CertificateList {
        var dice = ListGenerator(seed: 11)
        var entries = (0..<count).map { _ in dice.entry(dice.serial(longest: 20)) }
        entries.append(try dice.entry(ListGenerator.negative([0x80, 0x00])))
        entries.append(dice.entry(SerialNumber(0)))
        entries.append(RevokedEntry(serialNumber: SerialNumber(9), revokedAt: Fixture.now, reason: .removeFromCRL))
        return try Fixture.list(by: fixture.authority, entries) { $0.baseCRLNumber = CRLNumber(3) }
    }

    @Test("A list that ends early is refused wherever it ends, in pieces of any size", arguments: [1, 7, 64, 4_096])
    func truncation(_ length: Int) throws {
        let der = try variedList(8).der
        for count in 0..<der.count {
            #expect(throws: DERError.self) { try ListPass.over(Array(der[..<count]), pieces: length) }
        }
    }

    @Test("Octets after the list are refused, whatever piece brings them", arguments: [1, 5, 1 << 20])
    func trailingOctets(_ length: Int) throws {
        let der = try variedList(3).der
        #expect(throws: DERError(.trailingData, in: "CertificateList")) {
            try ListPass.over(der + [0], pieces: length)
        }
    }

    @Test("A list whose octets are not those that were read is refused")
    func otherOctets() throws {
        let der = try variedList(3).der
        #expect(throws: DERError.self) {
            var scanner = ListScanner()
            try scanner.consume(der.span)
            return try scanner.finish(StoredOctets(Array(der.dropLast())))
        }
    }

    @Test("The size of the pieces changes nothing: list, digests, image", arguments: [1, 2, 3, 13, 64, 1_000, 1 << 20])
    func piecesDoNotMatter(_ length: Int) throws {
        for list in try [variedList(), Fixture.list(by: fixture.authority)] { try compare(list.der, length) }
    }

    private func compare(_ der: [UInt8], _ length: Int) throws {
        let key = fixture.authority.key.publicKeyInfo
        let whole = try ListPass.over(StoredOctets(der), wholeDigest: .sha256)
        let pieces = try ListPass.over(der, pieces: length)
        #expect(pieces.list == whole.list && pieces.list.entryCount == whole.list.entryCount)
        #expect(pieces.list.signedDigest == whole.list.signedDigest && pieces.wholeDigest == whole.wholeDigest)
        #expect(whole.wholeDigest == HashAlgorithm.sha256.digest(of: der))
        #expect(pieces.fingerprint == whole.fingerprint)
        #expect(try pieces.imageOctets(key) == whole.imageOctets(key))
    }

    @Test("Every one-octet change is refused or read alike, in pieces and as a whole")
    func mutations() throws {
        let der = try variedList(4).der
        for index in der.indices {
            for change: UInt8 in [0x01, 0x20, 0x80] {
                var changed = der
                changed[index] ^= change
                let whole = try? ListPass.over(StoredOctets(changed))
                let pieces = try? ListPass.over(changed, pieces: 37)
                #expect((whole == nil) == (pieces == nil), "octet \(index)")
                #expect(whole?.fingerprint == pieces?.fingerprint, "octet \(index)")
                let usual = try? CertificateList(der: changed)
                #expect((usual == nil) == (whole == nil), "octet \(index)")
            }
        }
    }

    @Test("A header that never ends, an entry of 64 KiB and a tail of 1 MiB meet their limits")
    func limits() throws {
        let name = Extension(id: .certificateIssuer, critical: false, value: [UInt8](repeating: 0, count: 70_000))
        let extensions = DERWriter.encode(.sequence) { $0.certificateExtension(name) }
        let entry = DERWriter.encode(.sequence) { writer in
            writer.append(.integer, [5])
            writer.time(Fixture.now)
            writer.append(extensions)
        }
        let der = try variedList(1).der
        let header = Array(der.prefix(4))
        #expect(throws: DERError.self) {
            try ListPass.over(header + [0x30, 0x83, 0xFF, 0xFF, 0xFF] + entry, pieces: 100)
        }
        for length in [100, 1 << 20] {
            let list = try Fixture.rawList(entries: entry, by: fixture.authority)
            #expect(throws: DERError(.limitExceeded, in: "revokedCertificates")) {
                try ListPass.over(list, pieces: length)
            }
        }
        let huge = Extension(
            id: try #require(OID("1.2.3")), critical: false, value: [UInt8](repeating: 0, count: 1_200_000))
        let list = try Fixture.rawList(entries: nil, extensions: [huge], by: fixture.authority)
        #expect(throws: DERError(.limitExceeded, in: "TBSCertList")) { try ListPass.over(list, pieces: 4_096) }
    }

    @Test("Verified under its key; refused under another, with another digest, or with something critical unknown")
    func verification() throws {
        let key = try PublicKey(fixture.authority.key.publicKeyInfo, suite: .current)
        let other = try PublicKey(fixture.otherGeneration.key.publicKeyInfo, suite: .current)
        let der = try variedList(3).der
        try ListPass.over(StoredOctets(der)).verify(key)
        #expect(throws: ListRefusal.signatureInvalid) { try ListPass.over(StoredOctets(der)).verify(other) }
        // Every octet of the signed part is in the digest.
        let list = try ListPass.over(StoredOctets(der)).list
        var changed = 0
        for index in der.indices.dropLast(300) {
            var octets = der
            octets[index] ^= 0x01
            guard let pass = try? ListPass.over(StoredOctets(octets)) else { continue }
            changed += 1
            #expect(throws: ListRefusal.self, "octet \(index)") { try pass.verify(key) }
            #expect(pass.list.signedDigest != list.signedDigest)
        }
        #expect(changed > 50)
        let unknown = Extension(id: try #require(OID("1.2.3")), critical: true, value: [0x05, 0x00])
        let marked = try Fixture.list(by: fixture.authority, []) { $0.otherExtensions = [unknown] }
        #expect(throws: ListRefusal.unsupportedCriticalExtension) { try ListPass.over(marked.octets).verify(key) }
    }

    @Test("A reopened list is the same; other octets are another list")
    func reopening() throws {
        let key = try PublicKey(fixture.authority.key.publicKeyInfo, suite: .current)
        let verified = try VerifiedList.verify(variedList(), key: key)
        let again = try CertificateList(StoredOctets(verified.list.der), indexedBy: verified.image)
        #expect(again == verified.list && again.entryCount == verified.list.entryCount)
        #expect(again.signedDigest == verified.list.signedDigest && again.extensions == verified.list.extensions)
        _ = try VerifiedList(list: again, image: verified.image, issuerKey: key.info)
        #expect(throws: ImageError.otherList) {
            try CertificateList(StoredOctets(verified.list.der + [0]), indexedBy: verified.image)
        }
        var changed = verified.list.der
        changed[changed.count - 1] ^= 1
        #expect(throws: ImageError.otherList) {
            try CertificateList(StoredOctets(changed), indexedBy: verified.image)
        }
        #expect(throws: ImageError.otherList) {
            try CertificateList(Fixture.list(by: fixture.authority).octets, indexedBy: verified.image)
        }
    }
}

extension Fixture {
    /// A signed list around entries that are given as octets.
    static func rawList(
        entries: [UInt8]?, extensions: [Extension] = [], by signer: IssuingAuthority
    ) throws -> [UInt8] {
        let tbs = DERWriter.encode(.sequence) { writer in
            writer.append(.integer, [1])
            writer.algorithm(signer.scheme.identifier)
            writer.append(signer.name.encoding)
            writer.time(now)
            if let entries { writer.append(.sequence, entries) }
            guard !extensions.isEmpty else { return }
            writer.append(.contextConstructed(0)) { wrapper in
                wrapper.append(.sequence) { list in extensions.forEach { list.certificateExtension($0) } }
            }
        }
        return try signedEnvelope(tbs: tbs, algorithm: signer.scheme.identifier) {
            try signer.key.signature(over: $0, scheme: signer.scheme)
        }
    }
}
