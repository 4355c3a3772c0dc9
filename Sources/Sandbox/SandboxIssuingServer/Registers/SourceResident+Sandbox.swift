internal import Foundation
internal import JPKIProfile
internal import Organizations
internal import OutgoingHTTP
internal import PKIX
package import SandboxAuthority

extension SourceResident {
    /// The residents of a sandbox in this process.
    package static func all(in sandbox: Sandbox) -> [SourceResident] {
        sandbox.residents().map { resident in
            let person = resident.person.attributes
            return SourceResident(
                id: resident.id, municipalityCode: resident.municipality.code.digits, name: person.name,
                kana: person.additional.first { $0.oid == SandboxAttribute.kanaName }?.text, address: person.address,
                birthDate: person.birthDate, isMale: person.gender == .male,
                links: resident.certificates.compactMap { Link($0.certificate, kind: $0.kind) })
        }
    }

    /// The same from a sandbox that serves at `url`, for example `http://127.0.0.1:7080`.
    package static func all(from url: String) async throws -> [SourceResident] {
        let client = OutgoingHTTPClient()
        var found: [SourceResident] = []
        var failure: IssuingServerError?
        while failure == nil {
            let page = await page(of: url, offset: found.count, client)
            guard let page else {
                failure = .noResidents
                break
            }
            found += page.compactMap(\.resident)
            if page.count < 500 { break }
        }
        await client.shutdown()
        if let failure { throw failure }
        return found
    }

    private static func page(of url: String, offset: Int, _ client: OutgoingHTTPClient) async -> [Document]? {
        let request = OutgoingRequest(url: "\(url)/sandbox/v1/residents?offset=\(offset)&limit=500")
        let answer = await client.exchange(request, within: .seconds(20), maximumBody: 67_108_864)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard case .success(let response) = answer, response.status == 200 else { return nil }
        return try? decoder.decode(Page.self, from: Data(response.body)).items
    }

    private struct Page: Decodable { let items: [Document] }

    /// A resident as the sandbox's control API gives it out.
    private struct Document: Decodable {
        struct Person: Decodable {
            let name: String
            let address: String
            let birthDate: String
            let gender: String
        }

        struct Item: Decodable {
            let kind: String
            let certificate: String
        }

        let id: String
        let municipalityCode: String
        let person: Person
        let certificates: [Item]

        var resident: SourceResident? {
            SourceResident(
                id: id, municipalityCode: municipalityCode, name: person.name, kana: nil, address: person.address,
                birthDate: person.birthDate, isMale: person.gender == Gender.Code.male.rawValue,
                links: certificates.compactMap { item in
                    guard let kind = CertificateKind(rawValue: item.kind), let der = decodeBase64(item.certificate),
                        let certificate = try? Certificate(der: der)
                    else { return nil }
                    return Link(certificate, kind: kind)
                })
        }
    }
}

extension RegisterMunicipality {
    package init(_ municipality: SandboxMunicipality) {
        self.init(
            code: municipality.code.digits, prefecture: municipality.prefecture, name: municipality.name)
    }

    /// The three of the sandbox.
    package static var sandbox: [RegisterMunicipality] { SandboxMunicipality.all.map { RegisterMunicipality($0) } }
}
