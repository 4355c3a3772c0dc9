import Organizations
import PKIX
import Testing

let verifier = Verifier(name: "試験市長", legalBasis: "公的個人認証法 第17条第1項・第36条第1項")

/// A code that exists in the code table; the tests fail here if its check digit does not hold.
func code(_ text: String) throws -> MunicipalityCode { try #require(MunicipalityCode(text)) }

func time(_ text: String) throws -> ValidationTime { try #require(ValidationTime(rfc3339: text)) }

/// A digest that stands for the key of `name`; 32 octets.
func digest(_ name: String) -> [UInt8] { Array((name.utf8 + [UInt8](repeating: 0, count: 32)).prefix(32)) }

let verifyGrants = ClientGrants(scopes: [.verify], purposes: ["certificate_issuance"], policies: ["counter-default"])

func credential(
    _ key: String, name: String? = nil, state: ClientCredential.State = .active
) -> ClientCredential {
    ClientCredential(keyDigests: [digest(key)], subjectAlternativeName: name, state: state)
}

/// One city with a department, a site, a counter, a terminal, a client system and a clerk: without fault.
func wholeModel() throws -> OrganizationModel {
    let city = try code("011002")
    let terminal = Terminal(
        id: "T-01", name: "端末1", counter: "C-1", credential: credential("terminal"), grants: verifyGrants)
    let site = Site(
        id: "S-1", name: "本庁舎", department: "D-1", counters: [Counter(id: "C-1", name: "1番窓口")],
        terminals: [terminal])
    return OrganizationModel(
        environment: .sandbox,
        municipalities: [
            Municipality(
                code: city, name: "試験市", verifier: verifier, departments: [Department(id: "D-1", name: "市民課")],
                sites: [site])
        ],
        clientSystems: [
            ClientSystem(
                id: "koseki", name: "戸籍", municipality: city, site: "S-1", credential: credential("koseki"),
                grants: verifyGrants)
        ],
        staff: [StaffMember(id: "E-1", municipality: city, department: "D-1", roles: [.counterClerk])])
}

func faults(_ model: OrganizationModel) -> [OrganizationFault.Kind] {
    do throws(OrganizationFaults) {
        _ = try OrganizationDirectory(validating: model)
        return []
    } catch {
        return error.faults.map(\.kind)
    }
}
