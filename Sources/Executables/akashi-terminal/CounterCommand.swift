import ArgumentParser
import Logging
import MessageCatalogue
import Observability
import PlatformClient
import TerminalSession
import WebPages

struct CounterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counter",
        abstract: "The pages of 窓口申請: choose, card, 暗証番号, apply, 受付票. Served on 127.0.0.1 alone.",
        discussion: """
            Example: akashi-terminal counter --platform https://akashi.example.lg.jp:8443 --device /etc/akashi/device
            The terminal needs the scope counter. docs/counter.md says how a counter is set up.
            """)

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        let logger = Logger(label: "akashi-terminal") { JSONLogHandler(label: $0, sink: .standardError) }
        do {
            let connection = try await platform.connection()
            let troubles = PlatformTroubles(logger)
            let counter = CounterPlatformGateway(failing: { troubles.note($0) }, connection.client)
            let parts = try terminalParts(reader, connection)
            let request = IdentificationRequest(
                .userAuthentication, purpose: platform.purpose, patience: .seconds(3))
            let flow = TerminalCounterFlow(parts, counter: counter, request, messages: try MessageStore.standard()) {
                KioskLine(.online)
            }
            try await page.serve(flow, .application, "counter", logger: logger)
        } catch {
            complain(sentence(error))
            throw ExitStatus.failure
        }
    }
}
