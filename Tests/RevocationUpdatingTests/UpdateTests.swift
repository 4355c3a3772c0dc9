import CertificateIssuing
import Organizations
import PKIX
import RevocationUpdating
import ServiceLifecycle
import Synchronization
import Testing
import Verification

@Suite("Lists that come into force")
struct UpdateTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private func list(_ number: UInt64, _ change: (inout ListRecipe) -> Void = { _ in }) throws -> [UInt8] {
        try ListRecipe(authority).with {
            $0.number = CRLNumber(number)
            $0.thisUpdate = noon.advanced(bySeconds: Int64(number) - 100)
            change(&$0)
        }.der()
    }

    @Test("not while the audit record cannot be written")
    func notWithoutRecord() async throws {
        var bench = bench
        bench.log = EventLog(failure: .unavailable(reason: "disk full"))
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(1))
        #expect(try await updater.refreshed() == "not_recorded")
        #expect(updater.holder.current.lists.isEmpty)
    }

    @Test("not while they cannot be kept")
    func notWithoutStore() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.store.content.withLock { $0.failure = .unavailable(reason: "disk full") }
        bench.fetcher.put(try list(1))
        #expect(try await updater.refreshed() == "not_recorded")
        #expect(updater.holder.current.lists.isEmpty)
        #expect(bench.log.kinds.isEmpty)
        bench.store.content.withLock { $0.failure = nil }
        #expect(try await updater.refreshed() == "activated")
    }

    @Test("not when a restart follows and an older one is offered")
    func markSurvivesRestart() async throws {
        let first = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "activated")

        let second = bench.updater([source(of: authority)])
        try await second.load()
        #expect(second.holder.current.lists.map(\.crlNumber) == [CRLNumber(7)])
        bench.fetcher.put(try list(6))
        #expect(try await second.refreshed() == "older_than_held")
        bench.fetcher.put(try list(7))
        #expect(try await second.refreshed() == "unchanged")
        bench.fetcher.put(try list(8))
        #expect(try await second.refreshed() == "activated")
    }

    @Test("not from a store that was changed, whose mark still holds")
    func damagedStore() async throws {
        let first = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "activated")
        bench.store.content.withLock { content in
            for digest in content.ders.keys { content.ders[digest]?[40] ^= 1 }
        }

        let second = bench.updater([source(of: authority)])
        try await second.load()
        #expect(second.holder.current.lists.isEmpty)
        #expect(second.holder.current.missingSources.map(\.id) == ["whole"])
        #expect(bench.log.all.last?.details["reason"] == "stored_list_damaged")
        bench.fetcher.put(try list(6))
        #expect(try await second.refreshed() == "older_than_held")
        bench.fetcher.put(try list(7))
        #expect(try await second.refreshed() == "activated")
    }

    @Test("not from a folder that was put back to an older state: the record has seen a newer list")
    func folderPutBack() async throws {
        let first = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "activated")
        let older = bench.store.content.withLock { $0 }
        bench.fetcher.put(try list(8))
        #expect(try await first.refreshed() == "activated")
        bench.store.content.withLock { $0 = older }

        let second = bench.updater([source(of: authority)])
        try await second.load()
        #expect(second.holder.current.lists.isEmpty)
        #expect(bench.log.all.last?.details["reason"] == "older_than_held")
        bench.fetcher.put(try list(7))
        #expect(try await second.refreshed() == "older_than_held")
        bench.fetcher.put(try list(8))
        #expect(try await second.refreshed() == "activated")
    }

    @Test("not older than the files say, when the record was put back to an older state")
    func recordPutBack() async throws {
        let first = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "activated")
        let older = bench.marks.content.withLock { $0 }
        bench.fetcher.put(try list(8))
        #expect(try await first.refreshed() == "activated")
        bench.marks.content.withLock { $0 = older }

        let second = bench.updater([source(of: authority)])
        try await second.load()
        #expect(second.holder.current.lists.map(\.crlNumber) == [CRLNumber(8)])
        #expect(bench.log.kinds.count { $0 == .crlActivated } == 3)
        #expect(bench.marks.content.withLock { $0.values.map(\.mark.crlNumber) } == [CRLNumber(8)])
        bench.fetcher.put(try list(7))
        #expect(try await second.refreshed() == "older_than_held")
    }

    @Test("once their record is written, when the process ended between publishing and recording")
    func publishedButNotRecorded() async throws {
        var failing = bench
        failing.log = EventLog(failure: .unavailable(reason: "disk full"))
        let first = failing.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "not_recorded")
        #expect(first.holder.current.lists.isEmpty)

        let second = bench.updater([source(of: authority)])
        try await second.load()
        #expect(second.holder.current.lists.map(\.crlNumber) == [CRLNumber(7)])
        #expect(bench.log.kinds == [.crlActivated])
    }

    @Test("once, however often the same list is offered")
    func sameListIsNoOperation() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await updater.refreshed() == "activated")
        for _ in 0..<3 { #expect(try await updater.refreshed() == "unchanged") }
        bench.fetcher.put(Array(PEM.Block(label: "X509 CRL", bytes: try list(7)).text.utf8))
        #expect(try await updater.refreshed() == "unchanged")
        #expect(bench.log.kinds == [.crlActivated])
        #expect(updater.holder.current.generation == 1)
    }

    @Test("expired, as stale, beside others")
    func expiredIsStale() async throws {
        let other = source("city", of: authority, scope: .distributionPoint(cityPoint("01100")))
        let updater = bench.updater([source(of: authority), other])
        bench.fetcher.put(try list(7) { $0.nextUpdate = noon.advanced(bySeconds: -10) })
        #expect(try await updater.refreshed() == "activated")
        bench.fetcher.put(try list(7) { $0.point = cityPoint("01100") })
        #expect(try await updater.refreshed("city") == "activated")
        #expect(updater.holder.current.lists(ofSource: "whole").map { $0.state(at: noon) } == [.stale])
        #expect(updater.holder.current.lists(ofSource: "city").map { $0.state(at: noon) } == [.active])
    }

    @Test("with numbers of twenty octets, ordered by value")
    func longNumbers() async throws {
        let long = try CRLNumber(
            DERReader.single(.integer, ([0x02, 20, 0x7F] + [UInt8](repeating: 0xFF, count: 19))[...], in: "number"))
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await updater.refreshed() == "activated")
        bench.fetcher.put(try list(8) { $0.number = long })
        #expect(try await updater.refreshed() == "activated")
        bench.fetcher.put(try list(9))
        #expect(try await updater.refreshed() == "number_reset")
    }

    @Test("from two sources, of which the second brings what the first has brought")
    func mirrors() async throws {
        let updater = bench.updater([source(of: authority), source("mirror", of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await updater.refreshed() == "activated")
        #expect(updater.holder.current.missingSources.map(\.id) == ["mirror"])
        #expect(try await updater.refreshed("mirror") == "unchanged")
        #expect(updater.holder.current.missingSources.isEmpty)
        #expect(updater.holder.current.lists.count == 1)
    }

    @Test("of the newest two processes that share a store")
    func sharedStore() async throws {
        let first = bench.updater([source(of: authority)])
        let second = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        #expect(try await first.refreshed() == "activated")
        bench.fetcher.put(try list(6))
        #expect(try await second.refreshed() == "older_than_held")
        bench.fetcher.put(try list(8))
        #expect(try await second.refreshed() == "activated")
        bench.fetcher.put(try list(7))
        #expect(try await second.refreshed() == "older_than_held")
    }

    @Test("under a reader, who keeps the set that it began with")
    func snapshots() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        _ = try await updater.refreshed()
        let snapshot = updater.holder.current
        bench.fetcher.put(try list(8))
        #expect(try await updater.refreshed() == "activated")
        #expect(snapshot.lists.map(\.crlNumber) == [CRLNumber(7)])
        #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(8)])
    }

    @Test("on schedule, as a service that ends when it is cancelled")
    func service() async throws {
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(try list(7))
        let service: any Service = updater
        let running = Task { try await service.run() }
        while updater.holder.current.lists.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        running.cancel()
        try await running.value
        #expect(bench.log.kinds == [.crlActivated])
        #expect(await updater.sourceStatuses.map { $0.lastOutcome?.outcomes.map(\.code) } == [["activated"]])
    }

    @Test("in hundreds of partitions, each about its own certificates")
    func partitions() async throws {
        let cities = (0..<300).map { String(10_000 + $0) }
        let sources = cities.map { source($0, of: authority, scope: .distributionPoint(cityPoint($0))) }
        let updater = bench.updater(sources, fetcher: try PartitionFetcher(authority: authority, without: "10007"))
        let outcomes = await updater.refreshAll(by: .operatorRequest(actor: "operator", requestID: "req_1"))
        #expect(outcomes.count == 300)
        #expect(updater.holder.current.lists.count == 299)
        #expect(updater.holder.current.missingSources.map(\.id) == ["10007"])
        #expect(bench.log.all.allSatisfy { $0.actor == "operator" && $0.requestID == "req_1" })

        let set = updater.holder.current
        let found = set.candidates(for: try resident(of: ["10008"]), signedBy: authority.key.publicKeyInfo)
        #expect(found.lists.map(\.sourceID) == ["10008"] && found.missing.isEmpty)
        let lost = set.candidates(for: try resident(of: ["10007"]), signedBy: authority.key.publicKeyInfo)
        #expect(lost.lists.isEmpty && lost.missing.map(\.id) == ["10007"])
        let unknown = set.candidates(for: try resident(of: ["99999"]), signedBy: authority.key.publicKeyInfo)
        #expect(unknown.lists.isEmpty && unknown.missing.isEmpty)
        let second = set.candidates(for: try resident(of: ["99999", "10001"]), signedBy: authority.key.publicKeyInfo)
        #expect(second.lists.map(\.sourceID) == ["10001"])
        let generation = try Authorities.generation(3).key.publicKeyInfo
        let other = set.candidates(for: try resident(of: ["10008"]), signedBy: generation)
        #expect(other.lists.isEmpty && other.missing.isEmpty)
    }

    private func resident(of cities: [String]) throws -> Certificate {
        try authority.issue(
            CertificateRequest(
                serialNumber: SerialNumber(5), subject: Authorities.otherName,
                publicKeyInfo: SigningKey.p256(seed: "resident").publicKeyInfo, notBefore: noon, notAfter: noon,
                extensions: [.cRLDistributionPoints(cities.map { DistributionPoint(name: cityPoint($0)) })]))
    }
}

/// A list a partition, and none for one city.
struct PartitionFetcher: CRLFetcher {
    let authority: IssuingAuthority
    let missing: String

    init(authority: IssuingAuthority, without missing: String) throws {
        (self.authority, self.missing) = (authority, missing)
    }

    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        guard source.id != missing,
            let der = try? ListRecipe(authority).with({ $0.point = cityPoint(source.id) }).der()
        else { return .failure(.connectionFailed) }
        return .fetched([FetchedList(octets: der)])
    }
}
