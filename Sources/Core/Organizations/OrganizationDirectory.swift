package import PKIX

/// Why a presented client certificate opens nothing.
package enum ClientRefusal: Error, Hashable, Sendable {
    /// No client has this key or name.
    case unknown
    /// The client's credential is marked revoked.
    case revoked
    /// The municipality's code is not in force at this time: not yet, or merged away.
    case municipalityNotInForce
}

/// An organization model that was checked as a whole, indexed by what clients present.
package struct OrganizationDirectory: Sendable {
    package let environment: DeploymentEnvironment
    package let municipalities: [MunicipalityCode: Municipality]
    package let staff: [String: StaffMember]
    /// Of every client, by id.
    package let clients: [String: Client]
    private let byKeyDigest: [[UInt8]: String]
    private let byName: [String: [String]]

    /// Checks the whole model and reports every fault at once.
    package init(validating model: OrganizationModel) throws(OrganizationFaults) {
        var validator = OrganizationValidator(model)
        validator.run()
        guard validator.faults.isEmpty else { throw OrganizationFaults(faults: validator.faults) }
        environment = model.environment
        municipalities = Dictionary(model.municipalities.map { ($0.code, $0) }) { first, _ in first }
        staff = Dictionary(model.staff.map { ($0.id, $0) }) { first, _ in first }
        let all = model.clients
        clients = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        byKeyDigest = Dictionary(all.flatMap { client in client.credential.keyDigests.map { ($0, client.id) } }) {
            first, _ in first
        }
        let named = all.filter { $0.credential.keyDigests.isEmpty }
        byName = Dictionary(grouping: named.compactMap { $0.credential.subjectAlternativeName == nil ? nil : $0.id }) {
            [clients] id in clients[id]?.credential.subjectAlternativeName ?? ""
        }
    }

    /// Who presents the certificate. Ask again for each request: the answer changes when a client is revoked.
    package func requester(
        presenting certificate: PresentedCertificate,
        at time: ValidationTime
    ) throws(ClientRefusal) -> Requester {
        guard let client = client(presenting: certificate) else { throw .unknown }
        return try requester(client, at: time)
    }

    /// Who an enrolled device stands for, as long as the configuration has its terminal where it was enrolled.
    package func requester(
        ofEnrolled terminal: String,
        in municipality: MunicipalityCode,
        at site: String,
        at time: ValidationTime
    ) throws(ClientRefusal) -> Requester {
        guard let client = clients[terminal], client.credential.source == .enrolled,
            client.municipality == municipality, client.site == site
        else { throw .unknown }
        return try requester(client, at: time)
    }

    private func requester(_ client: Client, at time: ValidationTime) throws(ClientRefusal) -> Requester {
        guard client.credential.state == .active else { throw .revoked }
        guard let municipality = municipalities[client.municipality], municipality.isInForce(at: time) else {
            throw .municipalityNotInForce
        }
        return Requester(
            environment: environment, municipality: client.municipality, actor: client.id, site: client.site,
            scopes: client.grants.scopes, purposes: client.grants.purposes, policies: client.grants.policies)
    }

    /// By key first; by name only for clients that are not bound to a key. A name that fits two clients fits none.
    private func client(presenting certificate: PresentedCertificate) -> Client? {
        if let id = byKeyDigest[certificate.keyDigest], let client = clients[id] {
            return client.credential.matches(certificate) ? client : nil
        }
        let candidates = Set(certificate.names.flatMap { byName[$0] ?? [] })
        guard candidates.count == 1, let id = candidates.first else { return nil }
        return clients[id]
    }

    /// The municipality that answers for `code` at `time`: itself while in force, else the one it was merged into.
    package func municipality(inForce code: MunicipalityCode, at time: ValidationTime) -> Municipality? {
        var next = municipalities[code]
        while let municipality = next {
            if municipality.isInForce(at: time) { return municipality }
            next = municipality.mergedInto.flatMap { municipalities[$0] }
        }
        return nil
    }
}
