internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import RevocationUpdating
internal import SignatureValidation
internal import Verification

extension ConfigurationSection {
    /// One of `crl_sources`: one source, or with `partitions` one for each of its rows.
    func crlSources(_ trust: TrustSettings) -> [CRLSource] {
        guard node("partitions") != nil else { return crlSource(trust).map { [$0] } ?? [] }
        guard let template = PartitionTemplate(self) else { return [] }
        var sources: [CRLSource] = []
        for section in template.sections() {
            // What is wrong with the template is wrong with every row: once is enough.
            let problemsBefore = problems.problems.count
            guard let source = section.crlSource(trust), problems.problems.count == problemsBefore else { break }
            sources.append(source)
        }
        return sources
    }

    private func crlSource(_ trust: TrustSettings) -> CRLSource? {
        defer { finish() }
        let id = text("id")
        let issuerID = text("issuer")
        let scope = expectedScope()
        let location = location(scope)
        let form = choice("form", of: ListForm.self, default: .complete)
        let size = integer("maximum_bytes", in: 1_024...4_294_967_296, default: CRLSource.defaultMaximumSize)
        let interval = integer("interval_seconds", in: 1...2_592_000, default: CRLSource.defaultInterval)
        let deadline = optionalInteger("deadline_seconds", in: 1...86_400)
        guard let id, let issuerID, let location, let scope, let form else { return nil }
        guard let issuer = trust.issuer(id: issuerID) else {
            note("is not the id of a configured issuer", at: "issuer")
            return nil
        }
        return CRLSource(
            id: id, issuerID: issuerID, issuerName: issuer.anchor.name, issuerKey: issuer.anchor.subjectPublicKeyInfo,
            location: location, scope: scope, form: form, maximumSize: size, interval: interval,
            deadline: deadline)
    }

    private func location(_ scope: CRLSource.ExpectedScope?) -> CRLSource.Location? {
        var scopeName: DistinguishedName?
        if case .distributionPoint(.fullName(let names)) = scope, case .directoryName(let name) = names.first {
            scopeName = name
        }
        let directory = optionalSection("ldap").map { $0.directoryEntry(scopeName: scopeName) }
        let isPresent = ["url", "file", "directory", "ldap"].filter { node($0) != nil }
        guard isPresent.count == 1 else {
            note("needs exactly one of url, file, directory and ldap", at: "url")
            return nil
        }
        if let directory { return directory.map { .ldap($0) } }
        if let text = node("url")?.text, text.lowercased().hasPrefix("ldap") {
            return directoryEntry(url: text, at: "url").map { .ldap($0) }
        }
        return url("url").map(CRLSource.Location.http(url:))
            ?? optionalFilePath("file").map(CRLSource.Location.file(path:))
            ?? optionalFilePath("directory").map(CRLSource.Location.directory(path:))
    }

    /// `scope`: `complete`, `any` or `pinned_by_first_list`, or the expected distribution point as a mapping.
    private func expectedScope() -> CRLSource.ExpectedScope? {
        guard let given = node("scope") else { return .pinnedByFirstList }
        switch given.text {
        case "complete": return .complete
        case "any": return .any
        case "pinned_by_first_list": return .pinnedByFirstList
        case .some:
            note("must be complete, any, pinned_by_first_list or a mapping", at: "scope")
            return nil
        case nil: break
        }
        guard let section = section("scope") else { return nil }
        defer { section.finish() }
        let name = section.strings("directory_name")
        let uri = section.optionalText("uri")
        if let uri, name.isEmpty { return .distributionPoint(.fullName([.uniformResourceIdentifier(uri)])) }
        guard uri == nil, !name.isEmpty, let directoryName = section.distinguishedName(name) else {
            section.note("needs either uri or directory_name, such as [C=JP, O=JPKI]", at: "directory_name")
            return nil
        }
        return .distributionPoint(.fullName([.directoryName(directoryName)]))
    }

    /// One of `policies`: a procedure and how fresh the evidence of non-revocation must be for it.
    func procedure() -> Procedure? {
        defer { finish() }
        let longest = 31_536_000
        let id = text("id")
        let kinds =
            node("accepted_kinds") == nil
            ? Set(CertificateKind.allCases) : choices("accepted_kinds", of: CertificateKind.self)
        let method = choice("preferred_method", of: PreferredMethod.self)
        let fallback = truth("allow_fallback", default: true)
        let responseAge = integer("ocsp_max_age_seconds", in: 1...longest, default: 86_400)
        // The server's default: no list older than 7 days answers.
        let listAge = integer("crl_max_age_seconds", in: 1...longest, default: 604_800)
        let grace = integer("stale_list_grace_seconds", in: 0...longest, default: 0)
        guard let id, let method else { return nil }
        return Procedure(
            id: id, acceptedKinds: kinds,
            revocation: RevocationPolicy(
                preferredMethod: method == .ocsp ? .ocsp : .crl, fallback: fallback ? .allowed : .forbidden,
                maxResponseAge: responseAge, maxListAge: listAge, staleListGrace: grace))
    }
}

/// The names of `preferred_method`.
private enum PreferredMethod: String, CaseIterable {
    case ocsp
    case crl
}

/// Procedures and the purposes that name them.
struct ProcedureReading {
    private(set) var procedures: [String: Procedure] = [:]
    private(set) var purposes: [String: String] = [:]
    /// `default_policy`, or the first of `policies`.
    private(set) var defaultID = ""

    init(_ root: ConfigurationSection) {
        for section in root.sections("policies") {
            guard let procedure = section.procedure() else { continue }
            if defaultID.isEmpty { defaultID = procedure.id }
            if procedures.updateValue(procedure, forKey: procedure.id) != nil { section.note("stands twice", at: "id") }
        }
        if procedures.isEmpty { root.note("must list at least one policy", at: "policies") }
        if let id = root.optionalText("default_policy") {
            if procedures[id] == nil { root.note("is not the id of a configured policy", at: "default_policy") }
            defaultID = id
        }
        for section in root.sections("purposes") {
            defer { section.finish() }
            guard let id = section.text("id"), let policy = section.text("policy") else { continue }
            if procedures[policy] == nil { section.note("is not the id of a configured policy", at: "policy") }
            if purposes.updateValue(policy, forKey: id) != nil { section.note("stands twice", at: "id") }
        }
        if purposes.isEmpty { root.note("must list at least one purpose", at: "purposes") }
    }
}
