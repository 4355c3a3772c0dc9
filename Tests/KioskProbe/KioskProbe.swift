import Foundation
import Logging
import Observability
import ServiceLifecycle
import UnixSignals
import WebPages

/// The page at the counter with a check that is played to it, for tests in a browser.
///
///     KioskProbe [PER CENT [PORT]] [shuffled] [application | forms]
///
/// PER CENT is of the usual times, as 10 to see time-outs soon; `application` serves the pages of 窓口申請, `forms` those
/// of 書かない窓口.
///
/// Prints `listening PORT`, then `begun`, `ended` and `secret LENGTH` as the page drives it. Reads a JSON object a line:
/// `{"step":"secret_needed","kind":"password","tries":4,"wrong":true}`, `{"step":"finished","verdict":"confirmed",…}`,
/// `{"step":"trouble","code":"face_only"}`, `{"step":"counter_choosing"}`, `{"line":"offline","waiting":3}`.
@main
struct KioskProbe {
    static func main() async throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let percent = numbers.first ?? 100
        let shuffled = CommandLine.arguments.contains("shuffled")
        let services: [String: PageService] = ["application": .application, "forms": .forms]
        let service = CommandLine.arguments.compactMap { services[$0] }.first ?? .identification
        let logger = Logger(label: "kiosk-probe") { JSONLogHandler(label: $0, sink: .standardError) }
        let flow = PlayedFlow()
        let server = KioskServer(
            flow: flow, pages: try PageSet(keypad: shuffled ? .shuffled : .usual, service: service),
            port: numbers.dropFirst().first ?? 0,
            times: times(percent),
            logger: logger
        ) { port in say("listening \(port)") }
        let reader = Thread {
            while let line = readLine() { flow.play(line) }
        }
        reader.start()
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        try await group.run()
    }

    private static func times(_ percent: Int) -> KioskTimes {
        let usual = KioskTimes()
        func scaled(_ seconds: Int) -> Int { max(1, seconds * percent / 100) }
        return KioskTimes(
            entry: scaled(usual.entry), result: scaled(usual.result), work: scaled(usual.work), wiped: usual.wiped / 2,
            pageGone: usual.pageGone, poll: usual.poll, warning: scaled(usual.warning))
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
