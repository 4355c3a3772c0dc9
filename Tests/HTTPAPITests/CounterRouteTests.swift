import CounterService
import HTTPTypes
import Organizations
import Synchronization
import Testing
import Verification
import WireFormat

/// `/v1/counter_procedures` and `/v1/counter_sessions`, over TLS as a terminal calls them.
@Suite("The counter over HTTP", .serialized)
struct CounterRouteTests {
    @Test("From the offers to the order and back: every answer is as the document describes it, and names nobody")
    func whole() async throws {
        let document = try APIDocument()
        try await CounterHall.run { hall in
            let offers = try await hall.send("GET", "/v1/counter_procedures")
            #expect(offers.status == 200 && document.faults(offers, "CounterProcedureCollection") == [])
            let items = offers.json["items"]?.elements ?? []
            #expect(items.map { $0["id"]?.text } == ["juminhyo", "inkan", "koseki"])
            #expect(items.map { $0["availability"]?.text } == ["open", "open", "closed"])

            let opened = try await hall.send("POST", "/v1/counter_sessions", #"{"language":"vi"}"#)
            #expect(opened.status == 201 && document.faults(opened, "CounterSession") == [])
            #expect(opened.json["challenge"]?["nonce"]?.text != nil && opened.json["reception_number"] == .null)
            let path = "/v1/counter_sessions/\(try #require(opened.json["id"]?.text))"
            #expect(opened.headers[.location] == path)

            let identified = try await hall.identify(path)
            #expect(identified.status == 200 && document.faults(identified, "CounterIdentification") == [])
            #expect(identified.json["session"]?["state"]?.text == "identified")
            #expect(identified.json["verification"]?["result"]?.text == "valid")
            // 世帯の一部 is offered: names alone, once.
            #expect(identified.json["household"]?.elements.count == 2)
            #expect(!identified.text.contains("R-000017") && !identified.text.contains("m-2"))

            let ordered = try await hall.send("POST", path + "/submit", CounterHall.order())
            #expect(ordered.status == 200 && document.faults(ordered, "CounterSession") == [])
            #expect(ordered.json["state"]?.text == "applied" && ordered.json["fee"]?["state"]?.text == "due")
            let read = try await hall.send("GET", path)
            #expect(read.status == 200 && read.json == ordered.json)

            let left = try await hall.send("POST", path + "/void")
            #expect(left.status == 200 && document.faults(left, "CounterSession") == [])
            #expect(["voiding", "voided"].contains(left.json["state"]?.text))
            for answer in [ordered, read, left] { #expect(!answer.text.contains("見本")) }
        }
    }

    @Test("Another terminal's application, another municipality's and none at all are one 404")
    func notFound() async throws {
        try await CounterHall.run { hall in
            let path = try await hall.identified()
            let nobody = "/v1/counter_sessions/app_00000000000000000000000000"
            for (client, path) in [
                ("kiosk-2", path), ("other", path), ("city", nobody), ("city", "/v1/counter_sessions/1"),
            ] {
                let (proof, order) = (CounterHall.proof("juminhyo"), CounterHall.order())
                for (method, rest, body) in [
                    ("GET", "", nil), ("POST", "/identify", proof), ("POST", "/submit", order), ("POST", "/void", nil),
                ] as [(String, String, String?)] {
                    let answer = try await hall.send(method, path + rest, as: client, body)
                    try expect(answer, 404, "not_found", [])
                }
            }
            // A client of a municipality without a counter.
            try expect(try await hall.send("GET", "/v1/counter_procedures", as: "other"), 404, "not_found", [])
            try expect(try await hall.send("POST", "/v1/counter_sessions", as: "other", "{}"), 404, "not_found", [])
            // The neighbours' looks have changed nothing.
            #expect(try await hall.send("GET", path).json["state"]?.text == "identified")
            // The challenge of another application is none of this one's.
            let opened = try await hall.open()
            let foreign = CounterHall.proof("juminhyo", challenge: "chl_ZZZZZZZZZZZZZZZZZZZZZZZZZZ")
            try expect(try await hall.send("POST", opened + "/identify", foreign), 404, "not_found", [])
        }
    }

    @Test("A step out of turn, and one that rests on an old version, is a 409 that says so")
    func conflict() async throws {
        try await CounterHall.run { hall in
            let path = try await hall.open()
            let early = try await hall.send("POST", path + "/submit", CounterHall.order())
            try expect(early, 409, "session_state_conflict", ["counter_wrong_state"])
            #expect(try await hall.identify(path).status == 200)
            try expect(try await hall.identify(path), 409, "session_state_conflict", ["counter_wrong_state"])
            let old = try await hall.send("POST", path + "/submit", CounterHall.order(["version": "0"]))
            try expect(old, 409, "session_state_conflict", ["counter_conflict"])
            let version = try #require(try await hall.send("GET", path).json["version"]?.integer)
            let order = CounterHall.order(["version": String(version)])
            #expect(try await hall.send("POST", path + "/submit", order).status == 200)
            let again = try await hall.send("POST", path + "/submit", CounterHall.order())
            try expect(again, 409, "session_state_conflict", ["counter_wrong_state"])
        }
    }

    @Test("What the procedure does not offer is a 422 with the reason, and the application stays as it was")
    func orderRefused() async throws {
        try await CounterHall.run { hall in
            let path = try await hall.identified()
            let before = try await hall.send("GET", path).json
            for (changes, reason) in [
                (["procedure_id": #""nothing""#], "counter_unknown_procedure"),
                (["procedure_id": #""koseki""#], "counter_closed"),
                (["scope": #""household""#], "counter_scope_not_offered"),
                (["scope": #""selected""#, "members": #"["nobody"]"#], "counter_members_invalid"),
                (["details": #"["domicile"]"#], "counter_detail_not_offered"),
                (["fiscal_year": "2025"], "counter_fiscal_year_not_offered"),
                (["copies": "6"], "counter_copies_out_of_range"),
                (["exemption": #""nothing""#], "counter_exemption_unknown"),
                // Identified under another procedure's freshness.
                (["procedure_id": #""inkan""#], "counter_identification_policy"),
            ] {
                let answer = try await hall.send("POST", path + "/submit", CounterHall.order(changes))
                try expect(answer, 422, "order_refused", [reason])
            }
            #expect(try await hall.send("GET", path).json == before)
        }
    }

    @Test("A body or a query that is none is a 400 that names the place")
    func invalid() async throws {
        try await CounterHall.run { hall in
            let path = try await hall.open()
            for (method, path, body) in [
                ("POST", "/v1/counter_sessions", #"{"language":1}"#), ("POST", "/v1/counter_sessions", "["),
                ("POST", path + "/identify", "{}"), ("POST", path + "/submit", "{}"),
                ("POST", path + "/submit", CounterHall.order(["copies": "0"])),
                ("GET", path + "?after_version=-1", nil), ("GET", path + "?after_version=0&wait_seconds=21", nil),
                ("GET", path + "?wait=1", nil), ("GET", "/v1/counter_procedures?all=1", nil),
            ] as [(String, String, String?)] {
                let answer = try await hall.send(method, path, body)
                try expect(answer, 400, "invalid_argument", nil)
                #expect(!answer.faults.isEmpty, "\(method) \(path)")
            }
        }
    }

    @Test("A register that hangs is a 503 before the card, with when to come again")
    func registerAway() async throws {
        try await CounterHall.run { hall in
            hall.register.answer.withLock { $0 = .failed(.timedOut) }
            for _ in 0..<4 {
                let answer = try await hall.identify(try await hall.open())
                #expect(answer.status == 200 && answer.json["session"]?["state"]?.text == "voided")
                #expect(answer.json["session"]?["code"]?.text == "register_unavailable", "\(answer.text)")
            }
            let refused = try await hall.send("POST", "/v1/counter_sessions", "{}")
            try expect(refused, 503, "issuer_unavailable", [])
            #expect(refused.headers[fieldName("retry-after")] == "10")
        }
    }

    @Test("While the issuing is stopped an order is a 503, and so is everything that the verification cannot do now")
    func notNow() async throws {
        try await CounterHall.run { hall in
            let (path, other) = (try await hall.identified(), try await hall.identified())
            try await hall.stopIssuing(other)
            let stopped = try await hall.send("POST", path + "/submit", CounterHall.order())
            try expect(stopped, 503, "issuing_stopped", [])
        }
        try await CounterHall.run({ $0.challenge = .failure(.serviceNotReady) }) { hall in
            let refused = try await hall.send("POST", "/v1/counter_sessions", "{}")
            try expect(refused, 503, "service_not_ready", [])
            #expect(refused.headers[fieldName("retry-after")] == "5")
        }
    }

    @Test("What the verification refuses keeps its own code, and the application stays open")
    func verificationRefused() async throws {
        for (error, status, code) in [
            (ServiceError.challengeExpired, 410, "challenge_expired"),
            (.challengeAlreadyUsed, 409, "challenge_already_used"), (.serviceNotReady, 503, "service_not_ready"),
        ] {
            try await CounterHall.run({ $0.verification = .failure(error) }) { hall in
                let path = try await hall.open()
                try expect(try await hall.identify(path), status, code, [])
                #expect(try await hall.send("GET", path).json["state"]?.text == "open")
            }
        }
    }

    @Test("Without the scope, and without a counter, there is none")
    func closed() async throws {
        let plain = try APIFixture()
        for path in ["/v1/counter_procedures", "/v1/counter_sessions/app_00000000000000000000000000"] {
            try expect(try await plain.send(.get, path), 403, "scope_missing", [])
            try expect(try await APIFixture(scopes: [.counter]).send(.get, path), 404, "not_found", [])
        }
    }

    @Test("A reader who has the newest version waits for the next one; with an older one, or no wait, nobody waits")
    func longPolling() async throws {
        try await CounterHall.run { hall in
            let path = try await hall.identified()
            let now = try await hall.send("GET", path)
            let version = try #require(now.json["version"]?.integer)
            for query in ["after_version=\(version - 1)&wait_seconds=20", "after_version=\(version)"] {
                #expect(try await hall.send("GET", "\(path)?\(query)").json == now.json, "\(query)")
            }
            // Nothing happens: the answer comes when the time is over, as it was.
            #expect(try await hall.send("GET", "\(path)?after_version=\(version)&wait_seconds=1").json == now.json)
            async let waiting = hall.send("GET", "\(path)?after_version=\(version)&wait_seconds=20")
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await hall.send("POST", path + "/submit", CounterHall.order()).status == 200)
            let next = try await waiting
            #expect(try APIDocument().faults(next, "CounterSession") == [])
            #expect(next.json["state"]?.text == "applied" && (next.json["version"]?.integer ?? 0) > version)
        }
    }

    /// A problem document of this status and code, as the document describes problems.
    ///
    /// - Parameter reasons: the codes of its faults; nil for any.
    private func expect(_ answer: Exchange, _ status: Int, _ code: String, _ reasons: [String]?) throws {
        #expect(answer.status == status && answer.problem == code, "\(answer.text)")
        #expect(try APIDocument().faults(answer, "Problem") == [])
        let found = (answer.json["errors"]?.elements ?? []).compactMap { $0["code"]?.text }
        if let reasons { #expect(found == reasons) }
    }
}
