import Foundation
import ListProbeKit
import Organizations
import PKIX
import RevocationIndexFiles
import RevocationLists
import RevocationUpdating
import SQLiteStore
import SignatureAlgorithms
import Testing

@Suite("The list folder")
struct FolderTests {
    private func open(_ path: String, _ environment: DeploymentEnvironment = .sandbox) throws -> ListFileStore {
        try ListFileStore(path: path, environment: environment, work: WorkInPlace())
    }

    @Test("A second process is refused with the first one's number; when that ends, it is let in")
    func secondProcess() async throws {
        let fixture = try ListFixture()
        let (first, output) = try Probe.start(["hold", fixture.folder])
        #expect(try output.fileHandleForReading.read(upToCount: 5) == Data("held\n".utf8))
        let lines = try await Probe.run(["check", fixture.folder])
        let refusal = try #require(lines.first)
        #expect(refusal.hasPrefix("refused the list folder"))
        #expect(refusal.contains("is in use by another process (\(first.processIdentifier))"))
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        #expect(try await Probe.run(["check", fixture.folder]).contains("next activated"))
    }

    @Test("Another environment's folder, a newer one, one that lets others in and one of something else are refused")
    func refused() throws {
        let fixture = try ListFixture()
        _ = try open(fixture.lists)
        #expect(throws: ListFolderError.otherEnvironment(found: "sandbox", wanted: "production")) {
            _ = try open(fixture.lists, .production)
        }
        let other = fixture.folder + "/other"
        try FileManager.default.createDirectory(
            atPath: other, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try write([1], to: other + "/letter.txt")
        #expect(throws: ListFolderError.notAListFolder) { _ = try open(other) }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.lists)
        #expect(throws: ListFolderError.openToOthers(mode: 0o755)) { _ = try open(fixture.lists) }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: fixture.lists)
        var format = try octets(of: fixture.lists + "/format")
        format[19] ^= 2
        try write(format, to: fixture.lists + "/format")
        #expect(throws: ListFolderError.notAListFolder) { _ = try open(fixture.lists) }
    }

    @Test("A swap leaves one index and both lists; what is not named by the manifest is gone after the next start")
    func leftOvers() async throws {
        let fixture = try ListFixture()
        try await fixture.publish(1...3)
        let names = try fixture.names()
        #expect(names.count { $0.hasSuffix(".image") } == 1)
        #expect(names.count { $0.hasSuffix(".crl") } == 3)
        let folder = try fixture.scopeFolder()
        let stray = String(repeating: "A", count: 64)
        for name in ["manifest.partial", stray + ".crl", stray + ".image"] { try write([1], to: folder + "/" + name) }
        try write([1], to: folder + "/README")
        _ = try open(fixture.lists)
        #expect(try fixture.names() == (names + ["README"]).sorted())
    }

    @Test("Files are the owner's alone")
    func modes() async throws {
        let fixture = try ListFixture()
        let platform = try await fixture.started()
        #expect(try await platform.offer(1) == "activated")
        #expect(try await platform.offerSpooled(2) == "activated")
        for name in try fixture.names() {
            let mode = try FileManager.default.attributesOfItem(atPath: fixture.scopeFolder() + "/" + name)
            #expect(mode[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test("Archived lists answer for their time until the policy deletes them, and no longer")
    func archive() async throws {
        let fixture = try ListFixture()
        let platform = try await fixture.started()
        for number in 1...4 as ClosedRange<UInt64> { #expect(try await platform.offer(number) == "activated") }
        let scope = try #require(platform.inForce?.scope.id)
        let key = try #require(platform.inForce?.verified.issuerKey)
        #expect(key == fixture.authority.source.issuerKey)
        let archived = try await platform.lists.archived(ofScope: scope)
        #expect(archived.map(\.entry.mark.crlNumber) == [1, 2, 3].map { CRLNumber($0) })
        for item in archived {
            let opened = try await platform.lists.open(item.entry, signedBy: .init(key, suite: .current))
            #expect(fixture.authority.faults(of: opened.verified).isEmpty)
        }
        // All were fetched at one time by the hand-set clock.
        let time = try #require(archived.first?.supersededAt)
        #expect(try await platform.lists.purge(supersededBefore: time) == 0)
        #expect(try await platform.lists.purge(supersededBefore: time.advanced(bySeconds: 1)) == 3)
        #expect(try await platform.lists.archived(ofScope: scope).isEmpty)
        #expect(try fixture.names().count == 3, "manifest, list and index in force")
        #expect(platform.number == 4)
    }

    @Test("A list that an earlier program kept elsewhere comes into force after its signature was verified, once")
    func takenOver() async throws {
        let fixture = try ListFixture()
        let source = fixture.authority.source
        let scope = ListScope(
            issuerName: source.issuerName, issuerKey: source.issuerKey, issuingDistributionPoint: nil, form: .complete)
        func mark(_ number: UInt64, _ der: [UInt8]) -> ScopeMark {
            ScopeMark(
                scopeID: scope.id, sourceID: source.id, environment: .sandbox,
                mark: HighWaterMark(
                    crlNumber: CRLNumber(number), thisUpdate: ProbeAuthority.start.advanced(bySeconds: Int64(number)),
                    digest: ListDigest.of(StoredOctets(der))))
        }
        for (number, isForged) in [(5, true), (7, false), (6, false)] as [(UInt64, Bool)] {
            let store = try open(fixture.lists)
            var der = try fixture.authority.list(number)
            if isForged { der[der.count - 1] ^= 1 }
            try await store.takeOver(der, of: mark(number, der), fetchedAt: ProbeAuthority.start)
            try await store.takeOver(der, of: mark(number, der), fetchedAt: ProbeAuthority.start)
        }
        let platform = try await fixture.started()
        #expect(platform.number == 7)
        #expect(try await platform.faults().isEmpty)
        #expect(try await platform.lists.archived(ofScope: scope.id).count == 1)
        #expect(try await platform.offer(8) == "activated")
    }

    @Test("A forged list that is found in the folder does not come into force")
    func forged() async throws {
        let fixture = try ListFixture()
        try await fixture.publish(1...1)
        let (path, manifest) = (try fixture.file(".crl"), try fixture.file("manifest"))
        var der = try octets(of: path)
        der[der.count - 1] ^= 1
        let (former, forged) = (
            try #require(path.split(separator: "/").last?.dropLast(4)), ListDigest.of(StoredOctets(der)).hexString
        )
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.removeItem(atPath: fixture.file(".image"))
        try write(der, to: fixture.scopeFolder() + "/\(forged).crl")
        // The manifest says it is the list in force, with a checksum that fits.
        let text = String(decoding: try octets(of: manifest), as: UTF8.self).replacing(former, with: forged)
        let body = text.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
        let sum = ListDigest.of(StoredOctets(Array(body.utf8))).hexString
        try write(Array("\(body)sha256 \(sum)\n".utf8), to: manifest)
        try FileManager.default.removeItem(atPath: fixture.folder + "/akashi.sqlite")
        let platform = try await fixture.started()
        #expect(platform.inForce == nil)
        let events = try await platform.store.auditEntries(from: 0, of: nil, limit: 10)
        #expect(events.last?.leaf.contains("signature_invalid") == true)
    }
}
