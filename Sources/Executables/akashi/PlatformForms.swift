import ConfigurationFiles
import CounterService
import Foundation
import JobFiles
import KeyFiles
import Organizations
import PDFRendering
import PKIX
import SQLiteStore
import SystemClock
import Verification

/// 書かない窓口 of a platform.
enum PlatformForms {
    /// Why a form of the configuration cannot be used.
    enum Failure: Error, CustomStringConvertible {
        case unreadable(String)
        case template(String, FormTemplate.Fault)
        case unknown(String, MunicipalityCode)

        var description: String {
            switch self {
            case .unreadable(let path): "forms.own: \(path): cannot be read, or is larger than 20 MiB"
            case .template(let path, let fault): "forms.own: \(path): \(fault)"
            case .unknown(let id, let code):
                "forms.municipalities: \(code.digits): no form \(id): neither the program's nor one of forms.own"
            }
        }
    }

    /// The municipalities' own templates, whole: what is wrong with one is said when the platform starts.
    static func templates(_ configuration: FormConfiguration) throws -> [FormTemplate] {
        let own = try configuration.own.map { files in
            let base = try files.pdf.map { try octets($0) }
            let map = try octets(files.map)
            do throws(FormTemplate.Fault) {
                return try FormTemplate(json: map, base: base)
            } catch {
                throw Failure.template(files.map, error)
            }
        }
        let known = Set(FormLibrary.shipped + own.map(\.id))
        for (code, forms) in configuration.settings.municipalities {
            if let id = forms.templates.first(where: { !known.contains($0) }) { throw Failure.unknown(id, code) }
        }
        return own
    }

    private static func octets(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 20 * 1_048_576 else {
            throw Failure.unreadable(path)
        }
        return [UInt8](data)
    }

    /// - Parameter rendering: the counter's, where there is one.
    /// - Returns: nil where the configuration has no `forms`.
    static func desk(
        _ configuration: ConfigurationBox, store: SQLiteStore, clock: SystemClock,
        verification: any CounterVerification,
        rendering: PaperRendering?
    ) throws -> FormDesk? {
        let current = configuration.current
        guard let forms = current.forms else { return nil }
        let library = FormLibrary(try rendering ?? PaperRendering(), own: try templates(forms))
        let sealer = try FileSecretSealer(path: current.keyFolder + "/forms.key", whenMissing: .create)
        let ports = FormPorts(
            verification: verification, records: store, renderer: library,
            printer: try current.counter.map { try PlatformCounter.printing($0) },
            sealer: FormTicketSealer(sealer: sealer), clock: clock, randomness: SystemRandomness(),
            executor: WorkerThreads(count: max(1, ProcessInfo.processInfo.activeProcessorCount), niceness: 0))
        // A reload changes which forms are offered where; new templates need a restart.
        return FormDesk(ports: ports) { configuration.current.forms?.settings ?? forms.settings }
    }
}

private struct FormTicketSealer: TicketSealer {
    let sealer: FileSecretSealer

    func seal(_ octets: [UInt8], context: [UInt8]) throws -> [UInt8] { try sealer.seal(octets, context: context) }
    func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8] { try sealer.open(sealed, context: context) }
}
