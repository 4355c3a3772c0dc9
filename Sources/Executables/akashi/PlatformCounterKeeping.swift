import ConfigurationFiles
import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import KeyFiles
import Logging
import OutgoingHTTP
import Printing
import SQLiteStore
import SystemClock
import Verification

/// What a platform without the section `counter` does for applications of former times: it takes back, wipes and deletes by
/// retention. Nobody applies, nothing is asked of an issuer's server, nothing is drawn or printed.
enum PlatformCounterKeeping {
    /// Nil where there never was a counter: its key has not been made.
    static func engine(
        _ configuration: ConfigurationBox, store: SQLiteStore, clock: SystemClock, logger: Logger
    ) throws -> CounterEngine? {
        let current = configuration.current
        let key = current.keyFolder + "/counter.key"
        guard current.counter == nil, FileManager.default.fileExists(atPath: key) else { return nil }
        let nobody = try MunicipalIssuers([])
        let ports = CounterPorts(
            store: SQLiteCounterStore(store, sealer: try FileSecretSealer(path: key, whenMissing: .refuse)),
            lookup: nobody, issuer: nobody, renderer: NothingDrawn(), inspector: NothingDrawn(),
            printer: IPPPrinting(queues: [:], http: OutgoingHTTPClient()), clock: clock,
            randomness: SystemRandomness(), words: PaperWords([:]))
        let settings = CounterSettings(environment: current.environment, municipalities: [:])
        return CounterEngine(
            driver: CounterDriver(
                ports: ports, breaker: IssuerBreaker(), settings: { settings }, logger: logger))
    }

    private struct NothingDrawn: PaperRenderer, PDFInspector {
        func render(_ document: PaperDocument) throws(RenderingError) -> [UInt8] {
            throw RenderingError("not_served", isLocal: true)
        }

        func inspect(_ pdf: [UInt8]) throws(RenderingError) -> PDFInspection {
            throw RenderingError("not_served", isLocal: true)
        }
    }
}
