import Foundation

/// Medians in seconds of CPU for one certificate, and what the aims are about: ratios.
struct BenchmarkResult {
    let own: [Workload: Double]
    let peer: [String: Double]

    private struct Ratio {
        let name: String
        let value: Double
        /// The aim of issue 3, when it names one.
        let aim: Double?
    }

    private var ratios: [Ratio] {
        let floor = own[.rsaOnly] ?? 0
        var ratios = [
            ratio("path / one RSA alone", own[.oneRSA], own[.path], aim: nil),
            ratio("path + data signature / two RSA alone", floor, own[.pathAndSignature], aim: 0.8),
            ratio(
                "path + data signature / two RSA with import", own[.rsaWithImport], own[.pathAndSignature], aim: nil),
            ratio("whole report / two RSA alone", floor, own[.whole], aim: 0.8),
        ]
        if let path = peer["parse+verify_cert"] {
            ratios.append(ratio("path / OpenSSL X509_verify_cert", path, own[.path], aim: nil))
        }
        if let both = peer["parse+verify_cert+data sig"] {
            ratios.append(ratio("path + data signature / OpenSSL", both, own[.pathAndSignature], aim: 3))
        }
        return ratios
    }

    private func ratio(_ name: String, _ other: Double?, _ mine: Double?, aim: Double?) -> Ratio {
        Ratio(name: name, value: (other ?? 0) / max(mine ?? .infinity, 1e-12), aim: aim)
    }

    var table: String {
        var lines = ["\(pad("on one thread, CPU time"))        /s       µs"]
        for workload in Workload.allCases {
            guard let seconds = own[workload] else { continue }
            lines.append(row(workload.rawValue, seconds))
        }
        for (name, seconds) in peer.sorted(by: { $0.value < $1.value }) {
            lines.append(row("OpenSSL " + name, seconds))
        }
        if peer.isEmpty { lines.append("OpenSSL: not measured, no --peer") }
        lines.append("")
        for ratio in ratios {
            let aim = ratio.aim.map { "  aim \($0)" } ?? ""
            lines.append("\(pad(ratio.name))    \(String(format: "%6.2f", ratio.value))\(aim)")
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ name: String, _ seconds: Double) -> String {
        pad(name) + String(format: "%10.0f %8.2f", 1 / seconds, seconds * 1e6)
    }

    private func pad(_ text: String) -> String { text.padding(toLength: 64, withPad: " ", startingAt: 0) }

    var json: String {
        get throws {
            let document: [String: Any] = [
                "akashi_microseconds": Dictionary(uniqueKeysWithValues: own.map { ("\($0.key)", $0.value * 1e6) }),
                "openssl_microseconds": peer.mapValues { $0 * 1e6 },
                "ratios": ratios.map { ratio in
                    ["name": ratio.name, "value": ratio.value, "aim": ratio.aim.map { $0 as Any } ?? NSNull()]
                },
            ]
            let data = try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .prettyPrinted])
            return String(decoding: data, as: UTF8.self)
        }
    }
}
