internal import Organizations
internal import PKIX

/// The organizations of the file, checked with the purposes and policies that they are granted.
struct OrganizationReading {
    let directory: OrganizationDirectory?

    init(_ root: ConfigurationSection, environment: DeploymentEnvironment, policies: ProcedureReading) {
        let municipalities = root.sections("municipalities").compactMap { $0.municipality(policies) }
        if municipalities.isEmpty { root.note("must list at least one municipality", at: "municipalities") }
        let systems = root.sections("client_systems").compactMap { $0.clientSystem(policies) }
        let staff = root.sections("staff").compactMap { $0.staffMember() }
        let model = OrganizationModel(
            environment: environment, municipalities: municipalities, clientSystems: systems, staff: staff)
        do throws(OrganizationFaults) {
            directory = try OrganizationDirectory(validating: model)
        } catch {
            directory = nil
            for fault in error.faults {
                root.problems.add("\(fault.kind.rawValue): \(fault.subject)", at: "organizations")
            }
        }
    }
}

extension ConfigurationSection {
    fileprivate func municipality(_ policies: ProcedureReading) -> Municipality? {
        defer { finish() }
        let (code, name) = (municipalityCode("code"), text("name"))
        let (from, until) = (day("valid_from"), day("valid_until"))
        let (successor, city) = (optionalMunicipalityCode("merged_into"), optionalMunicipalityCode("ward_of"))
        let verifier = section("verifier").flatMap { section -> Verifier? in
            defer { section.finish() }
            guard let name = section.text("name"), let basis = section.text("legal_basis") else { return nil }
            return Verifier(name: name, legalBasis: basis)
        }
        let departments = sections("departments").compactMap { section in
            section.named().map { Department(id: $0.id, name: $0.name) }
        }
        let sites = sections("sites").compactMap { $0.site(policies) }
        guard let code, let name, let verifier else { return nil }
        return Municipality(
            code: code, name: name, validFrom: from, validUntil: until, mergedInto: successor, parent: city,
            verifier: verifier, departments: departments, sites: sites)
    }

    /// A section with nothing but `id` and `name`.
    private func named() -> (id: String, name: String)? {
        defer { finish() }
        guard let id = text("id"), let name = text("name") else { return nil }
        return (id, name)
    }

    private func site(_ policies: ProcedureReading) -> Site? {
        defer { finish() }
        let (id, name, department) = (text("id"), text("name"), optionalText("department"))
        let counters = sections("counters").compactMap { section in
            section.named().map { Counter(id: $0.id, name: $0.name) }
        }
        let terminals = sections("terminals").compactMap { $0.terminal(policies) }
        guard let id, let name else { return nil }
        return Site(id: id, name: name, department: department, counters: counters, terminals: terminals)
    }

    private func terminal(_ policies: ProcedureReading) -> Terminal? {
        defer { finish() }
        let (id, name, counter) = (text("id"), text("name"), optionalText("counter"))
        let (credential, grants) = (credential(), grants(policies))
        guard let id, let name else { return nil }
        return Terminal(id: id, name: name, counter: counter, credential: credential, grants: grants)
    }

    fileprivate func clientSystem(_ policies: ProcedureReading) -> ClientSystem? {
        defer { finish() }
        let (id, name) = (text("id"), text("name"))
        let (code, site) = (municipalityCode("municipality"), optionalText("site"))
        let (credential, grants) = (credential(), grants(policies))
        guard let id, let name, let code else { return nil }
        return ClientSystem(
            id: id, name: name, municipality: code, site: site, credential: credential, grants: grants)
    }

    private func credential() -> ClientCredential {
        let digests = strings("spki_sha256").compactMap { text -> [UInt8]? in
            let octets = [UInt8](hexDigits: text)
            if octets?.count != 32 { note("must be 64 hex digits", at: "spki_sha256") }
            return octets
        }
        let state = choice("state", of: ClientCredential.State.self, default: .active) ?? .revoked
        if truth("enrolled", default: false) {
            for key in ["spki_sha256", "subject_alternative_name"] where node(key) != nil {
                note("does not go with enrolled: the register has the key", at: key)
            }
            return .enrolled(state)
        }
        return ClientCredential(
            keyDigests: Set(digests), subjectAlternativeName: optionalText("subject_alternative_name"), state: state)
    }

    private func grants(_ policies: ProcedureReading) -> ClientGrants {
        let scopes = choices("scopes", of: Scope.self)
        let purposes = strings("purposes")
        for purpose in purposes where policies.purposes[purpose] == nil {
            note("has \(purpose), which is not under purposes", at: "purposes")
        }
        let extra = strings("policies")
        for policy in extra where policies.procedures[policy] == nil {
            note("has \(policy), which is not under policies", at: "policies")
        }
        return ClientGrants(scopes: scopes, purposes: Set(purposes), policies: Set(extra))
    }

    fileprivate func staffMember() -> StaffMember? {
        defer { finish() }
        let (id, code) = (text("id"), municipalityCode("municipality"))
        let (lender, department) = (optionalMunicipalityCode("lent_from"), optionalText("department"))
        let roles = choices("roles", of: StaffMember.Role.self)
        guard let id, let code else { return nil }
        return StaffMember(id: id, municipality: code, lentFrom: lender, department: department, roles: roles)
    }
}

extension [UInt8] {
    /// Octets of hex digits in either case; colons between octets are passed over.
    fileprivate init?(hexDigits text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: ":") }
        guard digits.count % 2 == 0 else { return nil }
        var octets: [UInt8] = []
        var pending: UInt8?
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            if let high = pending {
                octets.append(high << 4 | UInt8(value))
                pending = nil
            } else {
                pending = UInt8(value)
            }
        }
        self = octets
    }
}
