import ArgumentParser
import Foundation
import Logging
import Observability
import SandboxPrinters
import ServiceLifecycle
import UnixSignals

struct SandboxPrintersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "printers",
        abstract: "A private cupsd with two queues whose printers keep what they print and fail on demand.",
        discussion: """
            Example: akashi sandbox printers --folder ./printers
            Queues: ipp://127.0.0.1:PORT/printers/slips and …/counter. Papers come to FOLDER/slips and FOLDER/counter. What
            a printer does stands in the file `mode` beside its papers: ok, offline, empty, jam, stop or slow SECONDS, as in
            echo jam > FOLDER/counter/mode. docs/printing.md has the rest.
            """)

    @Option(help: "The folder of papers, jobs and cupsd's files; made when it is not there.")
    var folder = "./printers"

    @Option(help: "The port on 127.0.0.1; 0 takes a free one.")
    var port = 7_631

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port goes to 65535") }
    }

    func run() async throws {
        let logger = makeLogger("akashi.sandbox", level: .warning, sink: .standardError)
        do {
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: Printers(folder: folder, port: port))],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        } catch let error as SpoolerError {
            complain(error.sentence)
            throw ExitStatus.failure
        }
    }
}

/// Starts cupsd once signals are heard: whoever ends this program at any time ends cupsd too.
private struct Printers: Service {
    let folder: String
    let port: Int

    func run() async throws {
        let spooler = try await Spooler.start(at: folder, port: port)
        for printer in SandboxPrinter.allCases {
            show("\(spooler.uri(of: printer)) prints to \(folder)/\(printer.rawValue)")
        }
        show("printers ready")
        try await spooler.run()
    }
}
