internal import Foundation
internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import RevocationUpdating

/// What a deployment with real residents must not be configured with.
struct ProductionRules {
    /// Organisations of hierarchies whose private keys are published, or that certify test persons.
    static let testOrganizations: Set<String> = ["JPKI-SANDBOX", "JPKI-MOCK", "JPKI-TEST"]

    let root: ConfigurationSection
    /// Whether sources on this machine itself are expected, as behind a local proxy.
    let localSources: LocalSources

    enum LocalSources { case allowed, refused }

    func check(_ trust: TrustSettings, _ sources: [CRLSource]) {
        for (index, issuer) in trust.issuers.enumerated() {
            let organizations = issuer.anchor.name.values(of: .organization)
            if organizations.contains(where: ProductionRules.isTest) {
                root.problems.add("is an authority of a sandbox or of test cards", at: "issuers[\(index)]")
            }
        }
        for (kind, profile) in trust.kinds {
            if let url = profile.ocspURL { check(url, at: "kinds.\(kind.rawValue).ocsp.url") }
        }
        for (index, source) in sources.enumerated() {
            switch source.location {
            case .http(let url): check(url, at: "crl_sources[\(index)].url")
            case .ldap(let entry): check("ldap://\(entry.server.host)", at: "crl_sources[\(index)].ldap.server")
            case .file, .directory: break
            }
        }
    }

    private static func isTest(_ organization: String) -> Bool {
        let name = organization.uppercased()
        return testOrganizations.contains(name) || name.hasSuffix("-SANDBOX") || name.hasSuffix("-MOCK")
            || name.hasSuffix("-TEST")
    }

    private func check(_ url: String, at path: String) {
        guard let host = URLComponents(string: url)?.host?.lowercased() else { return }
        // RFC 6761: names that never lead to a real service.
        if [".test", ".example", ".invalid"].contains(where: host.hasSuffix) {
            root.problems.add("has a host name that is reserved for tests", at: path)
        }
        let isLocal = host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]"
        if isLocal, localSources == .refused {
            root.problems.add("is on this machine; say allow_local_sources if a local proxy is meant", at: path)
        }
    }
}
