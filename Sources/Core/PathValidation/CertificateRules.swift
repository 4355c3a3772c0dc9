internal import PKIX

/// What RFC 5280 §4 demands of a certificate by itself, beyond its syntax, and
/// what this program refuses when it is broken.
///
/// Read all the same: negative serial numbers (§4.1.2.2 asks users to cope with
/// them), missing key identifiers unless `PathConstraints.keyIdentifiers` requires them, GeneralizedTime before 2050, a
/// basicConstraints or policyConstraints that is not critical, and FALSE encoded where it is the default.
enum CertificateRules {
    enum Role {
        case issuer
        case target
    }

    /// The clauses that `certificate` breaks, as words for a check's detail.
    static func violations(of certificate: Certificate, as role: Role) -> [String] {
        var violations: [String] = []
        if certificate.issuer.isEmpty { violations.append("§4.1.2.4: empty issuer") }
        if certificate.serialNumber.octets.allSatisfy({ $0 == 0 }) {
            violations.append("§4.1.2.2: serial number zero")
        }
        if certificate.subject.isEmpty { violations += emptySubject(certificate, role) }
        if !certificate.extensions.all.isEmpty { violations += extensionRules(certificate.extensions, role) }
        return violations
    }

    private static func emptySubject(_ certificate: Certificate, _ role: Role) -> [String] {
        guard role == .target else { return ["§4.1.2.6: a CA without subject name"] }
        let isNamed = certificate.extensions.isCritical(.subjectAltName)
        return isNamed ? [] : ["§4.1.2.6: neither subject name nor critical subjectAltName"]
    }

    private static func extensionRules(_ extensions: CertificateExtensions, _ role: Role) -> [String] {
        var violations: [String] = []
        for item in extensions.all {
            switch item.id {
            case .authorityKeyIdentifier, .subjectKeyIdentifier, .freshestCRL, .authorityInfoAccess:
                if item.isCritical { violations.append("§4.2: an extension is critical that must not be") }
            case .nameConstraints, .inhibitAnyPolicy:
                if !item.isCritical { violations.append("§4.2.1.10, §4.2.1.14: a constraint is not critical") }
            default: break
            }
        }
        guard role == .target, extensions.basicConstraints?.isCA != true else { return violations }
        if extensions.nameConstraints != nil { violations.append("§4.2.1.10: name constraints without cA") }
        if extensions.keyUsage?.contains(.keyCertSign) == true {
            violations.append("§4.2.1.3: keyCertSign without cA")
        }
        return violations
    }

    /// The extensions that path validation processes; any other critical one is refused (§4.2).
    static func isProcessed(_ id: OID) -> Bool {
        switch id {
        case .basicConstraints, .keyUsage, .extendedKeyUsage, .subjectKeyIdentifier, .authorityKeyIdentifier,
            .subjectAltName, .issuerAltName, .certificatePolicies, .policyMappings, .policyConstraints,
            .inhibitAnyPolicy, .nameConstraints, .cRLDistributionPoints, .freshestCRL, .authorityInfoAccess,
            .ocspNoCheck:
            true
        default: false
        }
    }
}
