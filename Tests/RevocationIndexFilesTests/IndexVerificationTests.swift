import CertificateIssuing
import Foundation
import ListProbeKit
import PKIX
import RevocationIndexFiles
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Testing

@Suite("Indices compared with their lists by other code")
struct IndexVerificationTests {
    let authority: IssuingAuthority

    init() throws { authority = try ProbeAuthority().authority }

    private func pass(_ entries: [RevokedEntry]) throws -> ListPass {
        let list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: ProbeAuthority.start,
            nextUpdate: nil, entries: entries, crlNumber: CRLNumber(1))
        let der = try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try authority.key.signature(over: $0, scheme: authority.scheme)
        }
        return try ListPass.over(StoredOctets(der))
    }

    private func entry(_ magnitude: [UInt8], _ reason: RevocationReason?, after seconds: Int64 = 0) throws
        -> RevokedEntry
    {
        RevokedEntry(
            serialNumber: try #require(SerialNumber(magnitude: magnitude)),
            revokedAt: ProbeAuthority.start.advanced(bySeconds: seconds - 86_400), reason: reason)
    }

    /// Counting, short, long and doubled serials, every reason, dates before 1970 and an invalidityDate.
    private func mixture(doubled: [RevokedEntry] = []) throws -> [RevokedEntry] {
        var entries = try (1...5_000).map { number in
            try entry([UInt8(number >> 8), UInt8(number & 0xFF)], .superseded, after: Int64(number))
        }
        entries += try (0..<300).map { number in
            try entry([0x7F] + (0..<15).map { UInt8(truncatingIfNeeded: number &* 37 &+ $0) }, nil, after: 3)
        }
        entries += try (0..<40).map { try entry([0x41] + [UInt8](repeating: UInt8($0), count: 19), .certificateHold) }
        entries.append(try entry([0x30, 0, 0, 1], .keyCompromise, after: -4_000_000_000))
        entries.append(
            RevokedEntry(
                serialNumber: SerialNumber(9_999_999), revokedAt: ProbeAuthority.start, reason: .keyCompromise,
                invalidityDate: ProbeAuthority.start.advanced(bySeconds: -5)))
        return entries + doubled
    }

    @Test("An index says what its list says, with serials of all lengths, doubled ones and unusual entries")
    func exact() throws {
        let doubled = [try entry([5], .certificateHold), try entry([6], .keyCompromise, after: -4_000_000_000)]
        let pass = try pass(try mixture(doubled: doubled))
        let found = IndexVerification(of: pass.list, in: try pass.makeImage(issuerKey: nil))
        #expect(found.isExact, "\(found)")
        #expect(found.entries == 5_344)
    }

    @Test("An entry too many, one too few and one with another date are each found")
    func deviations() throws {
        let entries = try mixture()
        let full = try pass(entries)
        let fewer = try pass(Array(entries.dropLast()))
        let missing = IndexVerification(of: full.list, in: try fewer.makeImage(issuerKey: nil))
        #expect(missing.missing == 1 && missing.different == 0 && missing.extra == 0 && !missing.isExact)
        let extra = IndexVerification(of: fewer.list, in: try full.makeImage(issuerKey: nil))
        #expect(extra.extra == 1 && extra.missing == 0 && extra.different == 0 && !extra.isExact)
        var changed = entries
        changed[99] = try entry(Array(entries[99].serialNumber.octets), .superseded, after: 1_000_000)
        let other = IndexVerification(of: full.list, in: try pass(changed).makeImage(issuerKey: nil))
        #expect(other.different == 1 && other.extra == 1 && other.missing == 0 && !other.isExact)
    }

    @Test("The published files of a folder are compared beside the process that has it")
    func published() async throws {
        let fixture = try ListFixture()
        let platform = try await fixture.started()
        for number in 1...2 as ClosedRange<UInt64> { #expect(try await platform.offer(number) == "activated") }
        let published = try #require(try ListFolderReader(path: fixture.lists).published().first)
        #expect(published.sourceID == "probe" && published.crlNumber == "2")
        let found = IndexVerification(list: published.list, index: published.index)
        #expect(found.isExact && found.entries == 128)
        let former = try #require(try await platform.lists.archived(ofScope: published.scopeID).first)
        let other = try fixture.scopeFolder() + "/" + former.entry.mark.digest.hexString + ".crl"
        #expect(!IndexVerification(list: other, index: published.index).isExact)
        #expect(IndexVerification(list: other, index: other).refusal != nil)
    }
}
