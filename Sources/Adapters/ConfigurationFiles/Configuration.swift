package import JPKIProfile
package import Organizations
package import RevocationUpdating
package import Verification

/// Everything that an operator decides, checked as a whole.
package struct Configuration: Sendable {
    package let environment: DeploymentEnvironment
    package let listeners: ListenerSettings
    package let storePath: String
    /// The folder of the revocation lists; `lists` beside the store when nothing is configured.
    package let listFolder: String
    /// The folder of the key files.
    package let keyFolder: String
    package let trust: TrustSettings
    package let crlSources: [CRLSource]
    /// By id.
    package let procedures: [String: Procedure]
    /// The procedure of a request that names no other and whose purpose is not under ``purposes``.
    package let defaultProcedureID: String
    /// The id of the procedure of each purpose, by purpose.
    package let purposes: [String: String]
    package let organizations: OrganizationDirectory
    package let challengeLifetimeSeconds: Int
    package let limits: ResourceLimits
    package let retention: RetentionSettings
    package let notices: [Notice]
    /// None by default.
    package let localResponders: [LocalResponderListener]
    /// Nil: no device enrols.
    package let devices: DeviceSettings?
    /// Nil: there are no pages for staff.
    package let staffPages: StaffPageSettings?
    /// Nil: no applications at the counter.
    package let counter: CounterConfiguration?
    /// Nil: no 書かない窓口.
    package let forms: FormConfiguration?
    /// The path of the file that declares what the nodes of this site may run; nil: a node is not compared.
    package let declaredNodes: String?
    /// SHA-256 of the canonical configuration, lower-case hex. Stands in each answer.
    package let digest: String
    /// SHA-256 over the issuers: ids, certificates, kinds and uses.
    package let trustListDigest: String

    /// What the verification service takes of it.
    package var verificationSettings: VerificationSettings {
        VerificationSettings(
            environment: environment, trust: trust, procedures: procedures, defaultProcedureID: defaultProcedureID,
            challengeSeconds: challengeLifetimeSeconds, digest: digest)
    }
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

/// How long each class of record is kept.
package struct RetentionSettings: Hashable, Sendable {
    package let recordDays: Int
    package let auditDays: Int
    package let archivedListDays: Int
    /// Hours that a finished bulk job and its items are kept.
    package let batchHours: Int
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
