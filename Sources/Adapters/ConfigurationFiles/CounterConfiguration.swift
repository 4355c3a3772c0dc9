package import CounterService
package import Organizations

/// `counter`: applications at the counter (窓口申請), of each municipality that has one. Without the section there are
/// none.
package struct CounterConfiguration: Sendable {
    package let settings: CounterSettings
    package let issuingServers: [IssuingServerSettings]
    /// The URI of each queue, `ipp` or `ipps`, by the printer's id.
    package let printers: [String: String]
    /// PEM of the authorities of queues with `ipps`; nil for the system's.
    package let printerAuthorities: String?
}

/// A municipality's 証明発行サーバ: paths of PEM files, read when the platform starts.
package struct IssuingServerSettings: Hashable, Sendable {
    package let municipality: MunicipalityCode
    /// `https`, host and port.
    package let url: String
    package let certificateChain: String
    package let privateKey: String
    /// Of this server alone.
    package let authorities: String
}
