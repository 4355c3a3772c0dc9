package import PKIX

/// Who issued a certificate, for questions about its revocation: a name and the
/// key that this validation accepts for it. Issuers are keys, not names.
package struct StatusIssuer: Hashable, Sendable {
    package let name: DistinguishedName
    package let key: SubjectPublicKeyInfo

    package init(name: DistinguishedName, key: SubjectPublicKeyInfo) {
        (self.name, self.key) = (name, key)
    }
}

/// What was found out about the revocation of one certificate, and every rule that was tried.
package struct StatusReport: Hashable, Sendable {
    package let status: CertificateStatus
    package let checks: [Check]

    package init(status: CertificateStatus, checks: [Check]) {
        (self.status, self.checks) = (status, checks)
    }
}
