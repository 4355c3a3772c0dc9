import CertificateIssuing
import PKIX

/// A list that the platform may answer by.
struct KnownList {
    let number: String
    let serials: MadeUpSerials
    let thisUpdate: ValidationTime
    let probes: String

    /// `NUMBER:KIND:ENTRIES:SEED:THIS-UPDATE:PROBES`; the time as seconds since 1970.
    init(_ text: String) throws(ProbeError) {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 6, let kind = MadeUpSerials.Kind(rawValue: parts[1]), let entries = Int(parts[2]),
            let time = Int64(parts[4])
        else { throw .usage("--list") }
        (number, probes) = (parts[0], parts[5])
        serials = MadeUpSerials(kind, count: entries, seed: parts[3])
        thisUpdate = ValidationTime(secondsSince1970: time)
    }
}

/// The arguments of a run.
struct StatusProbeOptions {
    private(set) var folder = ""
    private(set) var base = ""
    private(set) var issuer = ""
    private(set) var rate = 500
    private(set) var seconds = 10
    private(set) var lists: [KnownList] = []

    init(_ arguments: ArraySlice<String>) throws(ProbeError) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw .usage(name) }
            switch name {
            case "--folder": folder = value
            case "--base": base = value
            case "--issuer": issuer = value
            case "--list": lists.append(try KnownList(value))
            case "--rate": rate = try StatusProbeOptions.number(value, name)
            case "--seconds": seconds = try StatusProbeOptions.number(value, name)
            default: throw .usage(name)
            }
        }
        guard !folder.isEmpty, !base.isEmpty, !issuer.isEmpty, !lists.isEmpty else {
            throw .usage("--folder, --base, --issuer, --list")
        }
    }

    private static func number(_ text: String, _ name: String) throws(ProbeError) -> Int {
        guard let number = Int(text), number > 0 else { throw .usage(name) }
        return number
    }
}
