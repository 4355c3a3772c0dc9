import AsyncHTTPClient
import CertificateIssuing
import JPKIProfile
import Logging
import NIOCore
import NIOHTTP1
import Organizations
import PKIX
import RevocationLists
import SandboxAuthority
import Testing

@Suite("A nation's partitions in the sandbox")
struct PartitionTests {
    private let clock = HandSetClock()

    private func list(_ sandbox: Sandbox, _ id: String) throws -> CertificateList {
        try CertificateList(der: try #require(try sandbox.serve(list: id).octets))
    }

    private func partitions(_ sandbox: Sandbox) throws -> [PublishedList] {
        try sandbox.lists().filter(\.list.isPartition)
    }

    @Test("At full scale, sizes are those of a nation: the median, the largest and the sum")
    func sizes() {
        let plan = PartitionPlan(count: PartitionPlan.nation, scale: 1)
        let sizes = plan.sizes.sorted()
        #expect(sizes.count == 1_741)
        #expect((6_000...17_000).contains(sizes[870]))
        #expect((300_000...900_000).contains(sizes[1_740]))
        #expect((10_000_000...30_000_000).contains(sizes.reduce(0, +)))
        #expect(Set(plan.municipalities.map(\.code)).count == 1_741)
        #expect(Set(plan.municipalities.map(\.label)).count == 1_741)
        #expect(plan.municipalities.allSatisfy { ["97", "98"].contains($0.code.digits.prefix(2)) })
        #expect(PartitionPlan(count: 9_999, scale: 0).municipalities.count == PartitionPlan.mostPartitions)
    }

    @Test("Each list has its own entries and its own names, and no serial number stands on two")
    func lists() throws {
        let sandbox = try clock.sandbox { $0.partitions = PartitionPlan(count: 40, scale: 0.002) }
        var (serials, points) = (Set<SerialNumber>(), Set<[GeneralName]>())
        var entries = 0
        for published in try partitions(sandbox) {
            let list = try list(sandbox, published.list.id)
            #expect(list.entryCount == published.entryCount && published.der == nil)
            #expect(list.crlNumber == CRLNumber(published.number))
            let names = try #require(list.issuingDistributionPoint?.name?.names(below: list.issuer))
            #expect(names.count == 2)
            points.insert(names)
            try list.forEachEntry { serials.insert($0.serialNumber) }
            entries += list.entryCount
        }
        #expect(points.count == 40)
        #expect(serials.count == entries && entries > 40 * 8)
        #expect(serials.allSatisfy { ($0.unsigned64 ?? 0) <= 100_000_000 })
    }

    @Test("A resident's revocation stands on the list of their municipality alone, from the next publication on")
    func resident() throws {
        let sandbox = try clock.sandbox { $0.partitions = PartitionPlan(count: 5, scale: 0.001) }
        var request = MintRequest()
        request.municipality = sandbox.municipalities.last
        let resident = try sandbox.mint(request)
        let item = try #require(resident.certificate(.cardDigitalSignature))
        let own = "sandbox-card-sign-g2/\(resident.municipality.code.digits)"
        let before = try list(sandbox, own)
        let points = item.certificate.extensions.cRLDistributionPoints?.compactMap(\.name)
        #expect(points == before.issuingDistributionPoint?.name.map { [$0] })
        try sandbox.revoke(resident.id, kind: .cardDigitalSignature, reason: .superseded)
        // Unpublished: the same octets as before, whatever was revoked meanwhile.
        #expect(try list(sandbox, own).der == before.der)
        let tag = try sandbox.entityTag(list: own)
        try sandbox.publishLists()
        #expect(try sandbox.entityTag(list: own) != tag)
        for published in try partitions(sandbox) {
            let list = try list(sandbox, published.list.id)
            let entry = try list.entry(for: item.serialNumber, issuer: item.certificate.issuer)
            #expect(entry?.reason == (published.list.id == own ? .superseded : nil))
        }
    }

    @Test("Without publication a list ends; with it every day there is a new one")
    func publication() throws {
        for (publication, ends) in [(SandboxSettings.Publication.daily, false), (.whenTold, true)] {
            let clock = HandSetClock()
            let sandbox = try clock.sandbox {
                $0.partitions = PartitionPlan(count: 1, scale: 0.001)
                ($0.publication, $0.listValidity) = (publication, 3_600)
            }
            let id = try #require(try partitions(sandbox).first).list.id
            clock.advance(bySeconds: 5 * 86_400)
            let nextUpdate = try #require(try list(sandbox, id).nextUpdate)
            #expect((nextUpdate < clock.now) == ends)
        }
    }

    @Test("A client that names the list it has is not sent it again, unless a fault is set or a new one is out")
    func entityTags() async throws {
        var logger = Logger(label: "sandbox-test")
        logger.logLevel = .critical
        let settings = clock.settings { $0.partitions = PartitionPlan(count: 2, scale: 0.001) }
        let server = try await SandboxServer.start(settings, logger: logger)
        do {
            let published = try #require(try partitions(server.sandbox).first)
            let url = server.baseURL + published.list.path
            func ask(_ tag: String?) async throws -> (Int, String?, [UInt8]) {
                var request = HTTPClientRequest(url: url)
                if let tag { request.headers.add(name: "If-None-Match", value: tag) }
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
                let body = try await response.body.collect(upTo: 1_048_576)
                return (Int(response.status.code), response.headers.first(name: "ETag"), Array(body.readableBytesView))
            }
            let first = try await ask(nil)
            let served = try server.sandbox.serve(list: published.list.id).octets
            #expect(first.0 == 200 && first.2 == served)
            let tag = try #require(first.1)
            let second = try await ask(tag)
            #expect(second.0 == 304 && second.2.isEmpty)
            #expect(try await ask("\"1\"").0 == 200)
            try server.sandbox.set(.malformed, on: .everyList)
            let spoiled = try await ask(tag)
            #expect(spoiled.0 == 200 && spoiled.1 == nil)
            server.sandbox.faults.clearAll()
            try server.sandbox.publishLists(id: published.list.id)
            let third = try await ask(tag)
            #expect(third.0 == 200 && third.1 != tag && third.2 != first.2)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }
}
