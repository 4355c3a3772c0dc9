import Foundation
import ListProbeKit
import Organizations
import PKIX
import RevocationIndexFiles
import RevocationUpdating
import SignatureAlgorithms
import Testing

@Suite("Damage in the list folder", .serialized)
struct DamageTests {
    /// What a start makes of the one scope, without a store beside it: it must never be silent about damage.
    private func finding(_ fixture: ListFixture) async throws -> String {
        let store: ListFileStore
        do {
            store = try ListFileStore(path: fixture.lists, environment: .sandbox, work: WorkInPlace())
        } catch {
            return "refused"
        }
        let key = try PublicKey(fixture.authority.source.issuerKey, suite: .current)
        let scope = try #require(try await store.scopes().first)
        guard scope.condition == .whole else {
            guard let held = scope.held else { return "lost" }
            let opened = try? await store.open(held, signedBy: key)
            if let opened { #expect(fixture.authority.faults(of: opened.verified).isEmpty) }
            return "rebuilt"
        }
        let held = try #require(scope.held)
        do throws(ListStoreError) {
            let opened = try await store.open(held, signedBy: key)
            #expect(fixture.authority.faults(of: opened.verified).isEmpty)
            return opened.condition == .whole ? "whole" : "image rebuilt"
        } catch {
            return "\(error)"
        }
    }

    @Test("one flipped bit of the manifest, at any place, is noticed, and the record is made again")
    func manifest() async throws {
        try await flipEveryOctet(of: "manifest", step: Thoroughness.step(of: 2), expecting: ["rebuilt"])
    }

    @Test("one flipped bit of the list, at any place, is noticed, and the list is not used")
    func list() async throws {
        try await flipEveryOctet(of: ".crl", step: Thoroughness.step(of: 11), expecting: ["damaged"])
    }

    @Test("one flipped bit of the index, at any place, is noticed, and the index is made again from the list")
    func image() async throws {
        try await flipEveryOctet(of: ".image", step: Thoroughness.step(of: 5), expecting: ["image rebuilt"])
    }

    @Test("a file cut short at any place is noticed")
    func cut() async throws {
        let fixture = try ListFixture()
        try await fixture.publish(1...2)
        for (ending, expected) in [("manifest", "rebuilt"), (".image", "image rebuilt"), (".crl", "damaged")] {
            let path = try fixture.file(ending)
            let whole = try octets(of: path)
            for length in stride(from: 0, to: whole.count, by: 41) {
                try write(Array(whole.prefix(length)), to: path)
                #expect(try await finding(fixture) == expected, "\(ending) of \(length) octets")
                if ending == "manifest" { try write(whole, to: path) }
            }
            try write(whole + [0], to: path)
            #expect(try await finding(fixture) == expected, "\(ending) with an octet more")
            try write(whole, to: path)
        }
        #expect(try await finding(fixture) == "whole")
    }

    /// Turns one bit of each octet (of each `step`th in a short run), another bit each time.
    private func flipEveryOctet(of ending: String, step: Int, expecting: Set<String>) async throws {
        let fixture = try ListFixture()
        try await fixture.publish(1...2)
        #expect(try await finding(fixture) == "whole")
        let path = try fixture.file(ending)
        let whole = try octets(of: path)
        #expect(whole.count > 100)
        for index in stride(from: 0, to: whole.count, by: step) {
            var damaged = whole
            damaged[index] ^= 1 << UInt8(index % 8)
            try write(damaged, to: path)
            let found = try await finding(fixture)
            #expect(expecting.contains(found), "\(ending), octet \(index): \(found)")
            try write(whole, to: path)
        }
        #expect(try await finding(fixture) == "whole")
    }
}

/// Runs in full with AKASHI_FULL=1; otherwise a share, for the tests of every day.
enum Thoroughness {
    static let isFull = ProcessInfo.processInfo.environment["AKASHI_FULL"] == "1"
    static func step(of reduced: Int) -> Int { isFull ? 1 : reduced }
}
