internal import CardProtocol
internal import CertificateIssuing
internal import Foundation
internal import JPKIProfile
internal import Organizations
internal import OutgoingHTTP
internal import PKIX
package import SandboxAuthority

package enum CardProfileError: Error, Hashable, Sendable {
    /// The sandbox does not answer, or knows no such resident.
    case noSuchResident(String)
    /// The resident's certificates are of no published key.
    case foreignKey
}

extension CardProfile {
    /// The card or telephone of a resident of a sandbox in this process.
    package init(_ resident: Resident, in sandbox: Sandbox, as form: Form? = nil) throws {
        let form = form ?? Form(device: resident.device.rawValue, isFace: resident.archetype == .faceAuthentication)
        let person = resident.person.attributes
        let holder = CardHolder(
            name: person.name, address: person.address, birthDate: person.birthDate, sex: person.gender.rawValue,
            municipality: resident.municipality.code.fiveDigits)
        var credentials: [CardKey: Credential] = [:]
        for kind in CertificateKind.allCases where kind.medium == form.medium {
            guard let item = resident.certificate(kind) else { continue }
            let authority = try sandbox.authorities.keys(item.authority).issuing.certificate.der
            credentials[kind.cardKey] = try Credential(published: item.certificate.der, authority: authority)
        }
        self.init(
            form: form, credentials: credentials,
            pins: CardProfile.pins(resident.authenticationPIN, resident.signaturePIN, holder, form), holder: holder)
    }

    /// The same from a sandbox that serves at `url`, for example `http://127.0.0.1:7080`.
    package static func fetched(_ id: String, from url: String, as form: Form?) async throws -> CardProfile {
        let client = OutgoingHTTPClient()
        func get<Value: Decodable>(_ path: String, as type: Value.Type) async throws -> Value {
            let request = OutgoingRequest(url: url + "/sandbox/v1/" + path)
            let answer = await client.exchange(request, within: .seconds(10), maximumBody: 16_777_216)
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            guard case .success(let response) = answer, response.status == 200,
                let value = try? decoder.decode(type, from: Data(response.body))
            else { throw CardProfileError.noSuchResident(id) }
            return value
        }
        let result: Result<CardProfile, any Error>
        do {
            let resident = try await get("residents/\(id)", as: ResidentDocument.self)
            let issuers = try await get("configuration", as: IssuersDocument.self).issuers
            result = .success(try CardProfile(resident, issuers, as: form))
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        return try result.get()
    }

    private init(_ resident: ResidentDocument, _ issuers: [IssuersDocument.Issuer], as form: Form?) throws {
        let form = form ?? Form(device: resident.device, isFace: resident.archetype == "face_authentication")
        let holder = CardHolder(
            name: resident.person.name, address: resident.person.address, birthDate: resident.person.birthDate,
            sex: resident.person.gender, municipality: String(resident.municipalityCode.prefix(5)))
        var credentials: [CardKey: Credential] = [:]
        for item in resident.certificates {
            guard let kind = CertificateKind(rawValue: item.kind), kind.medium == form.medium,
                let pem = issuers.first(where: { $0.id == item.issuerId })?.certificatePem,
                let authority = PEM.blocks(in: pem).first?.bytes, let der = decodeBase64(item.certificate)
            else { continue }
            // In order of issue: the last of a kind is the one on the card.
            credentials[kind.cardKey] = try Credential(published: der, authority: authority)
        }
        self.init(
            form: form, credentials: credentials,
            pins: CardProfile.pins(resident.authenticationPin, resident.signaturePin, holder, form), holder: holder)
    }

    private static func pins(
        _ authentication: String?, _ signature: String?, _ holder: CardHolder, _ form: Form
    ) -> [CardPIN: String] {
        var pins: [CardPIN: String] = [:]
        pins[.userAuthentication] = authentication
        pins[.digitalSignature] = signature
        guard form.medium == .card else { return pins }
        // Residents are asked to choose the same four digits for both, and mostly do.
        pins[.textInput] = authentication
        pins[.faceNumberB] = holder.faceNumberB
        return pins
    }
}

extension CardProfile.Form {
    fileprivate init(device: String, isFace: Bool) {
        self =
            switch device {
            case "JPKIAPGPSETOKEN": .android
            case "JPKIAPIOSTOKEN": .iPhone
            default: isFace ? .face : .card
            }
    }
}

extension CardProfile.Credential {
    fileprivate init(published certificate: [UInt8], authority: [UInt8]) throws {
        guard let key = CardProfile.publishedKey(of: certificate) else { throw CardProfileError.foreignKey }
        self.init(certificate: certificate, authority: authority, key: key)
    }
}

extension CertificateKind {
    fileprivate var cardKey: CardKey { use == .digitalSignature ? .digitalSignature : .userAuthentication }
}

private struct ResidentDocument: Decodable {
    struct Person: Decodable {
        let name, address, birthDate, gender: String
    }

    struct Item: Decodable {
        let kind, issuerId, certificate: String
    }

    let archetype: String?
    let municipalityCode, device: String
    let signaturePin, authenticationPin: String?
    let person: Person
    let certificates: [Item]
}

private struct IssuersDocument: Decodable {
    struct Issuer: Decodable {
        let id, certificatePem: String
    }

    let issuers: [Issuer]
}
