package import PathValidation

/// One of `checks`.
package struct CheckBody: Codable, Hashable, Sendable {
    package var code: String
    package var outcome: String
    package var clause: String?
    package var detail: String?
    /// On `trust_anchor`: the configured issuer.
    package var issuerID: String?
    /// On `revocation`: the reason of the revocation, or why it could not be found out.
    package var reason: String?

    enum CodingKeys: String, CodingKey {
        case code, outcome, clause, detail, reason
        case issuerID = "issuer_id"
    }

    package init(_ check: Check) {
        code = check.code.rawValue
        outcome = check.outcome.rawValue
        clause = check.clause
        detail = check.detail
    }

    /// As the level tells it.
    package func at(_ level: ReportLevel) -> CheckBody {
        var body = self
        if level == .simple { (body.clause, body.detail) = (nil, nil) }
        return body
    }
}
