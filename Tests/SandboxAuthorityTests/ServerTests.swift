import AsyncHTTPClient
import Foundation
import Hummingbird
import JPKIProfile
import Logging
import NIOCore
import NIOHTTP1
import OCSP
import PKIX
import SandboxAuthority
import Testing

@Suite("The sandbox over HTTP")
struct ServerTests {
    private let clock = HandSetClock()

    private func serving(_ body: (SandboxServer) async throws -> Void) async throws {
        var logger = Logger(label: "sandbox-test")
        logger.logLevel = .critical
        let server = try await SandboxServer.start(clock.settings(), logger: logger)
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private struct Answer {
        let status: Int
        let octets: [UInt8]

        func json() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(octets)) as? [String: Any])
        }
    }

    private func send(_ method: String, _ url: String, _ body: [UInt8]? = nil) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let buffer = try await response.body.collect(upTo: 16_777_216)
        return Answer(status: Int(response.status.code), octets: Array(buffer.readableBytesView))
    }

    private func control(
        _ server: SandboxServer, _ method: String, _ path: String, _ body: [String: Any]? = nil
    ) async throws -> Answer {
        let octets = try body.map { Array(try JSONSerialization.data(withJSONObject: $0)) }
        return try await send(method, "\(server.baseURL)/sandbox/v1\(path)", octets)
    }

    @Test("A word that is not known gets a problem that lists those that are, and a broken body one that says so")
    func knownWords() async throws {
        try await serving { server in
            let requests: [(String, [String: Any], String, [String]?)] = [
                ("/faults", ["target": "ocsp/card", "fault": "fallen_over"], "unknown_fault", Fault.names),
                (
                    "/faults", ["target": "everything", "fault": "down"], "unknown_target",
                    ["ocsp/card", "ocsp/smartphone", "crl", "crl/{list id}"]
                ),
                (
                    "/responders", ["medium": "card", "signer": "nobody"], "unknown_signer",
                    ["delegated", "authority_key"]
                ),
                ("/faults", ["target": "ocsp/card", "fault": "slow"], "invalid_request", nil),
                ("/faults", ["fault": "down"], "invalid_request", nil),
            ]
            for (path, body, code, known) in requests {
                let answer = try await control(server, "POST", path, body)
                let problem = try JSONSerialization.jsonObject(with: Data(answer.octets)) as? [String: Any]
                #expect(answer.status == 400 && problem?["code"] as? String == code, "\(code)")
                #expect(problem?["known"] as? [String] == known, "\(code)")
            }
            #expect(Fault.names.allSatisfy { Fault(name: $0, milliseconds: 1)?.name == $0 })
        }
    }

    @Test("A request that is not understood gets 400 or 404 and changes nothing")
    func refused() async throws {
        try await serving { server in
            let requests: [(String, [String: Any], Int)] = [
                ("/residents/nobody/revocations", ["kind": "card_digital_signature", "reason": "superseded"], 404),
                ("/residents/regular/revocations", ["kind": "card_digital_signature", "reason": "removeFromCRL"], 400),
                ("/residents/regular/revocations", ["kind": "passport", "reason": "superseded"], 400),
                ("/residents/on_hold/revocations", ["kind": "card_user_authentication", "reason": "superseded"], 409),
                ("/residents/regular/moves", ["municipality_code": "131016"], 400),
                ("/residents/regular/signatures", ["kind": "card_user_authentication", "pin": "wrong"], 400),
                ("/residents", ["count": 0], 400), ("/residents", ["defects": ["unheard_of"]], 400),
                ("/faults", ["target": "crl/none", "fault": "down"], 400),
                ("/faults", ["target": "ocsp/card", "fault": "slow"], 400), ("/crls", ["list": "none"], 404),
            ]
            for (path, body, status) in requests {
                let answer = try await control(server, "POST", path, body)
                #expect(answer.status == status, "\(path)")
            }
            #expect(try await send("POST", "\(server.baseURL)/sandbox/v1/residents", [0x7B]).status == 400)
            #expect(try await send("GET", "\(server.baseURL)/crl/sandbox-card-sign-g2/none.crl").status == 404)
            #expect(server.sandbox.faults.all.isEmpty)
            #expect(try server.sandbox.certificate(.regular, .cardDigitalSignature).revocation == nil)
        }
    }

    @Test("A responder that is down closes the connection, and one that is slow answers in the end")
    func faults() async throws {
        try await serving { server in
            let item = try server.sandbox.certificate(.regular, .cardUserAuthentication)
            let request = try server.sandbox.ocspRequest(item)
            let url = "\(server.baseURL)/ocsp/card"
            #expect(
                try await control(server, "POST", "/faults", ["target": "ocsp/card", "fault": "down"]).status == 201)
            await #expect(throws: (any Error).self) { try await send("POST", url, request) }
            let slow: [String: Any] = ["target": "ocsp/card", "fault": "slow", "milliseconds": 50]
            #expect(try await control(server, "POST", "/faults", slow).status == 201)
            #expect(try await send("POST", url, request).status == 200)
            let unauthorised: [String: Any] = ["target": "crl", "fault": "unauthorised"]
            #expect(try await control(server, "POST", "/faults", unauthorised).status == 201)
            #expect(try await send("GET", "\(server.baseURL)/crl/sandbox-card-sign-g2/full.crl").status == 403)
            #expect(try await control(server, "DELETE", "/faults?target=ocsp/card").status == 200)
            #expect(server.sandbox.faults.all.count == 1)
            #expect(try await control(server, "DELETE", "/faults").status == 200)
            #expect(try await send("GET", "\(server.baseURL)/crl/sandbox-card-sign-g2/full.crl").status == 200)
        }
    }

    @Test("OCSP answers by POST and by GET, and every list that the description names is there")
    func revocationData() async throws {
        try await serving { server in
            let item = try server.sandbox.certificate(.androidPhone, .smartphoneDigitalSignature)
            let request = try server.sandbox.ocspRequest(item, nonce: Array(repeating: 0xFF, count: 32))
            let url = try #require(
                server.description.profiles.first { $0.kind == .smartphoneDigitalSignature }?.ocspURL)
            let allowed = CharacterSet.alphanumerics
            let encoded = try #require(base64(request).addingPercentEncoding(withAllowedCharacters: allowed))
            for answer in [
                try await send("POST", url, request), try await send("GET", "\(url)/\(encoded)"),
                try await send("GET", "\(url)/\(base64(request))"),
            ] {
                #expect(answer.status == 200)
                #expect(try OCSPResponse(der: answer.octets).basic?.responses.first?.certStatus == .good)
            }
            #expect(server.description.lists.count == 16)
            for list in server.description.lists {
                let answer = try await send("GET", list.url)
                #expect(answer.status == 200)
                #expect(answer.octets == (try server.sandbox.serve(list: list.id).octets))
            }
        }
    }

    @Test("A resident is minted, signs, moves and is on the next list, all by the control API")
    func control() async throws {
        try await serving { server in
            let minted = try await control(server, "POST", "/residents", ["count": 3, "municipality_code": "99201"])
            #expect(minted.status == 201)
            let people = try #require(try minted.json()["items"] as? [[String: Any]])
            #expect(people.count == 3)
            let person = try #require(people.first)
            let id = try #require(person["id"] as? String)
            let pin = try #require(person["signature_pin"] as? String)
            let body: [String: Any] = [
                "kind": "card_digital_signature", "pin": pin, "content": Data("見本".utf8).base64EncodedString(),
            ]
            let signed = try await control(server, "POST", "/residents/\(id)/signatures", body)
            #expect(signed.status == 201)
            let signature = try #require(try signed.json()["signature"] as? String)
            #expect(decodeBase64(signature)?.count == 256)
            #expect(
                try await control(server, "POST", "/residents/\(id)/moves", ["municipality_code": "99301"]).status
                    == 201)
            let detail = try await control(server, "GET", "/residents/\(id)").json()
            let certificates = try #require(detail["certificates"] as? [[String: Any]])
            #expect(certificates.map { $0["status"] as? String } == ["revoked", "good"])
            let lists = try await control(server, "POST", "/crls", [:]).json()
            #expect((lists["items"] as? [Any])?.count == 16)
            let page = try await control(server, "GET", "/residents?limit=5").json()
            #expect((page["items"] as? [Any])?.count == 5)
        }
    }

    @Test("A minted certificate has the defect that was asked for, and the description is complete")
    func defectsAndConfiguration() async throws {
        try await serving { server in
            let words = [
                "expired", "not_yet_valid", "wrong_policy", "wrong_key_usage", "unknown_critical_extension",
                "sha1_signature", "rsa_1024", "tampered", "other_generation_key",
            ]
            for word in words {
                let body: [String: Any] = ["kinds": ["card_user_authentication"], "defects": [word]]
                #expect(try await control(server, "POST", "/residents", body).status == 201, "\(word)")
            }
            let minted = server.sandbox.residents().suffix(words.count).compactMap {
                $0.certificates.first?.certificate
            }
            let trust = server.description.trustSettings
            #expect(minted[0].notAfter < clock.now)
            #expect(minted[1].notBefore > clock.now)
            #expect(minted[4].extensions.all.contains { $0.isCritical && $0.value.count == 2 })
            for index in [5, 7, 8] { #expect(trust.issuer(of: minted[index]) == nil) }
            let document = try await control(server, "GET", "/configuration").json()
            for (key, count) in ["issuers": 8, "kinds": 4, "lists": 16, "municipalities": 3] {
                #expect((document[key] as? [Any])?.count == count)
            }
        }
    }

    @Test("A port that is taken is an error, and a stopped server leaves its port free")
    func ports() async throws {
        var logger = Logger(label: "sandbox-test")
        logger.logLevel = .critical
        let first = try await SandboxServer.start(clock.settings(), logger: logger)
        await #expect(throws: (any Error).self) {
            let second = try await SandboxServer.start(clock.settings(), port: first.port, logger: logger)
            await second.stop()
        }
        await first.stop()
        let again = try await SandboxServer.start(clock.settings(), port: first.port, logger: logger)
        #expect(again.port == first.port)
        await again.stop()
    }
}
