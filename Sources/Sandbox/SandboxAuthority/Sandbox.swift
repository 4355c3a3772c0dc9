import CertificateIssuing
package import JPKIProfile
internal import Organizations
package import PKIX
package import SignatureAlgorithms
import Synchronization

/// A complete mock of J-LIS's certification: authorities, residents, responders and lists. Thread-safe.
///
/// Everything in it is made up, and its keys are published with the program: see ``SandboxOrganization``.
package final class Sandbox: Sendable {
    package let settings: SandboxSettings
    /// Where the sandbox answers, without a slash at the end; stands in the certificates it issues.
    package let baseURL: String
    package let authorities: SandboxAuthorities
    package let faults = FaultBoard()
    /// The three, and the nation's.
    package let municipalities: [SandboxMunicipality]
    let register: ResidentRegister
    let issuing: ResidentIssuing
    private let publisher: ListPublisher
    private let signers: Mutex<[CertificateKind.Medium: SandboxSettings.ResponseSigner]>

    /// Makes the authorities, issues the archetypes' certificates and publishes the first lists.
    package init(settings: SandboxSettings, baseURL: String) throws {
        let now = settings.clock()
        (self.settings, self.baseURL) = (settings, baseURL)
        municipalities = SandboxMunicipality.all + settings.partitions.municipalities
        authorities = try SandboxAuthorities(settings: settings, now: now)
        register = ResidentRegister(seed: settings.seed)
        issuing = ResidentIssuing(settings: settings, authorities: authorities, baseURL: baseURL)
        publisher = ListPublisher(
            settings: settings, baseURL: baseURL, authorities: authorities, register: register, faults: faults)
        signers = Mutex([.card: settings.responseSigner, .smartphone: settings.responseSigner])
        for archetype in Archetype.allCases { try enter(archetype, now: now) }
        for list in SandboxList.all(settings) {
            let municipality = list.municipality.map { [$0.code.digits, $0.code.fiveDigits] } ?? []
            guard !settings.municipalitiesWithStaleLists.isDisjoint(with: municipality) else { continue }
            faults.set(.stale, on: .list(id: list.id))
        }
        try publisher.publishAll()
    }
}

// MARK: - Residents

extension Sandbox {
    /// The resident with this id: an archetype's word, or the id of a minted one.
    package func resident(_ id: String) throws -> Resident {
        guard let resident = register.resident(id) else { throw SandboxError.unknownResident }
        return resident
    }

    package func resident(_ archetype: Archetype) throws -> Resident { try resident(archetype.rawValue) }

    /// The archetypes first, then minted ones in order.
    package func residents(offset: Int = 0, count: Int = .max) -> [Resident] {
        register.residents(offset: max(offset, 0), count: max(count, 0))
    }

    /// The signature that a resident's card or telephone makes over `message`.
    package func sign(
        _ message: [UInt8],
        as id: String,
        kind: CertificateKind,
        pin: String,
        scheme: SignatureScheme = .rsaPKCS1(.sha256)
    ) throws -> [UInt8] {
        try sign(digest: scheme.hash.digest(of: message), as: id, kind: kind, pin: pin, scheme: scheme)
    }

    /// The signature over the message with `digest`.
    ///
    /// - Throws: ``SandboxError`` for a missing certificate and a missing, wrong or locked PIN; a wrong one is
    ///   counted, as the card does.
    package func sign(
        digest: [UInt8],
        as id: String,
        kind: CertificateKind,
        pin: String,
        scheme: SignatureScheme = .rsaPKCS1(.sha256)
    ) throws -> [UInt8] {
        let index = try register.change(id) { resident in
            guard let certificate = resident.certificate(kind) else { throw SandboxError.noSuchCertificate }
            try resident.verify(pin, for: kind.use)
            return certificate.keyIndex
        }
        return try authorities.personalKeys[index].signature(digest: digest, scheme: scheme)
    }

    /// Revokes the newest certificate of `kind`; at once for the responder, with the next list for everybody else.
    package func revoke(_ id: String, kind: CertificateKind, reason: RevocationReason) throws {
        guard RevocationReason.issuedByJPKI.contains(reason) else {
            throw SandboxError.invalidRequest("JPKI does not revoke for this reason")
        }
        try register.revoke(id, kind, Revocation(at: settings.clock(), reason: reason))
    }

    /// Moves a resident: their 署名用 certificates are revoked (affiliationChanged), 利用者証明用 ones stay good.
    package func move(_ id: String, to municipality: SandboxMunicipality) throws {
        let resident = try resident(id)
        for kind in CertificateKind.allCases where kind.use == .digitalSignature {
            guard let item = resident.certificate(kind), item.revocation == nil else { continue }
            try revoke(id, kind: kind, reason: .affiliationChanged)
        }
        try register.change(id) { resident in
            resident.person.municipality = municipality
            resident.person.attributes.address = "\(municipality.prefecture)\(municipality.name)転居一丁目１番１号"
            resident.person.attributes.substitutedInAddress = []
        }
    }
}

extension RevocationReason {
    /// The reasons of J-LIS's practice statement. A hold is never released, so removeFromCRL does not occur.
    package static let issuedByJPKI: Set<RevocationReason> = [
        .unspecified, .keyCompromise, .cACompromise, .affiliationChanged, .superseded, .cessationOfOperation,
        .certificateHold,
    ]
}

// MARK: - Revocation data

extension Sandbox {
    /// What the responder of `medium` answers to an OCSP request.
    package func answer(ocspRequest: [UInt8], medium: CertificateKind.Medium) throws -> ServedAnswer {
        let responder = SandboxResponder(
            medium: medium, settings: settings, authorities: authorities, register: register, faults: faults)
        return try responder.answer(to: ocspRequest, signer: signer(medium))
    }

    package func signer(_ medium: CertificateKind.Medium) -> SandboxSettings.ResponseSigner {
        signers.withLock { $0[medium] ?? settings.responseSigner }
    }

    package func setSigner(_ signer: SandboxSettings.ResponseSigner, of medium: CertificateKind.Medium) {
        signers.withLock { $0[medium] = signer }
    }

    /// What the URL of a list answers.
    package func serve(list id: String) throws -> ServedAnswer { try publisher.serve(id: id) }

    /// The strong entity tag of what ``serve(list:)`` gives now (RFC 9110 §8.8.3); nil while a fault changes it.
    package func entityTag(list id: String) throws -> String? { try publisher.entityTag(id: id) }

    /// The municipality with this code of five or six digits.
    package func municipality(_ code: String) throws -> SandboxMunicipality {
        guard let found = SandboxMunicipality.find(code, in: municipalities) else {
            throw SandboxError.unknownMunicipality
        }
        return found
    }

    /// The lists as they are published now, whatever faults are set.
    package func lists() throws -> [PublishedList] { try publisher.current() }

    /// Publishes every list anew, or the one with this id.
    package func publishLists(id: String? = nil) throws {
        if let id { try publisher.publish(id: id) } else { try publisher.publishAll() }
    }

    /// Sets a fault.
    ///
    /// - Throws: ``SandboxError/unknownTarget`` for a list that does not exist.
    package func set(_ fault: Fault, on target: FaultTarget) throws {
        if case .list(let id) = target {
            guard publisher.publishes(id) else { throw SandboxError.unknownTarget }
        }
        faults.set(fault, on: target)
    }
}
