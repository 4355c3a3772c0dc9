package import PKIX
import PathValidation
import SignatureAlgorithms

/// What of a certificate decides about its validity, as lines of text: `akashi explain`.
///
/// Nothing that describes a person is shown: no subject of an end entity, no
/// serial number, no value of an alternative name, no directory name of a distribution point.
package struct CertificateExplanation: Sendable {
    /// One line each: a label and its value.
    package let lines: [(label: String, value: String)]

    package init(_ certificate: Certificate) {
        var lines = CertificateExplanation.frame(certificate)
        lines += CertificateExplanation.decoded(certificate.extensions)
        for item in certificate.extensions.all {
            lines.append(("extension", "\(item.id)\(item.isCritical ? ", critical" : "")"))
        }
        self.lines = lines
    }

    /// The lines with their labels in one column.
    package var text: String {
        let width = lines.map(\.label.count).max() ?? 0
        return lines.map { label, value in
            label + String(repeating: " ", count: width - label.count + 2) + value
        }.joined(separator: "\n")
    }

    private static func frame(_ certificate: Certificate) -> [(String, String)] {
        let isCA = certificate.extensions.basicConstraints?.isCA == true
        var lines = [
            ("sha256", HashAlgorithm.sha256.digest(of: certificate.encoding).hexString.lowercased()),
            ("version", "\(certificate.version)"),
            ("issuer", certificate.issuer.description),
            ("subject", isCA ? certificate.subject.description : "not shown (end entity)"),
            ("self-issued", certificate.isSelfIssued ? "yes" : "no"),
            ("not before", certificate.notBefore.description),
            ("not after", certificate.notAfter.description),
            ("signature", algorithm(certificate)),
            ("key", key(certificate.subjectPublicKeyInfo)),
        ]
        if certificate.tbsSignatureAlgorithm != certificate.signatureAlgorithm {
            lines.append(("defect", "the two signature algorithms differ (RFC 5280 §4.1.1.2)"))
        }
        return lines
    }

    private static func algorithm(_ certificate: Certificate) -> String {
        guard let scheme = SignatureScheme(certificate.signatureAlgorithm) else {
            return "\(certificate.signatureAlgorithm.algorithm), not supported"
        }
        let verdict = AlgorithmSuite.current.accepts(scheme) ? "" : ", refused by the current suite"
        return "\(name(scheme))\(verdict)"
    }

    private static func name(_ scheme: SignatureScheme) -> String {
        switch scheme {
        case .rsaPKCS1(let hash): "RSASSA-PKCS1-v1_5, \(hash.rawValue)"
        case .rsaPSS(let hash): "RSASSA-PSS, \(hash.rawValue)"
        case .ecdsa(let hash): "ECDSA, \(hash.rawValue)"
        }
    }

    private static func key(_ info: SubjectPublicKeyInfo) -> String {
        do throws(AlgorithmError) {
            _ = try PublicKey(info, suite: .current)
            return "\(info.algorithm.algorithm), accepted"
        } catch {
            return "\(info.algorithm.algorithm), refused: \(error)"
        }
    }

    private static func decoded(_ extensions: CertificateExtensions) -> [(String, String)] {
        var lines: [(String, String)] = []
        func add(_ label: String, _ value: String?) {
            if let value { lines.append((label, value)) }
        }
        add("basic constraints", extensions.basicConstraints.map(describe))
        add("key usage", extensions.keyUsage.map(describe))
        add("extended key usage", extensions.extendedKeyUsage.map(list))
        add("policies", extensions.certificatePolicies.map { list($0.map(\.policyIdentifier)) })
        add(
            "policy mappings",
            extensions.policyMappings.map { mappings in
                mappings.map { "\($0.issuerDomainPolicy) to \($0.subjectDomainPolicy)" }.joined(separator: ", ")
            })
        add("policy constraints", extensions.policyConstraints.map(describe))
        add("inhibit anyPolicy", extensions.inhibitAnyPolicy.map { "\($0)" })
        add("permitted subtrees", extensions.nameConstraints.map { forms($0.permittedSubtrees) })
        add("excluded subtrees", extensions.nameConstraints.map { forms($0.excludedSubtrees) })
        add("alternative names", extensions.subjectAltName.map(forms))
        add("authority key", extensions.authorityKeyIdentifier?.keyIdentifier?.hexString.lowercased())
        add("subject key", extensions.subjectKeyIdentifier?.hexString.lowercased())
        for point in extensions.cRLDistributionPoints ?? [] { add("distribution point", describe(point)) }
        for access in extensions.authorityInfoAccess ?? [] where access.accessMethod == .ocspAccessMethod {
            add("OCSP responder", form(access.accessLocation))
        }
        return lines
    }

    private static func describe(_ constraints: BasicConstraints) -> String {
        guard constraints.isCA else { return "no CA" }
        return constraints.pathLenConstraint.map { "CA, path length \($0)" } ?? "CA"
    }

    private static func describe(_ usage: KeyUsage) -> String {
        KeyUsage.names.filter { usage.contains($0.usage) }.map(\.name).joined(separator: ", ")
    }

    private static func describe(_ constraints: PolicyConstraints) -> String {
        let explicit = constraints.requireExplicitPolicy.map { "requireExplicitPolicy \($0)" }
        let mapping = constraints.inhibitPolicyMapping.map { "inhibitPolicyMapping \($0)" }
        return [explicit, mapping].compactMap { $0 }.joined(separator: ", ")
    }

    private static func describe(_ point: DistributionPoint) -> String {
        let name =
            switch point.name {
            case .fullName(let names): names.map(form).joined(separator: ", ")
            case .nameRelativeToCRLIssuer: "relative to the CRL issuer"
            case nil: "no name"
            }
        let parts = [
            name, point.reasons.map { "reasons \($0.bits.sorted())" },
            point.cRLIssuer.isEmpty ? nil : "another CRL issuer",
        ]
        return parts.compactMap { $0 }.joined(separator: "; ")
    }

    private static func list(_ identifiers: [OID]) -> String {
        identifiers.map(\.description).joined(separator: ", ")
    }

    /// Kinds of names, never their values.
    private static func forms(_ names: [GeneralName]) -> String {
        names.isEmpty ? "none" : names.map(kind).joined(separator: ", ")
    }

    private static func kind(_ name: GeneralName) -> String {
        switch name {
        case .otherName(let type, _): "otherName \(type)"
        case .rfc822Name: "rfc822Name"
        case .dNSName: "dNSName"
        case .x400Address: "x400Address"
        case .directoryName(let name): "directoryName of \(name.relativeNames.count) RDNs"
        case .ediPartyName: "ediPartyName"
        case .uniformResourceIdentifier: "uniformResourceIdentifier"
        case .iPAddress: "iPAddress"
        case .registeredID: "registeredID"
        }
    }

    /// The kind, and a URI itself: the place of a list or a responder.
    private static func form(_ name: GeneralName) -> String {
        if case .uniformResourceIdentifier(let uri) = name { return uri }
        return kind(name)
    }
}
