package import JPKIProfile

/// A generation of an authority. Both carry one name; only the keys differ.
package enum Generation: Int, CaseIterable, Sendable {
    case first = 1
    case second = 2
}

/// One authority of the sandbox: a kind and a generation.
package struct AuthorityID: Hashable, Sendable {
    package let kind: CertificateKind
    package let generation: Generation

    package init(_ kind: CertificateKind, _ generation: Generation) {
        (self.kind, self.generation) = (kind, generation)
    }

    /// All eight, in a fixed order.
    package static let all: [AuthorityID] = CertificateKind.allCases.flatMap { kind in
        Generation.allCases.map { AuthorityID(kind, $0) }
    }

    /// `sandbox-card-sign-g1`: the issuer id for a configuration, and part of list URLs.
    package var text: String { "sandbox-\(kind.slug)-g\(generation.rawValue)" }
}

extension CertificateKind {
    /// `card-sign`, `card-auth`, `phone-sign`, `phone-auth`.
    var slug: String {
        (medium == .card ? "card" : "phone") + (use == .digitalSignature ? "-sign" : "-auth")
    }
}
