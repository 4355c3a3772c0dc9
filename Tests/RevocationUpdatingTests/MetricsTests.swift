import CertificateIssuing
import Metrics
import OCSPOverHTTP
import Observability
import OutgoingHTTP
import PKIX
import RevocationUpdating
import Testing

/// The process's one metrics system; other tests write into it too, so names here are their own.
let sharedRegistry: PrometheusRegistry = {
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    return registry
}()

@Suite("Metrics")
struct MetricsTests {
    let bench = Bench()

    private func source(_ id: String, of issuer: String) throws -> CRLSource {
        let authority = try Authorities.generation(2)
        return CRLSource(
            id: id, issuerID: issuer, issuerName: authority.name, issuerKey: authority.key.publicKeyInfo,
            location: .file(path: "/"), scope: .distributionPoint(cityPoint(id)))
    }

    /// The value of the line that begins with `series`; nil when there is none.
    private func value(_ series: String) -> Double? {
        sharedRegistry.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    @Test("count each refusal under its name, also when the audit trail has it already")
    func refusals() async throws {
        _ = sharedRegistry
        let updater = bench.updater([try source("a", of: "metrics-refused")])
        bench.fetcher.put(Array("<html>".utf8))
        for _ in 0..<3 { _ = try await updater.refreshed("a") }
        #expect(value("akashi_crl_refused_total{issuer=\"metrics-refused\",reason=\"malformed\"}") == 3)
        #expect(bench.log.kinds.count == 1)
    }

    @Test("tell age, entries and absence of each source")
    func ages() async throws {
        _ = sharedRegistry
        let updater = bench.updater([try source("a", of: "metrics-age"), try source("b", of: "metrics-age")])
        let authority = try Authorities.generation(2)
        bench.fetcher.put(
            try ListRecipe(authority).with {
                $0.point = cityPoint("a")
                $0.thisUpdate = noon.advanced(bySeconds: -3_600)
            }.der())
        #expect(try await updater.refreshed("a") == "activated")
        updater.publishMetrics()
        #expect(value("akashi_crl_age_seconds{issuer=\"metrics-age\",source=\"a\"}") == 3_600)
        #expect(value("akashi_crl_entries{issuer=\"metrics-age\",source=\"a\"}") == 3)
        #expect(value("akashi_crl_age_seconds{issuer=\"metrics-age\",source=\"b\"}") == nil)
        #expect(value("akashi_crl_sources_without_list{issuer=\"metrics-age\",source=\"b\"}") == 1)
    }

    @Test("of an issuer with very many sources are added up")
    func manySources() async throws {
        _ = sharedRegistry
        let updater = bench.updater(try (0..<1_741).map { try source(String($0), of: "metrics-many") })
        updater.publishMetrics()
        #expect(value("akashi_crl_sources_without_list{issuer=\"metrics-many\",source=\"all\"}") == 1_741)
        #expect(!sharedRegistry.text().contains("issuer=\"metrics-many\",source=\"7\""))
    }

    @Test("count answers of responders and show their breakers")
    func responders() async throws {
        _ = sharedRegistry
        let client = OutgoingHTTPClient()
        let responder = OCSPOverHTTPResponder(client: client, settings: .init(breaker: .init(failuresToOpen: 1)))
        let url = "http://127.0.0.1:1/metrics"
        _ = await responder.ask([1], at: url)
        _ = await responder.ask([1], at: url)
        await client.shutdown()
        #expect(value("akashi_ocsp_requests_total{result=\"connection_failed\",upstream=\"\(url)\"}") == 1)
        #expect(value("akashi_ocsp_requests_total{result=\"breaker_open\",upstream=\"\(url)\"}") == 1)
        #expect(value("akashi_upstream_breaker_state{upstream=\"\(url)\"}") == 2)
    }
}
