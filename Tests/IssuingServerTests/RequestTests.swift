import CertificateIssuing
import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import Organizations
import OutgoingHTTP
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import Testing
import Verification

@Suite("Certificate requests")
struct RequestTests {
    @Test("A server that does not listen got nothing for certain; one that is not configured neither")
    func notSent() async throws {
        try await IssuingTown.with { town in
            let request = try town.request("1")
            let nobody = try MunicipalIssuers(
                [
                    try IssuingTown.link(town.folder, "https://127.0.0.1:9", town.code)
                ], limits: IssuingTown.patient)
            #expect(await nobody.issue(request, deadline: 60) == .notSent(.connectionFailed))
            #expect(
                await nobody.cancel(request.requestID, municipality: town.code, deadline: 60)
                    == .failed(.connectionFailed))
            await nobody.shutdown()
            let empty = try MunicipalIssuers([])
            #expect(await empty.issue(request, deadline: 60) == .notSent(.notConfigured))
        }
    }

    @Test("Another 団体's server is not believed, and another 団体's client is not let in")
    func otherMunicipality() async throws {
        try await IssuingTown.with { town in
            let path = IssuingTown.temporaryFolder()
            defer { try? FileManager.default.removeItem(atPath: path) }
            let other = try IssuingServerFolder(
                at: path, municipality: RegisterMunicipality(SandboxMunicipality.all[1]),
                now: .init(secondsSince1970: Int64(Date().timeIntervalSince1970)))
            // The neighbour's authorities: this server's certificate is nothing to them.
            let misled = try MunicipalIssuers(
                [
                    try IssuingTown.link(other, town.server.baseURL, town.code)
                ], limits: IssuingTown.patient)
            let request = try town.request("1")
            #expect(await misled.issue(request, deadline: 60) == .notSent(.connectionFailed))
            await misled.shutdown()
            // The neighbour's client certificate: it may have sent something before it was turned away (TLS 1.3).
            let stranger = try MunicipalIssuers(
                [
                    try IssuingTown.link(town.folder, town.server.baseURL, town.code, as: other)
                ], limits: IssuingTown.patient)
            let exchange = await stranger.issue(request, deadline: 60)
            #expect(exchange == .notSent(.connectionFailed) || exchange == .unknownOutcome(.connectionFailed))
            await stranger.shutdown()
            #expect(
                await town.client.outcome(of: request.requestID, municipality: town.code, deadline: 60)
                    == .neverReceived)
        }
    }

    @Test("A client under the right authority whose key is not the centre's is refused")
    func unpinned() async throws {
        try await IssuingTown.with { town in
            let link = try IssuingTown.link(town.folder, town.server.baseURL, town.code)
            let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
            let (from, to) = (now.advanced(bySeconds: -3_600), now.advanced(bySeconds: 86_400))
            // The authority's key is the sandbox's own: it issues for somebody else, too.
            let root = try IssuingAuthority.transportRoot(
                name: "Sandbox Issuing \(town.code.digits)", notBefore: from, notAfter: to)
            let identity = try root.clientIdentity(
                commonName: "stranger", serialNumber: SerialNumber(99), notBefore: from, notAfter: to)
            let stranger = try MunicipalIssuers(
                [
                    IssuingServerLink(
                        municipality: town.code, baseURL: town.server.baseURL,
                        certificateChainPEM: identity.certificatePEM, privateKeyPEM: identity.keyPEM,
                        serverAuthoritiesPEM: link.serverAuthoritiesPEM)
                ], limits: IssuingTown.patient)
            #expect(await stranger.issue(try town.request("1"), deadline: 60) == .refused(.requestNotAccepted))
            await stranger.shutdown()
        }
    }

    @Test("One id issues once, however often it is asked for; with another body it is refused")
    func idempotent() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular)
            let request = try town.request(resident.residentID)
            let first = try await town.answer(request)
            let again = try await town.answer(request)
            #expect(first == again)
            let other = IssueRequest(
                requestID: request.requestID, application: request.application, municipality: request.municipality,
                residentID: try await town.resident(.renewed).residentID, order: request.order,
                controlNumber: request.controlNumber, nonce: request.nonce)
            #expect(await town.client.issue(other, deadline: 60) == .refused(.requestNotAccepted))
            #expect(try await town.answer(request) == first)
        }
    }

    @Test("What was cancelled is never issued: before it came, while at work, and after it was issued")
    func cancelled() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular).residentID
            let late = try town.request(resident)
            for _ in 0..<2 {
                #expect(await town.client.cancel(late.requestID, municipality: town.code, deadline: 60) == .cancelled)
            }
            #expect(await town.client.issue(late, deadline: 60) == .cancelled)

            town.server.faults.set(.held)
            let atWork = try town.request(resident)
            await town.begin(atWork)
            #expect(await town.client.cancel(atWork.requestID, municipality: town.code, deadline: 60) == .cancelled)
            town.server.faults.clear()
            for _ in 0..<3 {
                #expect(
                    await town.client.outcome(of: atWork.requestID, municipality: town.code, deadline: 60) == .cancelled
                )
                try await Task.sleep(for: .milliseconds(100))
            }

            let issued = try town.request(resident)
            _ = try await town.answer(issued)
            #expect(await town.client.cancel(issued.requestID, municipality: town.code, deadline: 60) == .cancelled)
            #expect(
                await town.client.outcome(of: issued.requestID, municipality: town.code, deadline: 60) == .cancelled)
            #expect(await town.client.issue(issued, deadline: 60) == .cancelled)
        }
    }

    @Test("A server that hangs leaves the outcome open; asked later, it has issued once or never heard of it")
    func hanging() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular).residentID
            let request = try town.request(resident)
            town.server.faults.set(.hanging)
            #expect(await town.client.issue(request, deadline: 1) == .unknownOutcome(.timedOut))
            #expect(
                await town.client.outcome(of: request.requestID, municipality: town.code, deadline: 1)
                    == .unknownOutcome(.timedOut))
            town.server.faults.clear()
            #expect(
                await town.client.outcome(of: request.requestID, municipality: town.code, deadline: 60)
                    == .neverReceived)
            let answer = try await town.answer(request)
            #expect(answer.controlNumber == request.controlNumber)
        }
    }

    @Test("500 without a problem document leaves it open too")
    func failing() async throws {
        try await IssuingTown.with { town in
            town.server.faults.set(.failing)
            let request = try town.request("1")
            #expect(await town.client.issue(request, deadline: 60) == .unknownOutcome(.httpStatus))
            #expect(
                await town.client.cancel(request.requestID, municipality: town.code, deadline: 60)
                    == .failed(.httpStatus))
            #expect(town.faults.all.contains(.unexpectedStatus(500)))
        }
    }

    @Test("A server with more work than it takes says so, and has accepted nothing")
    func busy() async throws {
        try await IssuingTown.with(mostAtWork: 1) { town in
            let resident = try await town.resident(.regular).residentID
            town.server.faults.set(.held)
            let (first, second) = (try town.request(resident), try town.request(resident))
            await town.begin(first)
            #expect(await town.client.issue(second, deadline: 60) == .notSent(.httpStatus))
            #expect(
                await town.client.outcome(of: second.requestID, municipality: town.code, deadline: 60)
                    == .neverReceived)
            town.server.faults.clear()
            let answer = try await town.answer(first)
            #expect(answer.controlNumber == first.controlNumber)
            _ = try await town.answer(second)
        }
    }

    @Test("A slow certificate is waited for")
    func slow() async throws {
        try await IssuingTown.with { town in
            town.server.faults.set(.slow(milliseconds: 1_500))
            let request = try town.request(try await town.resident(.regular).residentID)
            let begun = ContinuousClock.now
            _ = try await town.answer(request, deadline: 60)
            #expect(begun.duration(to: .now) >= .milliseconds(1_500))
        }
    }

    @Test("Who is not in a register, or ordered what does not go together, is refused with a code")
    func refusals() async throws {
        try await IssuingTown.with { town in
            func exchange(_ archetype: Archetype, _ order: CertificateOrder) async throws -> IssueExchange {
                await town.client.issue(
                    try town.request(try await town.resident(archetype).residentID, order), deadline: 60)
            }
            #expect(try await exchange(.underFifteen, IssuingTown.order(.sealRegistration)) == .refused(.noEntry))
            #expect(
                try await exchange(.commonName, IssuingTown.order(.familyRegisterFull, .household))
                    == .refused(.noEntry))
            #expect(
                try await exchange(.regular, IssuingTown.order(.sealRegistration, .household))
                    == .refused(.orderNotAccepted))
            var untold = IssuingTown.order(.taxCertificate)
            untold.fiscalYear = nil
            #expect(try await exchange(.regular, untold) == .refused(.orderNotAccepted))
            let unknown = await town.client.issue(try town.request("0"), deadline: 60)
            #expect(unknown == .refused(.noEntry))
            // A member of somebody else's household is nobody's to select.
            let stranger = try #require(try await town.resident(.largeHousehold).household.last?.reference)
            #expect(
                try await exchange(.regular, IssuingTown.order(.residentRecord, .selected([stranger])))
                    == .refused(.orderNotAccepted))
        }
    }

    @Test("Who becomes protected between look-up and request gets no certificate")
    func protectedMeanwhile() async throws {
        try await IssuingTown.with { town in
            let resident = try await town.resident(.regular).residentID
            #expect(town.server.registers.set(.protectedPerson, of: resident))
            #expect(await town.client.issue(try town.request(resident), deadline: 60) == .refused(.protectedPerson))
        }
    }
}

extension IssueExchange {
    /// Nothing is known yet, whichever of the two the machine had time to find out.
    var isOpen: Bool { self == .pending || self == .unknownOutcome(.timedOut) }
}
