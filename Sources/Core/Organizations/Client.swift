/// A caller of the API, whether 業務システム or 端末, in one shape.
package struct Client: Hashable, Sendable {
    package let id: String
    package let municipality: MunicipalityCode
    package let site: String?
    package let credential: ClientCredential
    package let grants: ClientGrants
}

extension OrganizationModel {
    /// Client systems first, then each municipality's terminals.
    var clients: [Client] {
        let systems = clientSystems.map {
            Client(
                id: $0.id, municipality: $0.municipality, site: $0.site, credential: $0.credential, grants: $0.grants)
        }
        return systems + municipalities.flatMap(\.terminalClients)
    }
}

extension Municipality {
    fileprivate var terminalClients: [Client] {
        sites.flatMap { site in
            site.terminals.map {
                Client(
                    id: $0.id, municipality: code, site: site.id, credential: $0.credential, grants: $0.grants)
            }
        }
    }
}
