import ConfigurationFiles
import CounterService
import Foundation
import IssuingServerClient
import JobFiles
import KeyFiles
import Logging
import Organizations
import OutgoingHTTP
import PDFRendering
import Printing
import SQLiteStore
import SystemClock
import Verification

/// The counter (窓口申請) of a platform: what terminals and staff ask, and what drives applications on.
struct PlatformCounter: Sendable {
    let terminal: CounterTerminal
    let desk: CounterDesk
    let engine: CounterEngine
    /// Fonts are tens of megabytes: who draws beside the counter draws with these.
    let rendering: PaperRendering

    /// Why the counter cannot be put together.
    enum Failure: Error, CustomStringConvertible {
        case wordsMissing
        case printer(String)

        var description: String {
            switch self {
            case .wordsMissing: "the program's words for papers are missing: install it again"
            case .printer(let id): "counter.printers.\(id): not an address of a queue"
            }
        }
    }

    /// - Returns: nil where the configuration has no `counter`.
    init?(
        _ configuration: ConfigurationBox, store: SQLiteStore, clock: SystemClock,
        verification: any CounterVerification, logger: Logger,
        conditions: @escaping @Sendable () -> Set<CounterCondition>
    ) throws {
        guard let counter = configuration.current.counter else { return nil }
        guard let words = PaperWords.standard() else { throw Failure.wordsMissing }
        let sealer = try FileSecretSealer(
            path: configuration.current.keyFolder + "/counter.key", whenMissing: .create)
        let issuers = try MunicipalIssuers(counter.issuingServers.map { try IssuingServerLink(reading: $0) }) {
            fault, municipality in
            logger.error(
                "issuing_server_fault",
                metadata: ["municipality": "\(municipality.digits)", "fault": "\(String(describing: fault))"])
        }
        rendering = try PaperRendering()
        let ports = CounterPorts(
            store: SQLiteCounterStore(store, sealer: sealer), lookup: issuers, issuer: issuers,
            renderer: rendering, inspector: PopplerInspector(),
            printer: try PlatformCounter.printing(counter),
            clock: clock, randomness: SystemRandomness(), words: words,
            executor: WorkerThreads(count: max(1, ProcessInfo.processInfo.activeProcessorCount), niceness: 0))
        let breaker = IssuerBreaker()
        // A reload changes procedures and hours; what was there at the start stays when the section is taken away.
        let settings: @Sendable () -> CounterSettings = {
            configuration.current.counter?.settings ?? counter.settings
        }
        var pace = CounterEngine.Settings()
        pace.censusInterval = .seconds(15)
        let engine = CounterEngine(
            driver: CounterDriver(ports: ports, breaker: breaker, settings: settings, logger: logger), settings: pace)
        self.engine = engine
        terminal = CounterTerminal(
            ports: ports, verification: verification, breaker: breaker, settings: settings, wake: { engine.wake($0) })
        desk = CounterDesk(
            ports: ports, settings: settings, wake: { engine.wake($0) }, logger: logger, breaker: breaker,
            platform: conditions)
    }

    static func printing(_ counter: CounterConfiguration) throws -> IPPPrinting {
        var queues: [String: PrintQueue] = [:]
        for (id, uri) in counter.printers {
            guard let queue = try? PrintQueue(uri: uri) else { throw Failure.printer(id) }
            queues[id] = queue
        }
        let http = try counter.printerAuthorities.map { try OutgoingHTTPClient(trusting: $0) } ?? OutgoingHTTPClient()
        return IPPPrinting(queues: queues, http: http)
    }
}

extension IssuingServerLink {
    fileprivate init(reading settings: IssuingServerSettings) throws {
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        self.init(
            municipality: settings.municipality, baseURL: settings.url,
            certificateChainPEM: try text(settings.certificateChain), privateKeyPEM: try text(settings.privateKey),
            serverAuthoritiesPEM: try text(settings.authorities))
    }
}
