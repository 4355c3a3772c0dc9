import ArgumentParser
import Logging
import MessageCatalogue
import Observability
import TerminalFiles
import TerminalSession
import WebPages

struct KioskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk",
        abstract: "The page at the counter: card, 暗証番号, result, 次の方. Served on 127.0.0.1 alone.",
        discussion: """
            Example: akashi-terminal kiosk --platform https://akashi.example.lg.jp:8443 --device /etc/akashi/device
            Then open the address that it prints in a browser on this machine. docs/kiosk.md says how to set one up.
            """)

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var platform: PlatformOptions

    @OptionGroup var page: PageOptions

    func run() async throws {
        let logger = Logger(label: "akashi-terminal") { JSONLogHandler(label: $0, sink: .standardError) }
        do {
            let connection = try await platform.connection()
            var parts = try terminalParts(reader, connection)
            let gateway = WatchedGateway(parts.gateway)
            parts.gateway = gateway
            // The reader is looked for anew each time that nobody came.
            let request = IdentificationRequest(
                .userAuthentication, purpose: platform.purpose, patience: .seconds(3))
            let flow = TerminalKioskFlow(parts, request, messages: try MessageStore.standard()) {
                KioskLine(
                    connection.bounded.map { $0.line == .cut ? .offline : .online } ?? gateway.state,
                    waiting: (try? await connection.queue?.count()) ?? 0)
            }
            try await page.serve(flow, .identification, "kiosk", logger: logger)
        } catch {
            complain(sentence(error))
            throw ExitStatus.failure
        }
    }
}
