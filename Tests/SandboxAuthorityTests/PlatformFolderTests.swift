import ConfigurationFiles
import CounterApplications
import CounterService
import Demonstration
import Foundation
import Organizations
import PKIX
import SandboxAuthority
import Testing

@Suite("The folder that a sandbox writes for its platform")
struct PlatformFolderTests {
    private let clock = HandSetClock()

    private func written(_ counter: SandboxCounterPorts?) throws -> Configuration {
        let path = FileManager.default.temporaryDirectory.appending(path: "akashi-folder-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let folder = try PlatformFolder(
            at: path, sandbox: try clock.sandbox().description, port: 0, adminPort: 0, counter: counter,
            now: clock.now)
        return try ConfigurationFile.load(folder.configuration)
    }

    @Test("its counter offers every kind of certificate in seven languages, at night and on Sundays, with every paper")
    func counter() throws {
        let counter = try #require(try written(SandboxCounterPorts(firstIssuingServer: 7_390, printers: 7_731)).counter)
        let sunday = try #require(ValidationTime(rfc3339: "2026-11-22T03:00:00+09:00"))
        #expect(counter.printers["slips"] == "ipp://127.0.0.1:7731/printers/slips")
        #expect(counter.printers["counter"] == "ipp://127.0.0.1:7731/printers/counter")
        #expect(
            counter.issuingServers.map(\.url).sorted()
                == [7_390, 7_391, 7_392].map { "https://127.0.0.1:\($0)" })
        #expect(counter.settings.municipalities.count == 3)
        for (code, municipality) in counter.settings.municipalities {
            #expect(Set(municipality.procedures.map(\.kind)) == Set(CertificateKindOfCounter.allCases))
            #expect(municipality.procedures.allSatisfy { $0.names.count == 7 && $0.hours.state(at: sunday) == .open })
            // The clock stands in November 2026.
            let taxed = municipality.procedures.first { $0.kind == .taxCertificate }
            #expect(taxed?.fiscalYears == [2_024, 2_025, 2_026])
            #expect(municipality.sites["hall-\(code.digits)"]?.targets.count == PaperKind.allCases.count)
        }
    }

    @Test("terminals and client systems of those municipalities may use the counter, at a site; operators may not")
    func scopes() throws {
        let directory = try written(SandboxCounterPorts()).organizations
        #expect(SandboxClient.allCases.count == 5)
        for system in SandboxClient.allCases {
            let client = try #require(directory.clients[system.rawValue])
            let isOperator = system.rawValue.contains("operator")
            #expect(client.grants.scopes.contains(.counter) != isOperator, "\(system)")
            #expect(client.site == "hall-\(client.municipality.digits)", "\(system)")
        }
        let terminal = try #require(directory.clients["terminal-993018"])
        #expect(terminal.grants.scopes.contains(.counter) && terminal.site == "hall-993018")
    }

    @Test("without issuing servers and printers it has no counter")
    func none() throws { #expect(try written(nil).counter == nil) }
}
