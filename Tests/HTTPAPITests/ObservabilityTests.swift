import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Observability
import Synchronization
import Testing
import WireFormat

@Suite("Logs and metrics")
struct ObservabilityTests {
    private func line(_ log: (Logger) -> Void) throws -> JSONValue {
        let captured = CapturedLog()
        log(Logger(label: "test") { _ in captured.handler() })
        #expect(captured.all.count == 1)
        let text = try #require(captured.all.first)
        #expect(text.hasSuffix("\n"))
        #expect(!text.dropLast().contains("\n"))
        return try JSONValue(Array(text.utf8))
    }

    @Test("A value with quotes, newlines or control characters stays inside its line and its field")
    func escapes() throws {
        let json = try line { $0.warning("event", metadata: ["a": "x\"\n\\ \u{1}\u{2028}\u{7F}\",\"level\":\"info"]) }
        #expect(json["a"]?.text == "x\"\n\\ \u{1}\u{2028}\u{7F}\",\"level\":\"info")
        #expect(json["level"]?.text == "warning")
    }

    @Test("Metadata cannot take the place of time, level or event, and long values are cut")
    func reserved() throws {
        let json = try line {
            $0.info("event", metadata: ["level": "debug", "long": "\(String(repeating: "x", count: 9_999))"])
        }
        #expect(json["level"]?.text == "info")
        #expect(json["long"]?.text?.count == JSONLogHandler.longestValue)
        #expect(json["time"]?.text?.hasSuffix("Z") == true)
    }

    @Test("Numbers are numbers, lists are lists")
    func kinds() throws {
        let json = try line {
            $0.info("e", metadata: ["n": .stringConvertible(5), "l": ["a", "b"], "d": ["k": "v"]])
        }
        #expect(json["n"] == .number("5"))
        #expect(json["l"]?.elements == [.string("a"), .string("b")])
        #expect(json["d"]?["k"]?.text == "v")
    }

    @Test("Names and labels are made fit for Prometheus")
    func names() {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "9 bad-name", dimensions: [("a b", "x\"\\\n")]).increment(by: 2)
        #expect(registry.text() == "# TYPE _9_bad_name_total counter\n_9_bad_name_total{a_b=\"x\\\"\\\\\\n\"} 2\n")
    }

    @Test("A histogram's buckets are cumulative and end with +Inf")
    func histogram() {
        let registry = PrometheusRegistry()
        let timer = registry.makeTimer(label: "wait", dimensions: [("route", "/a")])
        for nanoseconds: Int64 in [1_000, 40_000_000, 60_000_000_000] { timer.recordNanoseconds(nanoseconds) }
        let text = registry.text()
        #expect(text.contains("wait_seconds_bucket{route=\"/a\",le=\"0.0005\"} 1\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/a\",le=\"0.05\"} 2\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/a\",le=\"30\"} 2\n"))
        #expect(text.contains("wait_seconds_bucket{route=\"/a\",le=\"+Inf\"} 3\n"))
        #expect(text.contains("wait_seconds_count{route=\"/a\"} 3\n"))
    }

    @Test("The text does not grow with what is sent: label values beyond the limit are counted as other")
    func cardinality() {
        let registry = PrometheusRegistry()
        for index in 0..<5_000 {
            registry.makeCounter(label: "hits", dimensions: [("who", "client-\(index)")]).increment(by: 1)
        }
        let lines = registry.text().split(separator: "\n")
        #expect(lines.count <= PrometheusRegistry.mostSeries + 2)
        #expect(lines.contains("hits_total{who=\"other\"} \(5_000 - PrometheusRegistry.mostSeries)"))
        for index in 0..<2_000 { registry.makeMeter(label: "m\(index)", dimensions: []).set(Int64(1)) }
        #expect(
            registry.text().split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.count
                <= PrometheusRegistry.mostMetrics)
    }

    @Test("A name that is used for two kinds keeps its first one")
    func conflictingKinds() {
        let registry = PrometheusRegistry()
        registry.makeMeter(label: "x_total", dimensions: []).set(Int64(3))
        registry.makeCounter(label: "x", dimensions: []).increment(by: 1)
        #expect(registry.text() == "# TYPE x_total gauge\nx_total 3\n")
    }

    @Test("Counts from many tasks are all there")
    func concurrency() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    for _ in 0..<100 { registry.makeCounter(label: "c", dimensions: [("a", "b")]).increment(by: 1) }
                }
            }
        }
        #expect(registry.text().contains("c_total{a=\"b\"} 5000\n"))
    }

    private func admin(_ readiness: Readiness, _ method: HTTPRequest.Method, _ path: String) async throws -> (
        Int, String
    ) {
        let responder = adminRouter(readiness: { readiness }, metrics: { "m 1\n" }).buildResponder()
        let captured = CapturedLog()
        let request = Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "a", path: path),
            body: RequestBody(buffer: ByteBuffer()))
        let response = try await responder.respond(
            to: request,
            context: PeerContext(
                source: TestSource(logger: Logger(label: "t") { _ in captured.handler() }), peer: .anonymous))
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return (response.status.code, String(decoding: writer.collected.withLock { $0 }, as: UTF8.self))
    }

    @Test("The admin listener tells life, readiness with its reasons, and metrics, and nothing else")
    func adminRoutes() async throws {
        #expect(try await admin(.ready, .get, "/livez") == (200, "ok\n"))
        #expect(try await admin(.ready, .get, "/readyz").0 == 200)
        let waiting = try await admin(.notReady(["store", "clock_untrusted"]), .get, "/readyz")
        #expect(waiting == (503, "not ready: clock_untrusted, store\n"))
        #expect(try await admin(.ready, .get, "/metrics") == (200, "m 1\n"))
        #expect(try await admin(.ready, .get, "/v1/issuers").0 == 404)
        #expect(try await admin(.ready, .post, "/readyz").0 == 405)
    }
}
