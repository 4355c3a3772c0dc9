import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import SignatureAlgorithms
import Testing
import Verification

/// The same over real sockets: what a server with the right certificates does wrong.
@Suite("Hostile servers")
struct HostileServerTests {
    private func state(_ request: IssueRequest, _ word: String, id: String? = nil, size: Int? = nil) -> [UInt8] {
        let document =
            size.map {
                """
                ,"document":{"sha256":"\(String(repeating: "ab", count: 32))","size":\($0),"page_count":1,\
                "recipient_digest":"\(String(repeating: "ab", count: 32))","issued_at":"2026-11-23T03:00:00Z"}
                """
            } ?? ""
        return Array(
            """
            {"request_id":"\(id ?? request.requestID)","municipality_code":"992011","state":"\(word)",\
            "order_digest":"\(request.orderDigest.map { String(format: "%02x", $0) }.joined())",\
            "control_number":"\(request.controlNumber.printed)"\(document)}
            """.utf8)
    }

    /// What the client makes of a server that answers so.
    private func exchange(
        within deadline: Int = 60,
        _ script: @escaping @Sendable (IssueRequest, _ rest: String) -> ScriptedServer.Script
    ) async throws -> (IssueExchange, CancelExchange) {
        let path = IssuingTown.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try IssuingServerFolder(
            at: path, municipality: RegisterMunicipality(SandboxMunicipality.all[0]),
            now: .init(secondsSince1970: Int64(Date().timeIntervalSince1970)))
        let code = SandboxMunicipality.all[0].code
        let request = IssueRequest(
            requestID: IssuingTown.id("isr"),
            application: try #require(ApplicationID(random: IssuingTown.random(26))), municipality: code,
            residentID: "1", order: IssuingTown.order(.residentRecord),
            controlNumber: try #require(ControlNumber(random: IssuingTown.random(15))), nonce: IssuingTown.random(32))
        let server = try await ScriptedServer.start(folder) { _, rest in script(request, rest) }
        let client = try MunicipalIssuers(
            [
                try IssuingTown.link(folder, "https://127.0.0.1:\(server.port)", code)
            ], limits: IssuingTown.patient)
        let issue = await client.issue(request, deadline: deadline)
        let cancel = await client.cancel(request.requestID, municipality: code, deadline: deadline)
        await client.shutdown()
        await server.stop()
        return (issue, cancel)
    }

    private static let json = "application/json"

    @Test("A request that was taken, and an answer that never came or was cut off: it may have been carried out")
    func cutOff() async throws {
        let silent = try await exchange { _, _ in .silence }
        #expect(silent.0 == .unknownOutcome(.connectionFailed))
        #expect(silent.1 == .failed(.connectionFailed))
        let cut = try await exchange { request, _ in
            .cutOff(type: Self.json, body: state(request, "accepted"))
        }
        #expect(cut.0 == .unknownOutcome(.connectionFailed))
    }

    @Test("Too many octets, another media type, no JSON, the state of another request")
    func answers() async throws {
        let long = try await exchange { _, _ in
            .answer(status: 200, type: Self.json, body: Array(repeating: 0x20, count: 65_537))
        }
        #expect(long.0 == .unknownOutcome(.tooLarge))
        let page = try await exchange { request, _ in
            .answer(status: 200, type: "text/html", body: state(request, "accepted"))
        }
        #expect(page.0 == .unknownOutcome(.wrongMediaType))
        let garbage = try await exchange { _, _ in .answer(status: 201, type: Self.json, body: [0xFF, 0xFE]) }
        #expect(garbage.0 == .unknownOutcome(.invalidAnswer))
        let other = try await exchange { request, _ in
            .answer(status: 201, type: Self.json, body: state(request, "accepted", id: "isr_other"))
        }
        #expect(other.0 == .unknownOutcome(.invalidAnswer))
        #expect(other.1 == .failed(.invalidAnswer))
        let accepted = try await exchange(within: 3) { request, _ in
            .answer(status: 201, type: Self.json, body: state(request, "accepted"))
        }
        #expect(accepted.0.isOpen)
        // A cancel that leaves the request at work is none.
        #expect(accepted.1 == .failed(.invalidAnswer))
    }

    @Test("A problem document on PUT says that nothing was accepted; the same without one says nothing")
    func problems() async throws {
        let busy = Array(
            #"{"type":"urn:akashi:issuing:rate_limited","title":"","status":429,"code":"rate_limited"}"#.utf8)
        let told = try await exchange { _, _ in
            .answer(status: 429, type: "application/problem+json", body: busy)
        }
        #expect(told.0 == .notSent(.httpStatus))
        let untold = try await exchange { _, _ in .answer(status: 429, type: "text/plain", body: []) }
        #expect(untold.0 == .unknownOutcome(.httpStatus))
    }

    @Test("A document that is too large or no PDF is none; one of another length is judged, and does not fit")
    func documents() async throws {
        func document(_ type: String, _ count: Int) async throws -> IssueExchange {
            try await exchange { request, rest in
                rest == "document"
                    ? .answer(status: 200, type: type, body: Array(repeating: 0x25, count: count))
                    : .answer(status: 200, type: Self.json, body: state(request, "issued", size: 1_000))
            }.0
        }
        #expect(try await document("application/pdf", 16_777_217) == .unknownOutcome(.tooLarge))
        #expect(try await document("text/html", 1_000) == .unknownOutcome(.wrongMediaType))
        guard case .answered(let answer) = try await document("application/pdf", 500) else {
            Issue.record("not handed to the judgement")
            return
        }
        #expect(HashAlgorithm.sha256.digest(of: answer.pdf) != answer.pdfDigest)
    }
}
