internal import Foundation
package import OutgoingHTTP
package import SandboxPrinters

/// Runs `body` with a spooler in a folder of its own and a client for it; all of it is gone afterwards.
///
/// - Throws: ``SpoolerError/absent(_:)`` where cupsd is not installed; with `AKASHI_SUITES_OPTIONAL=1` that is said, and
///   `body` does not run.
package func withSpooler(
    transport: SpoolerTransport = .plain, _ body: (Spooler, OutgoingHTTPClient) async throws -> Void
) async throws {
    guard Spooler.isInstalled || ProcessInfo.processInfo.environment["AKASHI_SUITES_OPTIONAL"] != "1" else {
        print("cupsd is absent: nothing of it is shown. scripts/install-packages.sh installs it")
        return
    }
    // A blank: cupsd and the back-end must quote it.
    let folder = FileManager.default.temporaryDirectory.appending(path: "akashi printers \(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let spooler = try await Spooler.start(at: folder, transport: transport)
    let http = OutgoingHTTPClient()
    let outcome = await outcome(of: body, spooler, http)
    await http.shutdown()
    await spooler.stop()
    try outcome.get()
}

private func outcome(
    of body: (Spooler, OutgoingHTTPClient) async throws -> Void, _ spooler: Spooler, _ http: OutgoingHTTPClient
) async -> Result<Void, any Error> {
    do {
        return .success(try await body(spooler, http))
    } catch {
        return .failure(error)
    }
}
