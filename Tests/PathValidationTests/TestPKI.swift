import CertificateIssuing
import PKIX
import PathValidation
import SignatureAlgorithms

/// Certificates for tests of RFC 5280 §6.1. Every key is P-256 and follows from a name, so that runs repeat.
enum TestPKI {
    static let time = ValidationTime(secondsSince1970: 1_800_000_000)
    static let start = time.advanced(bySeconds: -86_400 * 365)
    static let end = time.advanced(bySeconds: 86_400 * 365)
    static let policyA = OID("1.2.392.200149.8.5.1.99.1") ?? .anyPolicy
    static let policyB = OID("1.2.392.200149.8.5.1.99.2") ?? .anyPolicy
    static let policyC = OID("1.2.392.200149.8.5.1.99.3") ?? .anyPolicy

    static func name(_ common: String) -> DistinguishedName {
        DistinguishedName([(.country, "JP"), (.organization, "Akashi test"), (.commonName, common)])
    }

    static func key(_ seed: String) throws -> SigningKey { try .p256(seed: seed) }

    static func root(_ common: String = "Root", seed: String? = nil) throws -> IssuingAuthority {
        try IssuingAuthority(
            root: name(common), key: key(seed ?? common), notBefore: start, notAfter: end)
    }

    /// What a certificate says besides its issuer.
    static func request(
        _ subject: DistinguishedName,
        key: SigningKey,
        _ extensions: [Extension]
    ) -> CertificateRequest {
        CertificateRequest(
            serialNumber: SerialNumber(7), subject: subject, publicKeyInfo: key.publicKeyInfo,
            notBefore: start, notAfter: end, extensions: extensions)
    }
}

extension IssuingAuthority {
    /// A CA below this one; its key follows from `seed`, else from the name.
    func ca(
        _ common: String,
        seed: String? = nil,
        pathLength: Int? = nil,
        _ extensions: [Extension] = [],
        defects: [CertificateDefect] = []
    ) throws -> IssuingAuthority {
        let key = try TestPKI.key(seed ?? common)
        let constraints = BasicConstraints(isCA: true, pathLenConstraint: pathLength)
        let request = TestPKI.request(
            TestPKI.name(common), key: key,
            [.keyUsage([.keyCertSign, .cRLSign]), .basicConstraints(constraints)] + extensions)
        return IssuingAuthority(certificate: try issue(request, defects: defects), key: key)
    }

    func leaf(
        _ extensions: [Extension] = [],
        subject: DistinguishedName = TestPKI.name("Leaf"),
        defects: [CertificateDefect] = []
    ) throws -> Certificate {
        let request = TestPKI.request(
            subject, key: try TestPKI.key("leaf"), [.keyUsage([.digitalSignature])] + extensions)
        return try issue(request, defects: defects)
    }

    /// The verdict on `leaf` with this authority as the only anchor.
    func judge(
        _ leaf: Certificate,
        through authorities: [IssuingAuthority] = [],
        at time: ValidationTime = TestPKI.time,
        _ adjust: (inout PathConstraints) -> Void = { _ in }
    ) -> PathReport {
        var constraints = PathConstraints()
        adjust(&constraints)
        return PathBuilder(
            anchors: [TrustAnchor(certificate)], pool: authorities.map(\.certificate), constraints: constraints
        ).validate(leaf, at: time)
    }
}

extension PathReport {
    /// The codes of the checks that failed.
    var failed: Set<CheckCode> { Set(checks.filter { $0.outcome == .failed }.map(\.code)) }
}

extension Extension {
    static func policies(_ policies: OID...) -> Extension {
        .certificatePolicies(policies.map { PolicyInformation($0) })
    }

    static func mappings(_ pairs: [(OID, OID)]) -> Extension {
        let value = DERWriter.encode(.sequence) { list in
            for (issuer, subject) in pairs {
                list.append(.sequence) {
                    $0.objectIdentifier(issuer)
                    $0.objectIdentifier(subject)
                }
            }
        }
        return Extension(id: .policyMappings, critical: true, value: value)
    }

    static func policyConstraints(explicit: UInt64? = nil, mapping: UInt64? = nil) -> Extension {
        let value = DERWriter.encode(.sequence) {
            if let explicit { $0.integer(explicit, tag: .context(0)) }
            if let mapping { $0.integer(mapping, tag: .context(1)) }
        }
        return Extension(id: .policyConstraints, critical: true, value: value)
    }

    static func inhibitAnyPolicy(_ certificates: UInt64) -> Extension {
        var writer = DERWriter()
        writer.integer(certificates)
        return Extension(id: .inhibitAnyPolicy, critical: true, value: writer.bytes)
    }

    static func nameConstraints(permitted: [GeneralName] = [], excluded: [GeneralName] = []) -> Extension {
        let value = DERWriter.encode(.sequence) { writer in
            for (number, bases) in [(UInt8(0), permitted), (1, excluded)] where !bases.isEmpty {
                writer.append(.contextConstructed(number)) { list in
                    for base in bases { list.append(.sequence) { $0.generalName(base) } }
                }
            }
        }
        return Extension(id: .nameConstraints, critical: true, value: value)
    }
}
