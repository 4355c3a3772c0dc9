import ArgumentParser
import Logging
import MessageCatalogue
import Observability
import ServiceLifecycle
import TerminalFiles
import TerminalSession
import UnixSignals
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

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 8_765

    @Option(help: "Seconds that a result stands before it is wiped; people may ask for more.")
    var resultSeconds = 60

    @Option(help: "Seconds without a key touched before the entry of a 暗証番号 is wiped.")
    var entrySeconds = 90

    @Flag(help: "The keys on the screen change their places with each person. Keyboards work as ever.")
    var shuffleKeypad = false

    func validate() throws {
        guard (0...65_535).contains(port), (20...600).contains(resultSeconds), (20...600).contains(entrySeconds) else {
            throw ValidationError("--port goes from 0 to 65535; the seconds go from 20 to 600")
        }
    }

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
            let times = KioskTimes(entry: entrySeconds, result: resultSeconds)
            let server = KioskServer(
                flow: flow, pages: try PageSet(keypad: shuffleKeypad ? .shuffled : .usual), port: port, times: times,
                logger: logger
            ) { port in show("kiosk ready at http://127.0.0.1:\(port)/") }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        } catch {
            complain(sentence(error))
            throw ExitStatus.failure
        }
    }
}
