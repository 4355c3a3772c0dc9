import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import OutgoingHTTP
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import Testing

@Suite("The issuing servers' control API")
struct ControlTests {
    private func send(
        _ method: OutgoingRequest.Method, _ port: Int, _ path: String, _ body: String? = nil, at code: String = "992011"
    ) async throws -> OutgoingResponse {
        let client = OutgoingHTTPClient()
        let request = OutgoingRequest(
            method, url: "http://127.0.0.1:\(port)/sandbox/v1/issuing/\(code)" + path,
            headers: [("content-type", "application/json")], body: body.map { Array($0.utf8) })
        let result = await client.exchange(request, within: .seconds(5), maximumBody: 1_000_000)
        await client.shutdown()
        return try result.get()
    }

    @Test("Faults and standings are set by hand, unknown ones and unknown people refused")
    func control() async throws {
        try await IssuingTown.with { town in
            let control = try await IssuingControl.start([town.server], logger: IssuingTown.logger())
            let port = control.port
            #expect(try await send(.post, port, "/faults", #"{"fault":"whatever"}"#).status == 400)
            #expect(try await send(.post, port, "/faults", #"{"fault":"slow","times":0}"#).status == 400)
            #expect(
                try await send(.post, port, "/standings", #"{"resident":"nobody","standing":"deceased"}"#).status == 400
            )
            #expect(try await send(.post, port, "/faults", #"{"fault":"failing"}"#).status == 201)
            #expect(town.server.faults.current == .failing)
            #expect(try await send(.delete, port, "/faults").status == 204)
            #expect(town.server.faults.current == nil)
            #expect(
                try await send(.post, port, "/standings", #"{"resident":"regular","standing":"deceased"}"#).status
                    == 200)
            let answer = await town.lookUp(try town.query(try town.sandbox.resident(.regular)))
            #expect(answer == .refused(.deceased))
            // What was said by hand outlives a new reading of the residents.
            #expect(try await send(.post, port, "/refresh", "{}").status == 204)
            #expect(await town.lookUp(try town.query(try town.sandbox.resident(.regular))) == answer)
            let list = try await send(.get, port, "/residents")
            #expect(String(decoding: list.body, as: UTF8.self).contains(#""standing":"deceased""#))
            await control.stop()
        }
    }

    @Test("A fault, a standing or a municipality that is not known gets a problem that lists those that are")
    func knownWords() async throws {
        try await IssuingTown.with { town in
            let control = try await IssuingControl.start([town.server], logger: IssuingTown.logger())
            let standings = ["resident", "moved_out", "deceased", "protected_person"]
            let requests: [(path: String, body: String, code: String, known: [String]?)] = [
                ("/faults", #"{"fault":"whatever"}"#, "unknown_fault", IssuingFault.names),
                ("/standings", #"{"resident":"regular","standing":"gone"}"#, "unknown_standing", standings),
                ("/standings", #"{"resident":"nobody","standing":"deceased"}"#, "unknown_resident", nil),
                ("/faults", #"{"fault":"slow","times":0}"#, "invalid_request", nil),
                ("/faults", #"{"times":1}"#, "invalid_request", nil), ("/faults", "down", "invalid_request", nil),
                ("/faults", #"{"fault":"held"}"#, "unknown_municipality", ["992011"]),
            ]
            for request in requests {
                let answer = try await send(
                    .post, control.port, request.path, request.body,
                    at: request.code == "unknown_municipality" ? "131016" : "992011")
                let problem = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
                #expect(answer.header("content-type") == "application/problem+json", "\(request.code)")
                #expect(problem?["code"] as? String == request.code, "\(request.code)")
                #expect(problem?["known"] as? [String] == request.known, "\(request.code)")
            }
            #expect(town.server.faults.current == nil)
            await control.stop()
        }
    }

    @Test("Residents come over the sandbox's control API as they do in process")
    func overHTTP() async throws {
        let server = try await SandboxServer.start(
            SandboxSettings { IssuingTown.time }, logger: IssuingTown.logger())
        let fetched = try await SourceResident.all(from: server.baseURL)
        let known = SourceResident.all(in: server.sandbox)
        #expect(fetched.map(\.id) == known.map(\.id))
        #expect(fetched.map(\.links) == known.map(\.links))
        #expect(fetched.map(\.name) == known.map(\.name))
        await server.stop()
        await #expect(throws: IssuingServerError.noResidents) { try await SourceResident.all(from: server.baseURL) }
    }
}
