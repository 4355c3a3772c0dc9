import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals
import WebPages

/// A page of this terminal, served on 127.0.0.1 alone.
struct PageOptions: ParsableArguments {
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

    /// Serves until the process is told to end.
    ///
    /// - Parameter name: stands in the line that says where the page is.
    func serve(_ flow: any KioskFlow, _ service: PageService, _ name: String, logger: Logger) async throws {
        let pages = try PageSet(keypad: shuffleKeypad ? .shuffled : .usual, service: service)
        let times = KioskTimes(entry: entrySeconds, result: resultSeconds)
        let server = KioskServer(flow: flow, pages: pages, port: port, times: times, logger: logger) { port in
            show("\(name) ready at http://127.0.0.1:\(port)/")
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
