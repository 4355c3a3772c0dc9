import CertificateIssuing
import Foundation
import PKIX
import RevocationLists

/// The serial numbers of every probe file, and what each list says of them.
struct Questions: Sendable {
    struct Question: Sendable {
        let serial: String
        /// By the number of the list: how an answer by that list reads.
        let expected: [String: String]
    }

    let all: [Question]

    /// - Throws: ``ProbeError/probeFile(line:)`` when a probe file and its list disagree.
    init(_ lists: [KnownList]) throws {
        var all: [Question] = []
        for list in lists {
            let text = try String(contentsOfFile: list.probes, encoding: .utf8)
            for (index, line) in text.split(separator: "\n").enumerated() {
                let parts = line.split(separator: " ")
                guard parts.count == 2, let serial = SerialNumber(hex: String(parts[1])),
                    list.serials.contains(serial) == (parts[0] == "H")
                else { throw ProbeError.probeFile(line: index + 1) }
                var expected: [String: String] = [:]
                for list in lists { expected[list.number] = Questions.answer(serial, list) }
                all.append(Question(serial: serial.hex, expected: expected))
            }
        }
        self.all = all
    }

    /// `good`, or status, reason and time of the entry, as ``text(status:reason:revokedAt:)`` writes it.
    private static func answer(_ serial: SerialNumber, _ list: KnownList) -> String {
        guard let index = list.serials.index(of: serial), index < list.serials.count else {
            return text(status: "good", reason: nil, revokedAt: nil)
        }
        let entry = MadeUpEntries(list.serials, until: list.thisUpdate).entry(index)
        return text(
            status: entry.reason == .certificateHold ? "on_hold" : "revoked", reason: entry.reason?.name,
            revokedAt: entry.revokedAt)
    }

    static func text(status: String, reason: String?, revokedAt: ValidationTime?) -> String {
        "\(status) \(reason ?? "-") \(revokedAt.map { String($0.secondsSince1970) } ?? "-")"
    }
}
