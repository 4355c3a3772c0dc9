package import PKIX

/// Who issued a certificate, for questions about its revocation: a name and the
/// key that this validation accepts for it. Issuers are keys, not names.
package struct StatusIssuer: Sendable {
    package let name: DistinguishedName
    package let key: SubjectPublicKeyInfo
    /// The certificate that name and key were taken from, where there is one: its keyUsage says whether the
    /// key may sign lists (§6.3.3 (f)).
    package let certificate: Certificate?

    package init(name: DistinguishedName, key: SubjectPublicKeyInfo, certificate: Certificate? = nil) {
        (self.name, self.key, self.certificate) = (name, key, certificate)
    }

    /// The subject and the key of `certificate`.
    package init(_ certificate: Certificate) {
        self.init(name: certificate.subject, key: certificate.subjectPublicKeyInfo, certificate: certificate)
    }
}

extension StatusIssuer: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.key == right.key && left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

/// What was found out about the revocation of one certificate, and every rule that was tried.
package struct StatusReport: Hashable, Sendable {
    package let status: CertificateStatus
    package let checks: [Check]

    package init(status: CertificateStatus, checks: [Check]) {
        (self.status, self.checks) = (status, checks)
    }
}
