import Foundation
import ListProbeKit
import PKIX
import RevocationIndexFiles
import RevocationUpdating
import Testing

@Suite("Lists that wait for operators, and imports, as files")
struct PendingListTests {
    let fixture: ListFixture

    init() throws { fixture = try ListFixture() }

    private var pendingFolder: String { fixture.lists + "/pending" }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: pendingFolder).sorted()
    }

    private func pending(_ octets: [UInt8], proposal: AcceptanceProposal? = nil) -> PendingList {
        PendingList(
            scopeID: String(repeating: "A", count: 64), sourceID: "source", issuerID: "issuer", refusal: .numberReset,
            mark: HighWaterMark(
                crlNumber: CRLNumber(7), thisUpdate: ProbeAuthority.start,
                digest: ListDigest.of(StoredOctets(octets))),
            nextUpdate: nil, entryCount: 3, size: octets.count, receivedAt: ProbeAuthority.start, proposal: proposal)
    }

    @Test("are the same after a restart, with what was proposed, and gone when they are removed")
    func restart() async throws {
        let octets = try fixture.authority.list(7)
        let reason = try #require(AcceptanceReason("確認した"))
        let proposal = AcceptanceProposal(
            actor: "first", reason: reason, proposedAt: ProbeAuthority.start,
            expiresAt: ProbeAuthority.start.advanced(bySeconds: 60))
        do {
            let store = try await fixture.started().lists.pendingLists
            #expect(try await store.pendingLists().isEmpty)
            try await store.keep(pending(octets), octets: StoredOctets(octets))
            try await store.update(pending(octets, proposal: proposal))
        }
        let store = try await fixture.started().lists.pendingLists
        #expect(try await store.pendingLists() == [pending(octets, proposal: proposal)])
        #expect(try await store.octets(of: pending(octets)).bytes == octets)
        try await store.remove(pending(octets))
        #expect(try await store.pendingLists().isEmpty)
        #expect(try names().isEmpty)
        await #expect(throws: ListStoreError.damaged) { try await store.octets(of: pending(octets)) }
    }

    @Test("are left out when a bit of their record has changed, and left-overs go with the next")
    func damaged() async throws {
        let platform = try await fixture.started()
        let (store, octets) = (platform.lists.pendingLists, try fixture.authority.list(7))
        try await store.keep(pending(octets), octets: StoredOctets(octets))
        let record = pendingFolder + "/" + (try #require(names().first { $0.hasSuffix(".json") }))
        let whole = try RevocationIndexFilesTests.octets(of: record)
        for index in stride(from: 0, to: whole.count, by: 37) {
            var changed = whole
            changed[index] ^= 4
            try write(changed, to: record)
            #expect(try await store.pendingLists().isEmpty)
        }
        try FileManager.default.removeItem(atPath: record)
        try write([1], to: pendingFolder + "/x.json.partial")
        let other = try fixture.authority.list(8)
        try await store.keep(pending(other), octets: StoredOctets(other))
        #expect(try names().count == 2)
        #expect(try await store.pendingLists() == [pending(other)])
    }

    @Test("An import is a file that the store takes over; one that is given up is gone")
    func imports() async throws {
        let platform = try await fixture.started()
        let octets = try fixture.authority.list(1)
        let incoming = fixture.lists + "/incoming"
        do {
            let given = try await platform.lists.imports.begin()
            try await given.append(Array(octets.prefix(100)))
        }
        // The worker lets go of it a moment after the answer.
        for _ in 0..<200 where try !FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty)
        let writer = try await platform.lists.imports.begin()
        try await writer.append(Array(octets.prefix(100)))
        try await writer.append(Array(octets.dropFirst(100)))
        let list = try await writer.finish()
        #expect(list.octets.bytes == octets && list.spool != nil)
        await #expect(throws: ListStoreError.self) { try await writer.append([1]) }
        #expect(try await platform.offer(list) == "activated")
        #expect(platform.number == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: incoming).isEmpty)
    }
}
