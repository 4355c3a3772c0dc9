import JPKIProfile
import PKIX

extension Sandbox {
    /// Makes a new resident and issues their certificates.
    ///
    /// Costs one RSA signature a certificate, about a millisecond: residents by the thousand are cheap because
    /// they share the private keys of a small pool. Serial numbers, names and ids are never shared.
    package func mint(_ request: MintRequest = MintRequest()) throws -> Resident {
        try mint(request, reserve(for: request))
    }

    /// The numbers of one new resident. Taken in order, so that they do not depend on which thread is first.
    private struct Reservation {
        let person: Int
        let serials: [CertificateKind: SerialNumber]
    }

    private func reserve(for request: MintRequest) -> Reservation {
        let kinds = CertificateKind.allCases.filter { request.kinds.contains($0) }
        return Reservation(
            person: register.takePersonNumber(),
            serials: Dictionary(uniqueKeysWithValues: kinds.map { ($0, register.takeSerial($0)) }))
    }

    private func mint(_ request: MintRequest, _ reservation: Reservation) throws -> Resident {
        let now = settings.clock()
        let number = reservation.person
        let seeded = SeededOctets(seed: settings.seed)
        let generator = PersonGenerator(seeded: seeded, now: now)
        var resident = Resident(
            id: "minted-\(number)", archetype: nil,
            person: request.person ?? generator.person(number, in: request.municipality), device: request.device,
            signaturePIN: seeded.signaturePIN("minted-\(number)"),
            authenticationPIN: seeded.authenticationPIN("minted-\(number)"), certificates: [])
        let validity = ResidentIssuing.Validity(now: now, days: request.daysOfValidity)
        for kind in CertificateKind.allCases {
            guard let serial = reservation.serials[kind] else { continue }
            let keyIndex = keyIndex(of: resident.id, kind)
            let id = AuthorityID(kind, request.generation)
            let certificate = try issuing.certificate(
                id, person: resident.person, residentID: resident.id, serial: serial, keyIndex: keyIndex,
                validity: validity, defects: request.defects)
            resident.certificates.append(
                ResidentCertificate(
                    authority: id, certificate: certificate, keyIndex: keyIndex, registration: request.registration))
        }
        register.enter(resident)
        return resident
    }

    /// Makes a new resident for each request, on all processors. The order is that of the requests.
    package func mint(_ requests: [MintRequest]) async throws -> [Resident] {
        let reserved = requests.map { ($0, reserve(for: $0)) }
        return try await withThrowingTaskGroup(of: (Int, Resident).self) { group in
            for (index, (request, reservation)) in reserved.enumerated() {
                group.addTask { (index, try self.mint(request, reservation)) }
            }
            var residents: [(Int, Resident)] = []
            for try await resident in group { residents.append(resident) }
            return residents.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Enters one archetype with the certificates that its plan names.
    func enter(_ archetype: Archetype, now: ValidationTime) throws {
        let plan = archetype.plan
        let seeded = SeededOctets(seed: settings.seed)
        let (hasPIN, id) = (plan.pin == .set, archetype.rawValue)
        var resident = Resident(
            id: id, archetype: archetype, person: archetype.person(now: now), device: plan.device,
            signaturePIN: hasPIN && plan.kinds.contains { $0.use == .digitalSignature } ? seeded.signaturePIN(id) : nil,
            authenticationPIN: hasPIN ? seeded.authenticationPIN(id) : nil, certificates: [])
        for kind in plan.kinds {
            resident.certificates += try certificates(kind, of: resident, plan, now: now)
        }
        register.enter(resident)
    }

    private func certificates(
        _ kind: CertificateKind,
        of resident: Resident,
        _ plan: ArchetypePlan,
        now: ValidationTime
    ) throws -> [ResidentCertificate] {
        let authority = AuthorityID(kind, plan.generation)
        func issue(days: Int64) throws -> ResidentCertificate {
            let index = keyIndex(of: resident.id, kind)
            let certificate = try issuing.certificate(
                authority, person: resident.person, residentID: resident.id, serial: register.takeSerial(kind),
                keyIndex: index, validity: .init(now: now, days: days), defects: [])
            return ResidentCertificate(
                authority: authority, certificate: certificate, keyIndex: index,
                registration: plan.isRegistered ? .registered : .neverIssued)
        }
        let revokedAt = now.advanced(bySeconds: -10 * 86_400)
        switch plan.fate {
        case .revoked(let reason, let kinds) where kinds.contains(kind):
            var certificate = try issue(days: plan.daysOfValidity)
            certificate.revocation = Revocation(at: revokedAt, reason: reason)
            return [certificate]
        case .renewed:
            var former = try issue(days: 60)
            former.revocation = Revocation(at: revokedAt, reason: .superseded)
            former.isSuperseded = true
            return [former, try issue(days: plan.daysOfValidity)]
        case .reissued(let reason):
            var former = try issue(days: 900)
            former.revocation = Revocation(at: revokedAt, reason: reason)
            former.isSuperseded = true
            return [former, try issue(days: plan.daysOfValidity)]
        default: return [try issue(days: plan.daysOfValidity)]
        }
    }

    /// Two certificates of one resident have different keys.
    private func keyIndex(of id: String, _ kind: CertificateKind) -> Int {
        let count = authorities.personalKeys.count
        let start = SeededOctets(seed: settings.seed).number("key-\(id)", below: count)
        return (start + (CertificateKind.allCases.firstIndex(of: kind) ?? 0)) % count
    }
}

extension ArchetypePlan {
    fileprivate var isRegistered: Bool { if case .neverIssued = fate { false } else { true } }

    fileprivate var daysOfValidity: Int64 {
        switch validity {
        case .regular: 1_500
        case .expired: -30
        case .expiresSoon: 20
        }
    }
}

extension SeededOctets {
    /// Eight capital letters and digits, as 署名用パスワード are.
    fileprivate func signaturePIN(_ id: String) -> String { text("signature-pin-\(id)", count: 8) }

    fileprivate func authenticationPIN(_ id: String) -> String {
        text("authentication-pin-\(id)", count: 4, alphabet: "0123456789")
    }
}

extension Resident {
    /// Checks a PIN as a card does: five tries for 署名用, three for 利用者証明用; a right one resets the count.
    mutating func verify(_ pin: String, for use: CertificateKind.Use) throws {
        guard let right = self.pin(for: use) else { throw SandboxError.pinNotSet }
        let left = triesLeft[use, default: 0]
        guard left > 0 else { throw SandboxError.pinLocked }
        guard pin == right else {
            triesLeft[use] = left - 1
            throw left > 1 ? SandboxError.wrongPIN(triesLeft: left - 1) : SandboxError.pinLocked
        }
        triesLeft[use] = use == .digitalSignature ? 5 : 3
    }
}
