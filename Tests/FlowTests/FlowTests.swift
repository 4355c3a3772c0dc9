import CertificateIssuing
import Foundation
import JPKIProfile
import PKIX
import SandboxAuthority
import Testing
import WireFormat

@Suite("The built server, from a resident's card to the answer", .serialized, WithTown())
struct FlowTests {
    @Test("What must not be believed is not, with its exact answer", arguments: NegativeCase.all)
    func negative(_ negativeCase: NegativeCase) async throws {
        let town = try #require(Town.current)
        let answer = try await negativeCase.ask(town)
        town.table.add(negativeCase.name, answer)
        #expect(answer == negativeCase.expected)
        #expect(!answer.contains("HTTP 5"), "never a server's own error")
        if case .refused = negativeCase.belief {
            #expect(!answer.hasPrefix("valid"))
        }
        #expect(town.platform.isRunning)
    }

    @Test("A thousand at once, clients going away at random: every answer is its question's, and nothing is kept")
    func crowd() async throws {
        let town = try #require(Town.current)
        // The first crowd is as large in connections, so that what a busy server keeps is there before and after.
        _ = try await Crowd.gather(300, in: town, seed: 1).login(in: town)
        let crowd = try await Crowd.gather(1_000, in: town, seed: 2)
        let before = (await settled(town.platform), town.platform.residentKiB)
        let start = ContinuousClock.now
        let endings = try await crowd.login(in: town)
        let taken = ContinuousClock.now - start
        let after = (await settled(town.platform), town.platform.residentKiB)
        var (answered, left) = (0, 0)
        for (member, ending) in endings {
            switch ending {
            case .answered(let answer):
                answered += 1
                if let fault = member.fault(of: answer) { Issue.record("\(fault)") }
            case .leftEarly:
                left += 1
                #expect(member.patience != nil)
            case .failed(let reason): Issue.record("\(reason)")
            }
        }
        print(
            """
            flow: \(endings.count) residents at once in \(taken): \(answered) answered, \(left) left early; \
            descriptors \(before.0) before, \(after.0) after; resident memory \(before.1) KiB before, \(after.1) after
            """)
        #expect(endings.count == 1_000)
        #expect(answered >= 667)
        #expect(left >= 50, "the clients that go away are to be there")
        #expect(before.0 > 0 && after.0 <= before.0 + 16)
        #expect(before.1 > 0 && after.1 <= before.1 + 65_536)
        let reply = try await town.login(town.sandbox.resident(.regular), .cardUserAuthentication)
        #expect(reply.answer?.result == "valid")
    }

    /// The descriptors once they no longer fall.
    private func settled(_ platform: PlatformProcess) async -> Int {
        var lowest = platform.descriptors
        for _ in 0..<20 {
            try? await Task.sleep(for: .milliseconds(100))
            lowest = min(lowest, platform.descriptors)
        }
        return lowest
    }

    @Test("The search finds each kind of value in a log, a database and a file's name where one was planted")
    func searchFinds() async throws {
        let town = try #require(Town.current)
        let residents = town.sandbox.residents()
        let resident = try town.sandbox.resident(.regular)
        let search = NeedleSearch(residents.flatMap(\.needles))
        let folder = town.folder + "-canary"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The real files hold nothing before, so that what is found is what was planted.
        for name in ["stdout.log", "data/akashi.sqlite"] {
            let real = [UInt8](try Data(contentsOf: URL(fileURLWithPath: town.platform.folder + "/" + name)))
            #expect(search.found(in: real).isEmpty)
            #expect(real.count > 1_000)
            for needle in resident.needles where needle.octets.count >= NeedleSearch.shortest {
                let middle = real.count / 2
                let planted = real[..<middle] + [0x20] + needle.octets + [0x20] + real[middle...]
                try Data(planted).write(to: URL(fileURLWithPath: folder + "/copy"))
                let hits = try search.found(below: folder).hits
                #expect(hits.contains { $0.hasPrefix(needle.what) }, "\(needle.what) in \(name)")
            }
        }
        let name = try #require(resident.certificate(.cardDigitalSignature)).serialNumber.hex
        try Data().write(to: URL(fileURLWithPath: folder + "/crt_" + name + ".cer"))
        #expect(try search.found(below: folder).hits.contains { $0.contains("name of a file") })
    }

    @Test("A certificate with a long serial number leaves none of its octets, wherever they would stand")
    func longSerial() async throws {
        let town = try #require(Town.current)
        let magnitude = (0..<16).map { UInt8(0x41 + $0 * 7) }
        var request = MintRequest()
        request.defects = [.serialNumber(try #require(SerialNumber(magnitude: magnitude)))]
        let resident = try town.sandbox.mint(request)
        #expect(resident.needles.contains(Needle("serial number in DER", magnitude)))
        let reply = try await town.ask(town.signedApplication(resident))
        #expect(reply.answer?.certificate?.serialNumber == magnitude.hexString)
    }
}
