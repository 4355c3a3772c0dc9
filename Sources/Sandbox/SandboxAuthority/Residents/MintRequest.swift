package import CertificateIssuing
package import JPKIProfile
internal import Organizations
package import PKIX

/// A new test resident to be made.
package struct MintRequest: Sendable {
    /// nil: one of the three, as the seed says. Passed over when ``person`` is given.
    package var municipality: SandboxMunicipality?
    /// nil: a made-up person.
    package var person: Person?
    package var kinds: Set<CertificateKind> = [.cardDigitalSignature, .cardUserAuthentication]
    package var generation = Generation.second
    /// Days from today to the last day of validity: negative for expired certificates.
    package var daysOfValidity: Int64 = 1_500
    package var device = ResidentDevice.card
    /// What shall be wrong with every certificate.
    package var defects: [CertificateDefect] = []
    package var registration = ResidentCertificate.Registration.registered

    package init() {}
}

/// Issues the certificates of residents in the form of `O=JPKI`'s.
struct ResidentIssuing {
    let settings: SandboxSettings
    let authorities: SandboxAuthorities
    /// `http://127.0.0.1:8480`, without a slash at the end.
    let baseURL: String

    struct Validity {
        let from: ValidationTime
        let until: ValidationTime

        /// Four years and some before, in any case before the last day.
        init(now: ValidationTime, days: Int64) {
            until = now.endOfJapaneseDay(addingDays: days)
            from = now.endOfJapaneseDay(addingDays: min(days, 0) - 325).advanced(bySeconds: 1)
        }
    }

    /// The certificate of one kind for `person`.
    func certificate(
        _ id: AuthorityID,
        person: Person,
        residentID: String,
        serial: SerialNumber,
        keyIndex: Int,
        validity: Validity,
        defects: [CertificateDefect]
    ) throws -> Certificate {
        let seeded = SeededOctets(seed: settings.seed)
        let opaque = seeded.text("cn-\(residentID)-\(serial.hex)", count: 14) + person.municipality.code.fiveDigits
        let request = CertificateRequest(
            serialNumber: serial,
            subject: SandboxNames.subject(id.kind, person.municipality, opaqueID: opaque + "003A"),
            publicKeyInfo: authorities.personalKeys[keyIndex].publicKeyInfo,
            notBefore: validity.from, notAfter: validity.until,
            extensions: try extensions(id, person))
        return try authorities.keys(id).issuing.issue(request, defects: defects)
    }

    /// In the order in which cards show them.
    private func extensions(_ id: AuthorityID, _ person: Person) throws -> [Extension] {
        let kind = id.kind
        var extensions: [Extension] = [.keyUsage(kind.keyUsage)]
        if kind.use == .digitalSignature {
            extensions.append(.subjectAltName(try person.attributes.otherNames()))
        }
        extensions.append(.issuerAltName([.directoryName(SandboxNames.alternative(kind))]))
        extensions.append(.certificatePolicies([PolicyInformation(kind.sandboxPolicy, cps: "\(baseURL)/cps")]))
        if kind.medium == .card {
            let list = SandboxList(authority: id, municipality: person.municipality)
            extensions.append(
                .cRLDistributionPoints([DistributionPoint(name: .fullName(list.pointNames(below: baseURL)))]))
        }
        extensions.append(.ocspAccess(baseURL + kind.medium.ocspPath))
        return extensions
    }
}

extension CertificateKind {
    /// The policy that the sandbox asserts. For cards it is J-LIS's; for smartphones nothing is known for sure, so
    /// these two are placeholders like the configuration they go into.
    package var sandboxPolicy: OID {
        switch self {
        case .cardDigitalSignature: .jpkiCardDigitalSignature
        case .cardUserAuthentication: .jpkiCardUserAuthentication
        case .smartphoneDigitalSignature: OID(constant: 1, 2, 392, 200_149, 8, 5, 1, 1, 40)
        case .smartphoneUserAuthentication: OID(constant: 1, 2, 392, 200_149, 8, 5, 1, 3, 40)
        }
    }
}

extension CertificateKind.Medium {
    var ocspPath: String { self == .card ? "/ocsp/card" : "/ocsp/smartphone" }
}
