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
            let client = try platform.client()
            let link = try platform.link()
            // An enrolled device renews by itself: the client of its present identity is asked for each time.
            let counter = CounterPlatformGateway { if let link { try await link.client() } else { client } }
            let parts = try terminalParts(reader, client, policy: platform.policy)
            let request = IdentificationRequest(
                .userAuthentication, purpose: platform.purpose, patience: .seconds(3))
            let flow = TerminalCounterFlow(parts, counter: counter, request, messages: try MessageStore.standard()) {
                KioskLine(.online)
            }
            try await page.serve(flow, .application, "counter", logger: logger)
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
    }
}
