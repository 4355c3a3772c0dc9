package import PKIX

/// A 団体 that uses the platform: a municipality, a ward of a 政令市, a prefecture or a union of them.
package struct Municipality: Hashable, Sendable {
    package let code: MunicipalityCode
    package let name: String
    /// From when the code is in force; nil when it always was.
    package let validFrom: ValidationTime?
    /// The first instant at which the code is no longer in force; nil while it is.
    package let validUntil: ValidationTime?
    /// The 団体 that took this one over when municipalities merged.
    package let mergedInto: MunicipalityCode?
    /// The 政令市 of which this is a ward.
    package let parent: MunicipalityCode?
    package let verifier: Verifier
    package let departments: [Department]
    package let sites: [Site]

    package init(
        code: MunicipalityCode,
        name: String,
        validFrom: ValidationTime? = nil,
        validUntil: ValidationTime? = nil,
        mergedInto: MunicipalityCode? = nil,
        parent: MunicipalityCode? = nil,
        verifier: Verifier,
        departments: [Department] = [],
        sites: [Site] = []
    ) {
        self.code = code
        self.name = name
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.mergedInto = mergedInto
        self.parent = parent
        self.verifier = verifier
        self.departments = departments
        self.sites = sites
    }

    /// Whether the code is in force at `time`: from ``validFrom`` on, until just before ``validUntil``.
    package func isInForce(at time: ValidationTime) -> Bool {
        validFrom.map { $0 <= time } ?? true && validUntil.map { time < $0 } ?? true
    }
}

/// Who answers for the checks under the law: the 署名検証者 and 利用者証明検証者
/// (公的個人認証法 Arts 17 and 36).
package struct Verifier: Hashable, Sendable {
    package let name: String
    /// The article and the agreement that the checks rest on, in an auditor's words.
    package let legalBasis: String

    package init(name: String, legalBasis: String) { (self.name, self.legalBasis) = (name, legalBasis) }
}

/// 部署.
package struct Department: Hashable, Sendable {
    package let id: String
    package let name: String

    package init(id: String, name: String) { (self.id, self.name) = (id, name) }
}

/// 拠点: a building or a shelter, with its counters and terminals.
package struct Site: Hashable, Sendable {
    package let id: String
    package let name: String
    /// The department that runs it, when one does.
    package let department: String?
    package let counters: [Counter]
    package let terminals: [Terminal]

    package init(id: String, name: String, department: String?, counters: [Counter] = [], terminals: [Terminal] = []) {
        self.id = id
        self.name = name
        self.department = department
        self.counters = counters
        self.terminals = terminals
    }
}

/// 窓口.
package struct Counter: Hashable, Sendable {
    package let id: String
    package let name: String

    package init(id: String, name: String) { (self.id, self.name) = (id, name) }
}

/// 端末: a device with a client certificate of its own.
package struct Terminal: Hashable, Sendable {
    package let id: String
    package let name: String
    /// The counter at which it stands, when it stands at one.
    package let counter: String?
    package let credential: ClientCredential
    package let grants: ClientGrants

    package init(id: String, name: String, counter: String?, credential: ClientCredential, grants: ClientGrants) {
        self.id = id
        self.name = name
        self.counter = counter
        self.credential = credential
        self.grants = grants
    }
}
