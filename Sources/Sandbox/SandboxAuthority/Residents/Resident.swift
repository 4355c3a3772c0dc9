package import JPKIProfile
package import PKIX

/// What carries a certificate: the token label of EF 0006.
package enum ResidentDevice: String, CaseIterable, Sendable {
    case card = "JPKIAPICCTOKEN2"
    case android = "JPKIAPGPSETOKEN"
    case iPhone = "JPKIAPIOSTOKEN"
}

/// A revocation as the authority records it. A hold is never released.
package struct Revocation: Hashable, Sendable {
    package let at: ValidationTime
    package let reason: RevocationReason
}

/// One certificate of a test resident.
package struct ResidentCertificate: Sendable {
    /// Whether the authority has it in its register.
    package enum Registration: Sendable {
        case registered
        case neverIssued
    }

    package let authority: AuthorityID
    package let certificate: Certificate
    /// The place of its private key among the sandbox's keys for people.
    let keyIndex: Int
    package let registration: Registration
    package internal(set) var revocation: Revocation?
    /// Replaced by another certificate of the same kind.
    package internal(set) var isSuperseded = false

    package var kind: CertificateKind { authority.kind }
    package var serialNumber: SerialNumber { certificate.serialNumber }
}

/// A made-up resident with a card and maybe a telephone.
package struct Resident: Sendable {
    package let id: String
    package let archetype: Archetype?
    package internal(set) var person: Person
    package let device: ResidentDevice
    /// 署名用パスワード, 6 to 16 characters; nil for a card without.
    package let signaturePIN: String?
    /// 利用者証明用暗証番号, four digits; nil for a card without.
    package let authenticationPIN: String?
    /// In order of issue: a superseded one stands before its successor.
    package internal(set) var certificates: [ResidentCertificate]
    var triesLeft: [CertificateKind.Use: Int] = [.digitalSignature: 5, .userAuthentication: 3]

    /// The newest certificate of `kind`.
    package func certificate(_ kind: CertificateKind) -> ResidentCertificate? {
        certificates.last { $0.kind == kind }
    }

    package func pin(for use: CertificateKind.Use) -> String? {
        use == .digitalSignature ? signaturePIN : authenticationPIN
    }

    package var municipality: SandboxMunicipality { person.municipality }
}
