import HTTPSupport
import SandboxAuthority
import SandboxIssuingServer
import Testing

@Suite("A port that is taken is said, with its address")
struct ListeningTests {
    @Test("Sandbox, issuing server and control API name the address and what to do")
    func taken() async throws {
        try await IssuingTown.with { town in
            let first = try await IssuingControl.start([town.server], logger: IssuingTown.logger())
            let port = first.port
            let refusal = ListeningRefusal(.tcp(host: "127.0.0.1", port: port), .taken)
            await #expect(throws: refusal) {
                try await IssuingControl.start([town.server], port: port, logger: IssuingTown.logger())
            }
            await #expect(throws: refusal) {
                try await SandboxServer.start(
                    SandboxSettings { IssuingTown.time }, port: port, logger: IssuingTown.logger())
            }
            let taken = ListeningRefusal(.tcp(host: "127.0.0.1", port: town.server.port), .taken)
            await #expect(throws: taken) { try await town.another(at: town.server.port) }
            await first.stop()
            let sentence = refusal.sentence(setting: "--port")
            #expect(sentence.hasPrefix("cannot listen on 127.0.0.1:\(port): another program listens there"))
            #expect(sentence.contains("another port (--port)") && !sentence.contains("\n"))
        }
    }

    @Test("An address that is not this machine's, or not allowed, is said as such")
    func others() async throws {
        await #expect(throws: ListeningRefusal(.tcp(host: "192.0.2.1", port: 0), .noSuchAddress)) {
            try await SandboxServer.start(
                SandboxSettings { IssuingTown.time }, host: "192.0.2.1", logger: IssuingTown.logger())
        }
        let text = ListeningRefusal(.tcp(host: "::1", port: 80), .notPermitted).sentence(setting: "--port")
        #expect(text == "cannot listen on [::1]:80: this user may not; choose a port from 1024 (--port)")
    }
}

extension IssuingTown {
    /// The same municipality's server once more.
    fileprivate func another(at port: Int) async throws {
        let residents = sandbox
        let second = try await IssuingServer.start(
            server.municipality, folder: folder, source: { SourceResident.all(in: residents) },
            clock: { IssuingTown.time }, port: port, logger: IssuingTown.logger())
        await second.stop()
    }
}
