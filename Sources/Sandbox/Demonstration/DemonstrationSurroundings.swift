internal import Foundation
package import Logging
package import PKIX
internal import PaperLayout
package import SandboxAuthority
internal import SandboxIssuingServer
package import SandboxPrinters

/// What stands around the platform of a demonstration: the mock of J-LIS, a municipality's issuing server, printers, and
/// the platform's own folder.
package struct DemonstrationSurroundings: Sendable {
    package let server: SandboxServer
    package let folder: PlatformFolder
    package let printing: Printing
    private let issuing: IssuingServer?

    package enum Printing: Sendable {
        case spooler(Spooler)
        /// What is not installed.
        case absent(String)
    }

    /// Starts everything at free ports. Where something for papers is not installed, there is no counter.
    package static func start(
        at path: String,
        _ settings: SandboxSettings,
        clock: @escaping @Sendable () -> ValidationTime,
        logger: Logger
    ) async throws -> DemonstrationSurroundings {
        let server = try await SandboxServer.start(settings, logger: logger)
        let (issuing, printing) = try await counter(path, server.sandbox, clock, logger)
        var ports: SandboxCounterPorts?
        if case .spooler(let spooler) = printing, let issuing {
            ports = SandboxCounterPorts(
                issuingServers: [issuing.municipality.code: issuing.port], printers: spooler.port)
        }
        let folder = try PlatformFolder(
            at: path, sandbox: server.description, port: 0, adminPort: 0, counter: ports, now: clock())
        return DemonstrationSurroundings(server: server, folder: folder, printing: printing, issuing: issuing)
    }

    private static func counter(
        _ path: String,
        _ sandbox: Sandbox,
        _ clock: @escaping @Sendable () -> ValidationTime,
        _ logger: Logger
    ) async throws -> (IssuingServer?, Printing) {
        guard let municipality = RegisterMunicipality.sandbox.first,
            FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext")
        else { return (nil, .absent("pdftotext is not installed: apt-get install poppler-utils")) }
        // The platform's folder has the same keys in it: they follow from the names alone.
        let folder = try IssuingServerFolder(
            at: "\(path)/issuing/\(municipality.code)", municipality: municipality, now: clock())
        do {
            let spooler = try await Spooler.start(at: path + "/printers")
            let issuing = try await IssuingServer.start(
                municipality, folder: folder, source: { SourceResident.all(in: sandbox) }, clock: clock,
                logger: logger)
            return (issuing, .spooler(spooler))
        } catch let error as SpoolerError {
            guard case .absent = error else { throw error }
            return (nil, .absent(error.sentence))
        } catch let error as FontError {
            return (nil, .absent("fonts for papers are not installed: \(error)"))
        }
    }

    package func stop() async {
        await issuing?.stop()
        if case .spooler(let spooler) = printing { await spooler.stop() }
        await server.stop()
    }
}
