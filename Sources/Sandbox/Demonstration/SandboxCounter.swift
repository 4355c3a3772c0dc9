internal import Organizations
internal import SandboxAuthority
internal import SandboxIssuingServer
internal import SandboxPrinters

/// Where a sandbox platform finds issuing servers and printers. They need not run yet.
package struct SandboxCounterPorts: Hashable, Sendable {
    /// By municipality code.
    package var issuingServers: [String: Int]
    package var printers: Int

    package init(issuingServers: [String: Int], printers: Int) {
        (self.issuingServers, self.printers) = (issuingServers, printers)
    }

    /// Those of `akashi sandbox issuing-server` and `akashi sandbox printers`.
    ///
    /// - Parameter firstIssuingServer: of the first municipality; the next ones follow.
    package init(firstIssuingServer: Int = 7_090, printers: Int = 7_631) {
        let codes = RegisterMunicipality.sandbox.map(\.code)
        self.init(
            issuingServers: Dictionary(
                uniqueKeysWithValues: codes.enumerated().map { ($0.element, firstIssuingServer + $0.offset) }),
            printers: printers)
    }
}

/// The sections `counter` and `forms` of a sandbox platform: every procedure and every form, open at every hour, for
/// the municipalities that have an issuing server.
struct SandboxCounter {
    let ports: SandboxCounterPorts
    /// The year in which taxes are levied, the last of three.
    let year: Int

    func serves(_ municipality: SandboxMunicipality) -> Bool {
        ports.issuingServers[municipality.code.digits] != nil
    }

    var yaml: String {
        let servers = ports.issuingServers.sorted { $0.key < $1.key }.map { municipality($0.key, port: $0.value) }
        return ([head] + servers + [forms]).joined(separator: "\n") + "\n"
    }

    /// 書かない窓口 of the same municipalities, on the printer inside the counter.
    private var forms: String {
        "forms:\n  municipalities:\n"
            + ports.issuingServers.keys.sorted().map { code in
                """
                    - code: "\(code)"
                      templates: [resident-move, resident-record]
                      sites:
                        - id: hall-\(code)
                          paper: { printer: counter, tray: tray-1 }
                """
            }.joined(separator: "\n")
    }

    private var head: String {
        """
        counter:
          printers:
            slips: { uri: "\(Spooler.uri(of: .slips, port: ports.printers))" }
            counter: { uri: "\(Spooler.uri(of: .counter, port: ports.printers))" }
          municipalities:
        """
    }

    private func municipality(_ code: String, port: Int) -> String {
        """
            - code: "\(code)"
              issuing_server:
                url: https://127.0.0.1:\(port)
                certificate_chain: issuing/\(code)/centre.pem
                private_key: issuing/\(code)/centre.key
                authorities: issuing/\(code)/authority.pem
              identification_policy: counter-default
              hours:
                weekdays: { \(SandboxCounter.always) }
              sites:
                - id: hall-\(code)
                  papers:
                    receipt_slip: { printer: slips, media: iso_a6_105x148mm }
                    certified_copy: { printer: counter, tray: tray-2, sides: two } # 改ざん防止用紙
                    application_form: { printer: counter, tray: tray-1 }
                    fee_receipt: { printer: counter, tray: tray-1 }
              procedures:
        \(SandboxProcedure.all.map { $0.yaml(year: year) }.joined(separator: "\n"))
        """
    }

    private static let always = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ].map { "\($0): [\"00:00-24:00\"]" }.joined(separator: ", ")
}
