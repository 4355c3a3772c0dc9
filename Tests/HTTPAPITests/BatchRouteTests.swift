import BatchStatus
import Foundation
import HTTPTypes
import Hummingbird
import Organizations
import Testing
import WireFormat

@Suite("Bulk jobs over HTTP")
struct BatchRouteTests {
    private static let base = "/v1/status_batches"
    private static let lines = """
        {"ref":"a","issuer_id":"issuer-a","serial_number":"05"}
        {"ref":"b"}
        {"ref":"c","certificate":"AAAA"}
        """

    private func fixture(_ folder: BatchFolder, scopes: Set<Scope> = [.batch]) throws -> APIFixture {
        try APIFixture(scopes: scopes, batches: folder.service)
    }

    private func post(
        _ fixture: APIFixture, _ body: String = BatchRouteTests.lines, type: String = "application/x-ndjson",
        query: String = "?purpose=certificate_issuance", key: String? = nil
    ) async throws -> Exchange {
        var headers: HTTPFields = [.contentType: type]
        if let key { headers[fieldName("Idempotency-Key")] = key }
        return try await fixture.send(.post, BatchRouteTests.base + query, body: body, headers: headers)
    }

    private func finished(_ fixture: APIFixture, _ id: String) async throws -> Exchange {
        for _ in 0..<500 {
            let exchange = try await fixture.send(.get, "\(BatchRouteTests.base)/\(id)")
            if let state = exchange.json["state"]?.text, state != "queued", state != "running" { return exchange }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the job did not end")
        return try await fixture.send(.get, "\(BatchRouteTests.base)/\(id)")
    }

    @Test("What is no request for a job is refused with its code")
    func refused() async throws {
        let folder = try BatchFolder(BatchSettings(maximumLines: 3))
        let fixture = try fixture(folder)
        #expect(try await post(fixture, type: "application/json").problem == "unsupported_media_type")
        #expect(try await post(fixture, type: "text/plain").status == 415)
        #expect(try await post(fixture, query: "").faults == ["purpose missing"])
        #expect(try await post(fixture, query: "?purpose=certificate_issuance&x=1").problem == "invalid_argument")
        #expect(try await post(fixture, query: "?purpose=tax").problem == "purpose_not_allowed")
        #expect(try await post(fixture, query: "?purpose=certificate_issuance&policy_id=none").status == 400)
        #expect(try await post(fixture, "").faults == ["body missing"])
        let large = try await post(fixture, "1\n2\n3\n4\n")
        #expect(large.status == 413 && large.problem == "batch_too_large")
        #expect(large.headers[.connection] == "close")
        #expect(try await post(try self.fixture(folder, scopes: [.status])).problem == "scope_missing")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/jobs") == [])
    }

    @Test("A job is made, watched, read whole, in part and not again, listed and deleted")
    func whole() async throws {
        let folder = try BatchFolder()
        let fixture = try fixture(folder)
        let document = try APIDocument()
        try await folder.running {
            let made = try await post(fixture, key: "k-1")
            #expect(made.status == 202)
            #expect(document.faults(made, "StatusBatch") == [])
            let id = try #require(made.json["id"]?.text)
            #expect(made.headers[.location] == "\(BatchRouteTests.base)/\(id)")
            let again = try await post(fixture, key: "k-1")
            #expect(again.json["id"]?.text == id && again.headers[fieldName("Idempotent-Replayed")] == "true")
            #expect(try await post(fixture, "other", key: "k-1").problem == "idempotency_key_reused")

            let done = try await finished(fixture, id)
            #expect(document.faults(done, "StatusBatch") == [])
            #expect(done.json["state"]?.text == "succeeded")
            #expect(done.json["crl_set"]?["digest"]?.text == "none")

            let path = "\(BatchRouteTests.base)/\(id)/items"
            let items = try await fixture.send(.get, path)
            let lines = items.text.split(separator: "\n")
            #expect(items.status == 200 && lines.count == 3)
            for line in lines {
                let value = try JSONValue(Array(line.utf8))
                let schema: JSONValue = .object(["$ref": .string("#/components/schemas/StatusBatchItem")])
                #expect(document.checker.faults(value, against: schema) == [])
            }
            let tag = try #require(items.headers[.eTag])
            #expect(try await fixture.send(.get, path, headers: [.ifNoneMatch: tag]).status == 304)
            let part = try await fixture.send(.get, path, headers: [.range: "bytes=2-9"])
            #expect(part.status == 206 && part.octets == Array(items.octets[2...9]))
            #expect(part.headers[.contentRange] == "bytes 2-9/\(items.octets.count)")
            #expect(try await fixture.send(.get, path, headers: [.range: "bytes=-5"]).octets == items.octets.suffix(5))
            #expect(try await fixture.send(.get, path, headers: [.range: "bytes=99999-"]).status == 416)
            #expect(
                try await fixture.send(.get, path, headers: [.range: "bytes=0-1", .ifRange: "\"x\""]).status == 200)
            #expect(try await fixture.send(.get, path, headers: [.accept: "image/png"]).status == 406)

            let list = try await fixture.send(.get, BatchRouteTests.base)
            #expect(document.faults(list, "StatusBatchPage") == [])
            #expect(
                try await fixture.send(.post, "\(BatchRouteTests.base)/\(id)/cancel").json["state"]?.text == "succeeded"
            )
            #expect(try await fixture.send(.delete, "\(BatchRouteTests.base)/\(id)").status == 204)
            #expect(try await fixture.send(.get, path).status == 404)
        }
    }

    @Test("A stranger's requests about a job are answered as those about none")
    func isolation() async throws {
        let folder = try BatchFolder()
        let fixture = try fixture(folder)
        let id = try #require(try await post(fixture).json["id"]?.text)
        for name in [id, "stb_00000000000000000000000000", "..%2F..%2Fetc"] {
            for (method, suffix) in [(HTTPRequest.Method.get, ""), (.get, "/items"), (.post, "/cancel"), (.delete, "")]
            {
                let exchange = try await fixture.send(method, "\(BatchRouteTests.base)/\(name)\(suffix)", as: "other")
                #expect(exchange.status == 404 && exchange.problem == "not_found")
            }
        }
        #expect(try await fixture.send(.get, BatchRouteTests.base, as: "other").json["items"]?.elements.isEmpty == true)
        let items = try await fixture.send(.get, "\(BatchRouteTests.base)/\(id)/items")
        #expect(items.status == 409 && items.problem == "batch_not_finished")
        #expect(
            try await fixture.send(.post, "\(BatchRouteTests.base)/\(id)/cancel").json["state"]?.text == "cancelled")
        #expect(try await fixture.send(.get, "\(BatchRouteTests.base)/\(id)/items").problem == "batch_without_result")
    }

    @Test("Pages of jobs lead to one another, and to nobody else's")
    func pages() async throws {
        let folder = try BatchFolder()
        let fixture = try fixture(folder)
        var made: [String] = []
        for _ in 0..<5 { made.append(try #require(try await post(fixture).json["id"]?.text)) }
        var (seen, token): ([String], String?) = ([], nil)
        repeat {
            let query = token.map { "?page_size=2&page_token=\($0)" } ?? "?page_size=2"
            let page = try await fixture.send(.get, BatchRouteTests.base + query)
            seen += (page.json["items"]?.elements ?? []).compactMap { $0["id"]?.text }
            token = page.json["next_page_token"]?.text
            if let token {
                let stolen = try await fixture.send(.get, BatchRouteTests.base + "?page_token=\(token)", as: "other")
                #expect(stolen.status == 400)
            }
        } while token != nil
        #expect(seen == made.reversed())
    }
}
