internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import SignatureAlgorithms

extension ConfigurationSection {
    /// One of `issuers`.
    func issuer() -> Issuer? {
        defer { finish() }
        let id = text("id")
        let certificate = certificate("certificate")
        let kinds = choices("kinds", of: CertificateKind.self)
        let use = choice("use", of: Issuer.Use.self, default: .current)
        let scope = choice("list_scope", of: Issuer.ListScope.self, default: .ownKeyOnly)
        let coverage = choice("list_coverage", of: Issuer.ListCoverage.self, default: .byDistributionPoint)
        guard let id, let certificate, let use, let scope, let coverage else { return nil }
        let anchor = TrustAnchor(certificate)
        if (try? anchor.publicKey(for: .current)) == nil {
            note("has a key that this program does not accept", at: "certificate")
        }
        return Issuer(id: id, anchor: anchor, kinds: kinds, use: use, listScope: scope, listCoverage: coverage)
    }

    private func certificate(_ key: String) -> Certificate? {
        guard let (_, octets) = contents(key) else { return nil }
        guard let der = PEM.der(octets, label: "CERTIFICATE"), let certificate = try? Certificate(der: der) else {
            note("names a file that holds no certificate", at: key)
            return nil
        }
        return certificate
    }

    /// One of `kinds`.
    func kindProfile(_ kind: CertificateKind) -> KindProfile? {
        defer { finish() }
        let policies = strings("policies").compactMap { text -> OID? in
            let oid = OID(text)
            if oid == nil { note("must be dotted object identifiers", at: "policies") }
            return oid
        }
        if policies.isEmpty { note("must list at least one policy", at: "policies") }
        let lists = choice("lists", of: ListAvailability.self)
        let ocsp = optionalSection("ocsp")
        let url = ocsp?.url("url")
        let nonce = ocsp?.choice("nonce", of: OCSPNonceUse.self, default: .required) ?? .required
        if let ocsp, url == nil, ocsp.node("url") == nil { ocsp.note("is missing", at: "url") }
        ocsp?.finish()
        guard let lists else { return nil }
        if lists == .none, url == nil { note("has neither lists nor a responder: nothing could be asked", at: "lists") }
        return KindProfile(
            kind: kind, policies: Set(policies), lists: lists, ocspURL: url, ocspNonce: nonce)
    }
}

/// The trust settings of the whole file, with the rules that span issuers and kinds.
struct TrustReading {
    let settings: TrustSettings
    /// Of every issuer, for ``Configuration/trustListDigest``.
    let listDigest: String

    init(_ root: ConfigurationSection) {
        let issuers = root.sections("issuers").compactMap { $0.issuer() }
        if issuers.isEmpty { root.note("must list at least one issuer", at: "issuers") }
        var profiles: [CertificateKind: KindProfile] = [:]
        for (name, section) in root.keyedSections("kinds") {
            guard let kind = CertificateKind(rawValue: name) else {
                let names = CertificateKind.allCases.map(\.rawValue).joined(separator: ", ")
                root.problems.add("is not one of \(names)", at: section.path)
                continue
            }
            profiles[kind] = section.kindProfile(kind)
        }
        settings = TrustSettings(issuers: issuers, kinds: profiles)
        listDigest = sha256Hex(Array(issuers.map(TrustReading.line).sorted().joined().utf8))
        checkWhole(root)
    }

    private static func line(_ issuer: Issuer) -> String {
        let kinds = issuer.kinds.map(\.rawValue).sorted().joined(separator: ",")
        let certificate = issuer.anchor.certificate.map { sha256Hex($0.der) } ?? ""
        return "\(issuer.id) \(certificate) \(kinds) \(issuer.use.rawValue) \(issuer.listScope.rawValue)\n"
    }

    private func checkWhole(_ root: ConfigurationSection) {
        var ids: Set<String> = []
        var keys: Set<[UInt8]> = []
        for (index, issuer) in settings.issuers.enumerated() {
            let path = "issuers[\(index)]"
            if !ids.insert(issuer.id).inserted { root.problems.add("id stands twice", at: path) }
            if !keys.insert(Array(issuer.anchor.subjectPublicKeyInfo.encoding)).inserted {
                root.problems.add("key stands twice: issuers are told apart by key", at: path)
            }
            var seen: [OID: CertificateKind] = [:]
            for kind in issuer.kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
                guard let profile = settings.kinds[kind] else {
                    root.problems.add("issues \(kind.rawValue), which is not under kinds", at: path)
                    continue
                }
                for policy in profile.policies where seen.updateValue(kind, forKey: policy) != nil {
                    root.problems.add("issues two kinds with the policy \(policy): they cannot be told apart", at: path)
                }
            }
        }
    }
}
