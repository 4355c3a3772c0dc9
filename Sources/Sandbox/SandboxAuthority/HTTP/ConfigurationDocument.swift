import JPKIProfile
import Organizations
import PKIX

/// ``SandboxDescription`` as JSON: what an operator copies into a platform's configuration.
struct ConfigurationDocument: Encodable {
    struct IssuerEntry: Encodable {
        let id: String
        let kinds: [String]
        let generation: Int
        let certificatePem: String
    }

    struct KindEntry: Encodable {
        let kind: String
        let policies: [String]
        let lists: String
        let ocspUrl: String?
    }

    struct ListEntry: Encodable {
        let id: String
        let issuerId: String
        let url: String
        let distributionPoint: String?
        let distributionPointDer: String?
        let municipalityCode: String?
    }

    struct MunicipalityEntry: Encodable {
        let code: String
        let prefecture: String
        let name: String
    }

    let baseUrl: String
    let issuers: [IssuerEntry]
    let kinds: [KindEntry]
    let lists: [ListEntry]
    let municipalities: [MunicipalityEntry]

    init(_ description: SandboxDescription) {
        baseUrl = description.baseURL
        issuers = description.issuers.map {
            IssuerEntry(
                id: $0.id, kinds: [$0.kind.rawValue], generation: $0.generation.rawValue,
                certificatePem: $0.certificatePEM)
        }
        kinds = description.profiles.map {
            KindEntry(
                kind: $0.kind.rawValue, policies: $0.policies.map(\.description).sorted(), lists: $0.lists.rawValue,
                ocspUrl: $0.ocspURL)
        }
        lists = description.lists.map { entry in
            ListEntry(
                id: entry.id, issuerId: entry.issuerID, url: entry.url,
                distributionPoint: entry.distributionPoint?.description,
                distributionPointDer: entry.distributionPoint.map { base64($0.encoding) },
                municipalityCode: entry.municipality?.code.digits)
        }
        municipalities = description.municipalities.map {
            MunicipalityEntry(code: $0.code.digits, prefecture: $0.prefecture, name: $0.name)
        }
    }
}
