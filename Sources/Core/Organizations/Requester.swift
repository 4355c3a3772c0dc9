/// Where a deployment stands. Stands on every request, row and audit record.
package enum DeploymentEnvironment: String, CaseIterable, Sendable {
    /// Akashi's own mock authority.
    case sandbox
    /// J-LIS's test cards, `O=JPKI-TEST`.
    case test
    case production
    /// A disaster or outage drill.
    case drill
}

/// What a client may do at all.
package enum Scope: String, CaseIterable, Sendable {
    case verify
    case status
    case batch
    case crlAdmin = "crl.admin"
    /// Enrolment codes, and revoking devices.
    case deviceAdmin = "device.admin"
    case counter
    case shelter
    case auditRead = "audit.read"
    case sandbox
}

/// Who acts: the part of a request that authentication establishes, never the body.
package struct Requester: Hashable, Sendable {
    package let environment: DeploymentEnvironment
    package let municipality: MunicipalityCode
    /// The id of the 業務システム or 端末 whose certificate was presented, from configuration.
    package let actor: String
    /// The 拠点 where it stands, when it has one.
    package let site: String?
    package let scopes: Set<Scope>
    /// The purposes this client may state.
    package let purposes: Set<String>
    /// The revocation policies this client may ask for by id, beside the one of each purpose.
    package let policies: Set<String>

    package init(
        environment: DeploymentEnvironment,
        municipality: MunicipalityCode,
        actor: String,
        site: String?,
        scopes: Set<Scope>,
        purposes: Set<String>,
        policies: Set<String> = []
    ) {
        self.environment = environment
        self.municipality = municipality
        self.actor = actor
        self.site = site
        self.scopes = scopes
        self.purposes = purposes
        self.policies = policies
    }
}
