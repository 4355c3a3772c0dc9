package import JPKIProfile
package import Organizations
package import RevocationUpdating

/// Everything that an operator decides, checked as a whole.
package struct Configuration: Sendable {
    package let environment: DeploymentEnvironment
    package let listeners: ListenerSettings
    package let storePath: String
    /// The folder of the key files.
    package let keyFolder: String
    package let trust: TrustSettings
    /// How each kind's responder is asked.
    package let nonces: [CertificateKind: NonceMode]
    package let crlSources: [CRLSource]
    package let policies: [String: ProcedurePolicy]
    /// The policy of each purpose, by purpose.
    package let purposes: [String: String]
    package let organizations: OrganizationDirectory
    package let challengeLifetimeSeconds: Int
    package let limits: ResourceLimits
    package let retention: RetentionSettings
    package let notices: [Notice]
    /// SHA-256 of the canonical configuration, lower-case hex. Stands in each answer.
    package let digest: String
    /// SHA-256 over the issuers: ids, certificates, kinds and uses.
    package let trustListDigest: String

    /// The policy that applies to a purpose; nil for a purpose that is not configured.
    package func policy(for purpose: String) -> ProcedurePolicy? { purposes[purpose].flatMap { policies[$0] } }
}

/// Whether an OCSP request carries a nonce, and whether the answer must (RFC 9654).
package enum NonceMode: String, CaseIterable, Sendable {
    /// Sent, and an answer without it is refused.
    case required
    /// Sent; an answer without one is accepted, one with another is refused.
    case requested
    case omitted
}

package struct ListenerSettings: Hashable, Sendable {
    package let api: APIListenerSettings
    package let admin: AdminListenerSettings
}

/// The API's listener: TLS with client certificates, nothing else.
package struct APIListenerSettings: Hashable, Sendable {
    package let address: String
    package let port: Int
    /// Paths of PEM files.
    package let certificateChain: String
    package let privateKey: String
    package let clientAuthorities: String
}

/// The admin listener: never on the network.
package enum AdminListenerSettings: Hashable, Sendable {
    case loopback(address: String, port: Int)
    case unixSocket(path: String)
}

/// Which evidence of non-revocation a procedure takes.
package struct ProcedurePolicy: Hashable, Sendable {
    package enum Method: String, CaseIterable, Sendable {
        case ocsp
        case crl
    }

    package let id: String
    package let preferredMethod: Method
    /// Whether the other method may answer when the preferred one cannot.
    package let fallback: Fallback
    /// Seconds since an OCSP response's thisUpdate.
    package let ocspMaximumAge: Int
    /// Seconds since a list's thisUpdate up to which it counts as fresh.
    package let crlMaximumAge: Int
    /// Seconds up to which the last good list still answers, marked degraded. At least ``crlMaximumAge``.
    package let lastGoodCRLMaximumAge: Int

    package enum Fallback: String, CaseIterable, Sendable {
        case allowed
        case forbidden
    }
}

/// Bounds of one process.
package struct ResourceLimits: Hashable, Sendable {
    /// Octets of a request's body.
    package let requestSize: Int
    /// Seconds for a request's body to arrive.
    package let requestSeconds: Int
    package let connections: Int
    /// Seconds of silence after which a connection is closed.
    package let idleSeconds: Int
    /// Octets of a request's header fields.
    package let headerSize: Int
    /// Seconds for one OCSP exchange.
    package let ocspSeconds: Int
}

/// Days that each class of record is kept.
package struct RetentionSettings: Hashable, Sendable {
    package let recordDays: Int
    package let auditDays: Int
    package let archivedListDays: Int
}

/// What the platform says to its clients: a planned stop, service hours.
package struct Notice: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// 計画停止
        case plannedStop = "planned_stop"
        /// 開庁日・時間
        case serviceHours = "service_hours"
        case information
    }

    package let id: String
    package let kind: Kind
    package let startsAt: String?
    package let endsAt: String?
    /// By audience and language: `staff_ja`, `resident_ja` and so on.
    package let texts: [String: String]
}
