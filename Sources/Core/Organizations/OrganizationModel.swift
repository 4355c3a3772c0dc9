/// Who may act, as configured: not yet checked.
package struct OrganizationModel: Hashable, Sendable {
    package var environment: DeploymentEnvironment
    package var municipalities: [Municipality]
    package var clientSystems: [ClientSystem]
    package var staff: [StaffMember]

    package init(
        environment: DeploymentEnvironment,
        municipalities: [Municipality],
        clientSystems: [ClientSystem] = [],
        staff: [StaffMember] = []
    ) {
        self.environment = environment
        self.municipalities = municipalities
        self.clientSystems = clientSystems
        self.staff = staff
    }
}

/// The checks of a whole model. Each appends what it finds; none stops the others.
struct OrganizationValidator {
    /// Most clients of one deployment: 1,741 municipalities with some dozens of terminals each.
    static let mostClients = 200_000
    static let mostStaff = 500_000

    let model: OrganizationModel
    private(set) var faults: [OrganizationFault] = []
    private var byCode: [MunicipalityCode: Municipality] = [:]

    init(_ model: OrganizationModel) { self.model = model }

    mutating func run() {
        checkMunicipalities()
        for municipality in model.municipalities { checkPlaces(of: municipality) }
        checkClients()
        checkStaff()
    }

    private mutating func fault(_ kind: OrganizationFault.Kind, _ subject: String) {
        faults.append(OrganizationFault(kind, subject))
    }

    /// Ids are 1 to 64 letters, digits, `-`, `_` or `.`: they stand in logs, records and metrics.
    private mutating func checkID(_ id: String, _ place: String, among seen: inout Set<String>) {
        let isPlain = id.utf8.allSatisfy { octet in
            (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
                || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_") || octet == UInt8(ascii: ".")
        }
        if id.isEmpty || id.utf8.count > 64 || !isPlain { fault(.malformedID, place) }
        if !seen.insert(id).inserted { fault(.duplicateID, place) }
    }

    // MARK: 団体

    private mutating func checkMunicipalities() {
        for municipality in model.municipalities {
            if byCode.updateValue(municipality, forKey: municipality.code) != nil {
                fault(.duplicateID, "municipality \(municipality.code)")
            }
        }
        for municipality in model.municipalities {
            let place = "municipality \(municipality.code)"
            if let from = municipality.validFrom, let until = municipality.validUntil, until <= from {
                fault(.emptyValidity, place)
            }
            if municipality.verifier.name.isEmpty || municipality.verifier.legalBasis.isEmpty {
                fault(.missingLegalBasis, place)
            }
            checkMerger(of: municipality, place)
            checkParent(of: municipality, place)
        }
    }

    private mutating func checkMerger(of municipality: Municipality, _ place: String) {
        guard let successorCode = municipality.mergedInto else { return }
        guard let successor = byCode[successorCode] else { return fault(.unknownMunicipality, "successor of \(place)") }
        guard let end = municipality.validUntil, successor.isInForce(at: end) else {
            return fault(.mergerMismatch, place)
        }
        // Each end is before its successor's, so mergers cannot lead back to themselves.
    }

    private mutating func checkParent(of municipality: Municipality, _ place: String) {
        guard let parentCode = municipality.parent else { return }
        guard let parent = byCode[parentCode] else { return fault(.unknownMunicipality, "city of \(place)") }
        if parentCode == municipality.code || parent.parent != nil { fault(.wardOfWard, place) }
    }

    // MARK: 部署, 拠点, 窓口, 端末

    private mutating func checkPlaces(of municipality: Municipality) {
        let whole = "of \(municipality.code)"
        var departments: Set<String> = []
        for department in municipality.departments {
            checkID(department.id, "department \(department.id) \(whole)", among: &departments)
        }
        var sites: Set<String> = []
        for site in municipality.sites {
            checkID(site.id, "site \(site.id) \(whole)", among: &sites)
            if let department = site.department, !departments.contains(department) {
                fault(.unknownDepartment, "department \(department) of site \(site.id) \(whole)")
            }
            checkCounters(of: site, whole)
        }
    }

    private mutating func checkCounters(of site: Site, _ whole: String) {
        var counters: Set<String> = []
        for counter in site.counters {
            checkID(counter.id, "counter \(counter.id) of site \(site.id) \(whole)", among: &counters)
        }
        for terminal in site.terminals {
            guard let counter = terminal.counter, !counters.contains(counter) else { continue }
            fault(.unknownCounter, "counter \(counter) of terminal \(terminal.id) \(whole)")
        }
    }

    // MARK: Clients

    private mutating func checkClients() {
        for system in model.clientSystems {
            let place = "client system \(system.id) of \(system.municipality)"
            guard let municipality = byCode[system.municipality] else {
                fault(.unknownMunicipality, place)
                continue
            }
            if let site = system.site, !municipality.sites.contains(where: { $0.id == site }) {
                fault(.unknownSite, place)
            }
        }
        let clients = model.clients
        if clients.count > OrganizationValidator.mostClients { fault(.tooMany, "clients") }
        var ids: Set<String> = []
        for client in clients { checkID(client.id, "client \(client.id) of \(client.municipality)", among: &ids) }
        checkCredentials(of: clients)
    }

    /// A certificate must never fit two clients, so a key stands once, and a name either once without a key or
    /// with keys that are different anyway.
    private mutating func checkCredentials(of clients: [Client]) {
        var digests: Set<[UInt8]> = []
        var namesAlone: Set<String> = []
        for client in clients {
            let place = "credential of client \(client.id) of \(client.municipality)"
            let credential = client.credential
            if credential.source == .configured, credential.keyDigests.isEmpty,
                credential.subjectAlternativeName?.isEmpty ?? true
            {
                fault(.malformedCredential, place)
            }
            if credential.keyDigests.contains(where: { $0.count != 32 }) { fault(.malformedCredential, place) }
            for digest in credential.keyDigests where !digests.insert(digest).inserted {
                fault(.ambiguousCredential, place)
            }
            if credential.keyDigests.isEmpty, let name = credential.subjectAlternativeName,
                !namesAlone.insert(name).inserted
            {
                fault(.ambiguousCredential, place)
            }
        }
    }

    // MARK: 職員

    private mutating func checkStaff() {
        if model.staff.count > OrganizationValidator.mostStaff { fault(.tooMany, "staff") }
        var ids: Set<String> = []
        for member in model.staff {
            let place = "staff \(member.id) of \(member.municipality)"
            checkID(member.id, place, among: &ids)
            if member.roles.isEmpty || (member.roles.contains(.auditor) && member.roles.count > 1) {
                fault(.roleConflict, place)
            }
            if let lender = member.lentFrom {
                if lender == member.municipality { fault(.lentByItself, place) }
                if byCode[lender] == nil { fault(.unknownMunicipality, "lender of \(place)") }
            }
            guard let municipality = byCode[member.municipality] else {
                fault(.unknownMunicipality, place)
                continue
            }
            if let department = member.department, !municipality.departments.contains(where: { $0.id == department }) {
                fault(.unknownDepartment, place)
            }
        }
    }
}
