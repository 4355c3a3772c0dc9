import CounterApplications
import Foundation
import IssuingServerClient
import JPKIProfile
import Organizations
import OutgoingHTTP
import PKIX
import Testing
import WireFormat

/// What a broken or hostile server may answer: each an error value, nothing taken for an answer.
@Suite("Hostile answers")
struct HostileAnswerTests {
    private let code = MunicipalityCode("99201")
    private static let control = ControlNumber(random: Array(repeating: 7, count: 15))?.printed ?? ""

    private func issued() -> [String: Any] {
        [
            "request_id": "isr_1", "municipality_code": "992011", "state": "issued",
            "order_digest": String(repeating: "ab", count: 32), "control_number": HostileAnswerTests.control,
            "document": [
                "sha256": String(repeating: "cd", count: 32), "size": 1_000, "page_count": 2,
                "recipient_digest": String(repeating: "ef", count: 32), "issued_at": "2026-11-23T03:00:00Z",
            ],
        ]
    }

    private func octets(_ object: [String: Any]) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: object))
    }

    private func response(
        _ body: [UInt8], status: Int = 200, type: String = "application/json"
    ) -> OutgoingResponse {
        OutgoingResponse(status: status, headers: [("content-type", type)], body: body)
    }

    private func fault(_ response: OutgoingResponse) throws -> IssuingServerFault? {
        let code = try #require(code)
        do throws(IssuingServerFault) {
            _ = try IssuingServerAnswers.state(response, of: code)
            return nil
        } catch {
            return error
        }
    }

    @Test("The well-formed one is taken")
    func wellFormed() throws { #expect(try fault(response(try octets(issued()))) == nil) }

    @Test("Cut off at any octet, with an octet flipped to something else, or with something behind it")
    func damaged() throws {
        let whole = try octets(issued())
        for count in 0..<whole.count {
            guard case .malformed = try fault(response(Array(whole.prefix(count)))) else {
                Issue.record("cut at \(count) was taken")
                continue
            }
        }
        #expect(try fault(response(whole + [0x7B])) == .malformed(["malformed_json"]))
        var taken = 0
        for index in whole.indices {
            var flipped = whole
            flipped[index] ^= 0x80
            if try fault(response(flipped)) == nil { taken += 1 }
        }
        #expect(taken == 0)
    }

    @Test("Each field missing, null, of each wrong type, too long, or doubled")
    func fields() throws {
        let wrong: [Any] = [
            NSNull(), 1, -1, 1.5, true, [1], ["a": 1], "", String(repeating: "9", count: 70_000), "x\u{0}",
        ]
        for key in issued().keys {
            var object = issued()
            object[key] = nil
            #expect(try fault(response(try octets(object))) != nil, "\(key) missing")
            for value in wrong {
                object[key] = value
                #expect(try fault(response(try octets(object))) != nil, "\(key)")
            }
        }
        let document = try #require(issued()["document"] as? [String: Any])
        for key in document.keys {
            for value in wrong {
                // One second is a time, one octet a size, one page a count.
                if (value as? Int) == 1, key == "size" || key == "page_count" { continue }
                var (object, inner) = (issued(), document)
                inner[key] = value
                object["document"] = inner
                #expect(try fault(response(try octets(object))) != nil, "\(key)")
            }
        }
        let text = String(decoding: try octets(issued()), as: UTF8.self)
        let doubled = text.replacingOccurrences(of: "\"state\":", with: "\"state\":\"accepted\",\"state\":")
        #expect(try fault(response(Array(doubled.utf8))) == .malformed(["malformed_json"]))
    }

    @Test("Ten thousand random changes: a fault, or a message that says the same when it is written again")
    func randomChanges() throws {
        let (whole, code) = (try octets(issued()), try #require(code))
        var seed: UInt64 = 20_231
        func next(_ bound: Int) -> Int {
            // SplitMix64
            seed &+= 0x9E37_79B9_7F4A_7C15
            var value = seed
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((value ^ (value >> 31)) % UInt64(bound))
        }
        let interesting = Array(#"{}[]",:\u0019eE+-.tfn"#.utf8)
        var taken = 0
        for _ in 0..<10_000 {
            var changed = whole
            for _ in 0...next(3) {
                let place = next(changed.count)
                switch next(3) {
                case 0: changed[place] = interesting[next(interesting.count)]
                case 1: changed.remove(at: place)
                default: changed.insert(interesting[next(interesting.count)], at: place)
                }
            }
            guard let state = try? IssuingServerAnswers.state(response(changed), of: code) else { continue }
            taken += 1
            let written = Array(try JSONEncoder().encode(state))
            #expect(try CertificateRequestStateBody(json: written) == state)
        }
        // Digits of digests, sizes and times may change and still be well-formed.
        #expect((1..<3_000).contains(taken), "\(taken) taken")
    }

    @Test("States and their fields that do not go together, and fields of nobody")
    func contradictions() throws {
        for (key, value) in [
            ("state", "accepted"), ("state", "refused"), ("state", "cancelled"), ("state", "done"),
            ("refusal_code", "no_entry"), ("pdf", "x"),
        ] {
            var object = issued()
            object[key] = value
            guard case .malformed = try fault(response(try octets(object))) else {
                Issue.record("\(key) \(value) was taken")
                continue
            }
        }
        for (key, value) in [("page_count", 0), ("page_count", 201), ("size", 0), ("size", 16_777_217)] {
            var object = issued()
            var document = try #require(object["document"] as? [String: Any])
            document[key] = value
            object["document"] = document
            #expect(try fault(response(try octets(object))) == .malformed(["out_of_range"]))
        }
    }

    @Test("Another municipality's, another status, another media type")
    func outside() throws {
        var object = issued()
        object["municipality_code"] = "993018"
        #expect(try fault(response(try octets(object))) == .wrongMunicipality)
        let body = try octets(issued())
        #expect(try fault(response(body, type: "text/html")) == .wrongMediaType)
        #expect(try fault(response(body, status: 204)) == .unexpectedStatus(204))
        #expect(try fault(response(body, status: 302)) == .unexpectedStatus(302))
        #expect(try fault(response(body, status: 500)) == .unexpectedStatus(500))
        let problem = Array(#"{"code":"rate_limited"}"#.utf8)
        #expect(
            try fault(response(problem, status: 429, type: "application/problem+json"))
                == .problem(status: 429, code: .rateLimited))
        let other = Array(#"{"code":"whatever"}"#.utf8)
        #expect(
            try fault(response(other, status: 400, type: "application/problem+json"))
                == .problem(status: 400, code: .unknown))
    }

    @Test("A look-up's answer to another question, or with both outcomes, or none")
    func lookups() throws {
        let code = try #require(code)
        let question = ResidentLookupRequestBody(
            requestID: "q_1", municipality: code, issuerKeyIdentifier: [1], serialNumber: SerialNumber(9),
            kind: .cardUserAuthentication)
        func fault(_ object: [String: Any]) throws -> IssuingServerFault? {
            let response = response(try octets(object))
            do throws(IssuingServerFault) {
                _ = try IssuingServerAnswers.lookup(response, for: question)
                return nil
            } catch {
                return error
            }
        }
        let resident: [String: Any] = [
            "resident_id": "1", "birth_date": "1990-01-02", "household": [["reference": "m", "name": "見本"]],
        ]
        let found: [String: Any] = [
            "request_id": "q_1", "municipality_code": "992011", "outcome": "found", "resident": resident,
        ]
        #expect(try fault(found) == nil)
        var object = found
        object["request_id"] = "q_2"
        #expect(try fault(object) == .wrongRequest)
        object = found
        object["municipality_code"] = "993018"
        #expect(try fault(object) == .wrongMunicipality)
        for (key, value) in [("refusal_code", "deceased"), ("outcome", "refused"), ("outcome", "maybe")] {
            object = found
            object[key] = value
            #expect(try fault(object) != nil, "\(key) \(value)")
        }
        for date in ["1990-02-30", "1990-13", "90", "1990-1-2", "1990-00-01", "abcd", "1990-1-2-3"] {
            var person = resident
            person["birth_date"] = date
            object = found
            object["resident"] = person
            #expect(try fault(object) == .malformed(["malformed_time"]), "\(date)")
        }
        var crowd = resident
        crowd["household"] = Array(repeating: ["reference": "m", "name": "見本"], count: 31)
        object = found
        object["resident"] = crowd
        #expect(try fault(object) == .malformed(["wrong_type"]))
    }
}
