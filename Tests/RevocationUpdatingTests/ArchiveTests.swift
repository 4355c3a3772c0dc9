import CertificateIssuing
import JPKIProfile
import PKIX
import PathValidation
import RevocationLists
import RevocationUpdating
import SignatureValidation
import Synchronization
import Testing
import Verification

@Suite("The archive, asked for the lists of then")
struct ArchiveTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private var issuer: Issuer {
        Issuer(id: "issuer-a", anchor: TrustAnchor(authority.certificate), kinds: [.cardDigitalSignature])
    }

    private func hour(_ number: Int64) -> ValidationTime { noon.advanced(bySeconds: 3_600 * (number - 20)) }

    private func updater(_ numbers: [UInt64], _ sources: [CRLSource]? = nil) async throws -> RevocationUpdater {
        let updater = bench.updater(sources ?? [source(of: authority)])
        for number in numbers {
            bench.fetcher.put(
                try ListRecipe(authority).with {
                    $0.number = CRLNumber(number)
                    $0.thisUpdate = hour(Int64(number))
                    $0.nextUpdate = hour(Int64(number) + 2)
                }.der())
            #expect(try await updater.refreshed() == "activated")
        }
        return updater
    }

    private func numbers(
        _ updater: RevocationUpdater, asOf time: ValidationTime
    ) async throws -> (found: [CRLNumber?], missing: ListEvidence.MissingSources) {
        let reader = ListArchiveReader(holder: updater.holder, store: bench.store)
        let trust = TrustSettings(issuers: [issuer], kinds: [:])
        guard case .held(let lists, let missing) = await reader.lists(for: nil, of: issuer, trust: trust, asOf: time)
        else { return ([], .none) }
        return (lists.map(\.verified.list.crlNumber), missing)
    }

    @Test("gives the newest whose thisUpdate is not later, and never one that is")
    func newest() async throws {
        let updater = try await updater([1, 5, 9])
        for (time, expected) in [(Int64(9), UInt64(9)), (12, 9), (8, 5), (5, 5), (4, 1), (1, 1)] {
            let answer = try await numbers(updater, asOf: hour(time))
            #expect(answer.found == [CRLNumber(expected)] && answer.missing == .none, "\(time)")
        }
        let none = try await numbers(updater, asOf: hour(0))
        #expect(none.found.isEmpty && none.missing == .some)
    }

    @Test("that is damaged or cannot be read has no list of then, and no other stands in for it")
    func damaged() async throws {
        let updater = try await updater([1, 5, 9])
        let fifth = try #require(bench.store.content.withLock { $0.archived.values.first?.last?.entry.mark.digest })
        bench.store.content.withLock { $0.ders[fifth]?[60] ^= 1 }
        let answer = try await numbers(updater, asOf: hour(6))
        #expect(answer.found.isEmpty && answer.missing == .some)
        #expect(try await numbers(updater, asOf: hour(3)).found == [CRLNumber(1)])
        bench.store.content.withLock { $0.failure = .unavailable(reason: "disk") }
        #expect(try await numbers(updater, asOf: hour(3)).missing == .some)
    }

    @Test("has the delta lists of then too, also when they have left the set since")
    func deltas() async throws {
        let delta = CRLSource(
            id: "delta", issuerID: "issuer-a", issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
            location: .http(url: "http://lists.invalid/d.crl"), scope: .complete, form: .delta)
        let updater = try await updater([1], [source(of: authority), delta])
        for number in [UInt64(2), 3] {
            bench.fetcher.put(
                try ListRecipe(authority).with {
                    $0.number = CRLNumber(number)
                    $0.base = CRLNumber(1)
                    $0.thisUpdate = hour(Int64(number))
                }.der())
            #expect(try await updater.refreshed("delta") == "activated")
        }
        #expect(Set(try await numbers(updater, asOf: hour(3)).found) == [CRLNumber(1), CRLNumber(3)])
        #expect(Set(try await numbers(updater, asOf: hour(2)).found) == [CRLNumber(1), CRLNumber(2)])
        bench.fetcher.put(
            try ListRecipe(authority).with {
                $0.number = CRLNumber(4)
                $0.thisUpdate = hour(4)
            }.der())
        #expect(try await updater.refreshed() == "activated")
        #expect(updater.holder.current.lists.count == 1)
        #expect(Set(try await numbers(updater, asOf: hour(2)).found) == [CRLNumber(1), CRLNumber(2)])
        #expect(try await numbers(updater, asOf: hour(4)).found.contains(CRLNumber(4)))
    }

    @Test("gives a list by its id, and those of a source, the latest first")
    func byID() async throws {
        let updater = try await updater([1, 5, 9])
        let reader = ListArchiveReader(holder: updater.holder, store: bench.store)
        let archived = try await reader.archived(ofSource: "whole")
        #expect(archived.map(\.entry.mark.crlNumber) == [CRLNumber(5), CRLNumber(1)])
        let first = try #require(archived.last).entry.mark
        let list = try #require(await reader.archivedList(ListReference(digest: first.digest).id))
        #expect(list.verified.list.crlNumber == CRLNumber(1))
        #expect(await reader.archivedList("crl_00") == nil)
        #expect(try await reader.archived(ofSource: "other").isEmpty)
    }
}
