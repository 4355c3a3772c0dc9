package import PKIX
package import PathValidation

/// The rules of JPKI's certificate profile that RFC 5280 does not already enforce, for one end-entity certificate.
///
/// The rules are those that the bytes of real certificates show. What real cards may or may not carry
/// (extKeyUsage, the criticality of certificatePolicies, issuerAltName, the form of the distribution point)
/// is tolerated either way.
package func profileChecks(_ certificate: Certificate, kind: KindProfile) -> [Check] {
    [
        versionCheck(certificate), serialCheck(certificate), policyCheck(certificate, kind),
        keyUsageCheck(certificate, kind), endEntityCheck(certificate),
    ]
}

private func versionCheck(_ certificate: Certificate) -> Check {
    let isV3 = certificate.version == 3
    return Check(
        .profile, isV3 ? .passed : .failed, clause: "RFC 5280 §4.1.2.1",
        detail: isV3 ? nil : "the certificate is not version 3")
}

private func serialCheck(_ certificate: Certificate) -> Check {
    let isPositive = certificate.serialNumber.isPositive
    return Check(
        .profile, isPositive ? .passed : .failed, clause: "RFC 5280 §4.1.2.2",
        detail: isPositive ? nil : "the serial number is not positive")
}

private func policyCheck(_ certificate: Certificate, _ kind: KindProfile) -> Check {
    let clause = "RFC 5280 §4.2.1.4"
    guard let policies = certificate.extensions.certificatePolicies else {
        return Check(.certificatePolicy, .failed, clause: clause, detail: "no policy is asserted")
    }
    // anyPolicy names no kind: the policy itself must stand there.
    let isAccepted = policies.contains { kind.policies.contains($0.policyIdentifier) }
    return Check(
        .certificatePolicy, isAccepted ? .passed : .failed, clause: clause,
        detail: isAccepted ? nil : "no asserted policy is one of \(kind.kind.rawValue)")
}

private func keyUsageCheck(_ certificate: Certificate, _ kind: KindProfile) -> Check {
    let clause = "RFC 5280 §4.2.1.3"
    guard let usage = certificate.extensions.keyUsage else {
        return Check(.keyUsage, .failed, clause: clause, detail: "no key usage is stated")
    }
    let isExact = usage == kind.requiredKeyUsage
    return Check(
        .keyUsage, isExact ? .passed : .failed, clause: clause,
        detail: isExact ? nil : "the key usage is not exactly that of \(kind.kind.rawValue)")
}

private func endEntityCheck(_ certificate: Certificate) -> Check {
    let isCA = certificate.extensions.basicConstraints?.isCA == true
    return Check(
        .basicConstraints, isCA ? .failed : .passed, clause: "RFC 5280 §4.2.1.9",
        detail: isCA ? "a CA certificate is no certificate of a person" : nil)
}
