import ArgumentParser
import Logging
import MessageCatalogue
import Observability
import PlatformClient
import TerminalSession
import WebPages

struct FormsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forms",
        abstract: "The pages of 書かない窓口: choose a form, card, fill in, look over, print. Served on 127.0.0.1 alone.",
        discussion: """
            Example: akashi-terminal forms --platform https://akashi.example.lg.jp:8443 --device /etc/akashi/device
            The terminal needs the scopes counter and verify, and the purpose. docs/forms.md says how forms are set up.
            """)

    @OptionGroup var reader: ReaderOptions
    @OptionGroup var platform: PlatformOptions
    @OptionGroup var page: PageOptions

    func run() async throws {
        let logger = Logger(label: "akashi-terminal") { JSONLogHandler(label: $0, sink: .standardError) }
        do {
            let connection = try await platform.connection()
            let troubles = PlatformTroubles(logger)
            let forms = FormPlatformGateway(
                policyID: platform.policy, failing: { troubles.note($0) }, connection.client)
            let parts = try terminalParts(reader, connection)
            let flow = TerminalFormFlow(
                parts, forms: forms, purpose: platform.purpose, messages: try MessageStore.standard()
            ) {
                KioskLine(.online)
            }
            try await page.serve(flow, .forms, "forms", logger: logger)
        } catch {
            complain(sentence(error))
            throw ExitStatus.failure
        }
    }
}
