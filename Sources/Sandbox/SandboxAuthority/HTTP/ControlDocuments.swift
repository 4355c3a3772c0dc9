import JPKIProfile
import Organizations
import PKIX

/// The JSON of the control API, in snake_case by the coder. Times are RFC 3339, binary is base64.
enum ControlDocument {
    struct Person: Encodable {
        let name: String
        let address: String
        let birthDate: String
        let gender: String

        init(_ draft: BasicFourDraft) {
            (name, address, birthDate) = (draft.name, draft.address, draft.birthDate)
            gender = draft.gender.rawValue
        }
    }

    struct Resident: Encodable {
        let id: String
        let archetype: String?
        let municipalityCode: String
        let device: String
        let signaturePin: String?
        let authenticationPin: String?
        let person: Person
        let certificates: [Certificate]

        init(_ resident: SandboxAuthority.Resident) {
            id = resident.id
            archetype = resident.archetype?.rawValue
            municipalityCode = resident.municipality.code.digits
            device = resident.device.rawValue
            signaturePin = resident.signaturePIN
            authenticationPin = resident.authenticationPIN
            person = Person(resident.person.attributes)
            certificates = resident.certificates.map { Certificate($0) }
        }
    }

    struct Certificate: Encodable {
        let kind: String
        let issuerId: String
        let serialNumber: String
        let notBefore: String
        let notAfter: String
        let status: String
        let revocationReason: String?
        let revokedAt: String?
        let certificate: String

        init(_ item: ResidentCertificate) {
            kind = item.kind.rawValue
            issuerId = item.authority.text
            serialNumber = item.serialNumber.hex
            notBefore = item.certificate.notBefore.description
            notAfter = item.certificate.notAfter.description
            status = item.statusWord
            revocationReason = item.revocation?.reason.name
            revokedAt = item.revocation?.at.description
            certificate = base64(item.certificate.der)
        }
    }

    struct List: Encodable {
        let id: String
        let url: String
        let crlNumber: String
        let thisUpdate: String
        let nextUpdate: String
        let entries: Int
        let fault: String?

        init(_ list: PublishedList, sandbox: Sandbox) {
            id = list.list.id
            url = sandbox.baseURL + list.list.path
            crlNumber = String(list.number)
            thisUpdate = list.thisUpdate.description
            nextUpdate = list.nextUpdate.description
            entries = list.entryCount
            fault = sandbox.faults.fault(on: .list(id: list.list.id))?.name
        }
    }

    struct FaultEntry: Encodable {
        let target: String
        let fault: String
        let milliseconds: Int?

        init(_ target: FaultTarget, _ fault: Fault) {
            (self.target, self.fault) = (target.text, fault.name)
            if case .slow(let delay) = fault { milliseconds = delay } else { milliseconds = nil }
        }
    }

    struct Signature: Encodable {
        let certificate: String
        let signature: String
        let signatureAlgorithm: String
    }

    struct Problem: Encodable {
        let type: String
        let title: String
        let status: Int
        let code: String
        let triesLeft: Int?
        /// The words that are understood there.
        let known: [String]?
    }

    struct Page<Item: Encodable>: Encodable {
        let items: [Item]
    }
}

extension ResidentCertificate {
    /// What the authority knows: `good`, `revoked`, `on_hold` or `unknown`.
    package var statusWord: String {
        if registration == .neverIssued { return "unknown" }
        guard let revocation else { return "good" }
        return revocation.reason == .certificateHold ? "on_hold" : "revoked"
    }
}
