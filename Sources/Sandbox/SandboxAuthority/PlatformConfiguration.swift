import JPKIProfile
import Organizations
import PKIX

/// The part of a platform's configuration file that a sandbox determines: `issuers`, `kinds` and `crl_sources`.
package struct PlatformConfiguration: Hashable, Sendable {
    /// Which of the sandbox's lists a platform fetches.
    package enum Lists: String, CaseIterable, Sendable {
        /// One of every certificate for each authority.
        case whole
        /// One a municipality, each with its own distribution point.
        case municipal
        case none
    }

    /// YAML text. Certificates are named by the files of ``certificateFiles``, below `folder`.
    package let yaml: String
    /// PEM texts by file name, below `folder`.
    package let certificateFiles: [String: String]

    /// - Parameters:
    ///   - folder: of the certificates, relative to the configuration file.
    ///   - interval: seconds between two fetches of a list.
    package init(_ description: SandboxDescription, lists: Lists, folder: String = "issuers", interval: Int = 3_600) {
        certificateFiles = Dictionary(
            uniqueKeysWithValues: description.issuers.map { ("\($0.id).pem", $0.certificatePEM) })
        let sources = description.lists.filter { list in
            switch lists {
            case .whole: list.distributionPoint == nil
            case .municipal: list.distributionPoint != nil
            case .none: false
            }
        }
        let written = sources.filter { $0.municipality?.role != .partition }
        let partitions = sources.filter { $0.municipality?.role == .partition }
        yaml =
            "issuers:\n" + description.issuers.map { PlatformConfiguration.issuer($0, folder) }.joined()
            + "kinds:\n" + description.profiles.map(PlatformConfiguration.kind).joined()
            + (sources.isEmpty
                ? "" : "crl_sources:\n" + written.map { PlatformConfiguration.source($0, interval) }.joined())
            + PlatformConfiguration.template(partitions, description.baseURL, interval)
    }

    private static func issuer(_ issuer: SandboxDescription.IssuerEntry, _ folder: String) -> String {
        """
          - id: "\(issuer.id)"
            certificate: "\(folder)/\(issuer.id).pem"
            kinds: [\(issuer.kind.rawValue)]

        """
    }

    private static func kind(_ profile: KindProfile) -> String {
        let policies = profile.policies.map { "\"\($0)\"" }.sorted().joined(separator: ", ")
        let responder = profile.ocspURL.map { "    ocsp: { url: \"\($0)\", nonce: required }\n" } ?? ""
        return """
              \(profile.kind.rawValue):
                policies: [\(policies)]
                lists: \(profile.lists.rawValue)

            """ + responder
    }

    private static func source(_ list: SandboxDescription.ListEntry, _ interval: Int) -> String {
        """
          - id: "\(list.id)"
            issuer: "\(list.issuerID)"
            url: "\(list.url)"
            scope: \(scope(list.distributionPoint))
            interval_seconds: \(interval)

        """
    }

    /// One source for all of a nation's partitions.
    private static func template(
        _ partitions: [SandboxDescription.ListEntry],
        _ baseURL: String,
        _ interval: Int
    ) -> String {
        guard let first = partitions.first, let example = first.municipality else { return "" }
        let scope = scope(first.distributionPoint)
            .replacing("OU=\(example.prefectureLabel)", with: "OU={prefecture}")
            .replacing("CN=\(example.label)", with: "CN={name}")
        let rows = partitions.compactMap(\.municipality).map {
            "      - { code: \"\($0.code.digits)\", prefecture: \($0.prefectureLabel), name: \($0.label) }\n"
        }
        return """
              - id: "\(first.issuerID)/{code}"
                issuer: "\(first.issuerID)"
                url: "\(baseURL)/crl/\(first.issuerID)/{code}.crl"
                scope: \(scope)
                interval_seconds: \(interval)
                partitions:

            """ + rows.joined()
    }

    private static func scope(_ name: DistinguishedName?) -> String {
        guard let name else { return "complete" }
        let labels: [OID: String] = [
            .country: "C", .organization: "O", .organizationalUnit: "OU", .commonName: "CN",
        ]
        let parts = name.relativeNames.joined().compactMap { attribute -> String? in
            guard let label = labels[attribute.type], let text = attribute.string else { return nil }
            return "\"\(label)=\(text)\""
        }
        return "{ directory_name: [\(parts.joined(separator: ", "))] }"
    }
}
