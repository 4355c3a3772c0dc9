package import SandboxPrinters

/// What the steps at the counter use beside the API and the sandbox.
package struct DemonstrationCounter: Sendable {
    /// Whether there are printers to print at.
    package enum Availability: Sendable {
        case present(DemonstrationCounter)
        /// One line for whoever runs the demonstration.
        case absent(String)
    }

    let spooler: Spooler
    let staffURL: String
    let enrol: @Sendable (_ member: String, _ password: String) async throws -> String
    let digests: @Sendable (_ application: String) async throws -> [String: String]

    /// - Parameters:
    ///   - staffURL: of the staff's pages, by the name that their server answers to.
    ///   - enrol: `akashi staff enrol`; gives the authenticator's secret as it is typed (RFC 4648 §6).
    ///   - digests: of an application's papers as the platform keeps them, SHA-256 in hexadecimal, by kind.
    package init(
        spooler: Spooler,
        staffURL: String,
        enrol: @escaping @Sendable (_ member: String, _ password: String) async throws -> String,
        digests: @escaping @Sendable (_ application: String) async throws -> [String: String]
    ) {
        (self.spooler, self.staffURL) = (spooler, staffURL)
        (self.enrol, self.digests) = (enrol, digests)
    }

    /// What came out of both printers, by the digest of its octets; how often, and from which printer.
    func printed() -> [String: [SandboxPrinter]] {
        var found: [String: [SandboxPrinter]] = [:]
        for printer in SandboxPrinter.allCases {
            for octets in spooler.printed(printer) { found[octets.sha256Hex, default: []].append(printer) }
        }
        return found
    }
}
