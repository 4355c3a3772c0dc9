internal import JPKIProfile
package import LocalResponder
package import Organizations
internal import RevocationUpdating

/// One of `local_responders`: an OCSP responder of one 団体's own. There is none unless it is configured.
package struct LocalResponderListener: Hashable, Sendable {
    package let municipality: MunicipalityCode
    package let address: String
    package let port: Int
    /// Whose requests are answered; nobody else's are.
    package let networks: [NetworkPrefix]
    /// Paths: the key (PEM, mode 0600) and its certificate (PEM or DER).
    package let key: String
    package let certificate: String
    /// Ids of configured issuers.
    package let issuers: [String]
    /// Seconds since thisUpdate.
    package let maxListAge: Int
    /// The longest that one signed answer is given again, seconds.
    package let longestReuse: Int
    /// Ids of configured sources whose lists in force are given as files; none by default.
    package let lists: [String]
}

extension ConfigurationSection {
    func localResponder(
        _ trust: TrustSettings,
        _ directory: OrganizationDirectory?,
        _ sources: [CRLSource]
    ) -> LocalResponderListener? {
        defer { finish() }
        let code = text("municipality").flatMap { text -> MunicipalityCode? in
            guard let code = MunicipalityCode(text), directory?.municipalities[code] != nil else {
                note("is not the code of a configured municipality", at: "municipality")
                return nil
            }
            return code
        }
        let address = optionalText("address") ?? "127.0.0.1"
        let port = integer("port", in: 0...65_535, default: 8_088)
        let networks = networks()
        let key = filePath("key")
        let certificate = filePath("certificate")
        let issuers = issuerIDs(trust)
        let age = integer("crl_max_age_seconds", in: 1...31_536_000, default: 604_800)
        let reuse = integer(
            "longest_reuse_seconds", in: 0...86_400, default: LocalResponderSettings.defaultLongestReuse)
        let lists = node("lists") == nil ? [] : strings("lists")
        if !Set(sources.filter { $0.form == .complete }.map(\.id)).isSuperset(of: lists) {
            note("must list ids of configured sources of complete lists", at: "lists")
        }
        guard let code, let key, let certificate, let networks, let issuers else { return nil }
        return LocalResponderListener(
            municipality: code, address: address, port: port, networks: networks, key: key, certificate: certificate,
            issuers: issuers, maxListAge: age, longestReuse: reuse, lists: lists)
    }

    /// This machine alone when nothing is said.
    private func networks() -> [NetworkPrefix]? {
        let texts = node("client_networks") == nil ? ["127.0.0.0/8", "::1"] : strings("client_networks")
        let networks = texts.compactMap { NetworkPrefix($0) }
        guard networks.count == texts.count, !networks.isEmpty else {
            note("must list address ranges such as 10.20.0.0/16", at: "client_networks")
            return nil
        }
        return networks
    }

    private func issuerIDs(_ trust: TrustSettings) -> [String]? {
        let ids = strings("issuers")
        guard !ids.isEmpty, ids.allSatisfy({ trust.issuer(id: $0) != nil }) else {
            note("must list ids of configured issuers", at: "issuers")
            return nil
        }
        return ids
    }
}
