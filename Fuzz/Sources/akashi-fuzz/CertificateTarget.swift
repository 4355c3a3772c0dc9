import PKIX
import PathValidation
import SignatureAlgorithms

/// A certificate: what is accepted is the input whole, says the same when it is written again, and is never
/// valid below an anchor that did not sign it.
enum CertificateTarget {
    static func run(_ input: [UInt8]) {
        guard let certificate = try? Certificate(der: input) else { return }
        hold(certificate.der == input, "a decoded certificate is its input")
        for name in [certificate.issuer, certificate.subject] { NameTarget.roundTrip(name) }
        rewrite(certificate)
        extensions(certificate.extensions)
        judge(certificate)
    }

    /// Encodes the fields again and decodes them: the values must be the same.
    private static func rewrite(_ certificate: Certificate) {
        let tbs = TBSCertificate(
            serialNumber: certificate.serialNumber, signature: certificate.tbsSignatureAlgorithm,
            issuer: certificate.issuer, notBefore: certificate.notBefore, notAfter: certificate.notAfter,
            subject: certificate.subject, subjectPublicKeyInfo: Array(certificate.subjectPublicKeyInfo.encoding),
            extensions: certificate.extensions.all)
        let encoding = signedEnvelope(tbs: tbs.der, algorithm: certificate.signatureAlgorithm) { _ in [1] }
        guard let again = try? Certificate(der: encoding) else {
            // Only what the writer makes longer can fail: the version and a serial in its shortest form.
            return hold(encoding.count > DecodingLimit.certificateOctets, "a written certificate decodes")
        }
        hold(again.serialNumber == certificate.serialNumber, "serial number")
        hold(again.notBefore == certificate.notBefore && again.notAfter == certificate.notAfter, "validity")
        hold(again.issuer == certificate.issuer && again.subject == certificate.subject, "names")
        hold(again.subjectPublicKeyInfo == certificate.subjectPublicKeyInfo, "key")
        hold(again.extensions == certificate.extensions, "extensions")
        hold(again.isSelfIssued == certificate.isSelfIssued, "self-issued")
    }

    /// The values of extensions that the core writes too.
    private static func extensions(_ extensions: CertificateExtensions) {
        let points = [extensions.cRLDistributionPoints, extensions.freshestCRL].compactMap { $0 }
        var written: [Extension] = []
        for item in points.prefix(1) {
            written.append(Extension(id: .cRLDistributionPoints, critical: false, value: DistributionPoint.der(item)))
        }
        if let usage = extensions.keyUsage {
            written.append(Extension(id: .keyUsage, critical: true, value: usage.der))
        }
        if let constraints = extensions.basicConstraints {
            written.append(Extension(id: .basicConstraints, critical: true, value: constraints.der))
        }
        if let policies = extensions.certificatePolicies {
            written.append(
                Extension(id: .certificatePolicies, critical: false, value: PolicyInformation.der(policies)))
        }
        if let access = extensions.authorityInfoAccess {
            written.append(Extension(id: .authorityInfoAccess, critical: false, value: AccessDescription.der(access)))
        }
        guard !written.isEmpty, let carrier = Carrier.certificate(with: written) else {
            return hold(written.isEmpty, "written extensions decode")
        }
        let again = carrier.extensions
        if let first = points.first { hold(again.cRLDistributionPoints == first, "distribution points") }
        hold(extensions.keyUsage == again.keyUsage, "key usage")
        hold(extensions.basicConstraints == again.basicConstraints, "basic constraints")
        hold(extensions.certificatePolicies == again.certificatePolicies, "policies")
        hold(extensions.authorityInfoAccess == again.authorityInfoAccess, "access descriptions")
    }

    private static func judge(_ certificate: Certificate) {
        let time = certificate.notBefore
        let below = PathBuilder(anchors: [Carrier.anchor], pool: [certificate], constraints: PathConstraints())
            .validate(certificate, at: time)
        hold(below.result != .valid, "a certificate that the anchor did not sign is not valid")
        hold(!below.checks.isEmpty && !below.subIndications.isEmpty, "a refusal says why")
        // As its own anchor it is judged by the rules alone: whatever comes out, a failed check forbids `valid`.
        var constraints = PathConstraints()
        constraints.algorithms = .insecureLegacy
        let own = PathBuilder(anchors: [TrustAnchor(certificate)], pool: [], constraints: constraints)
            .validate(certificate, at: time)
        let hasFailure = own.checks.contains { $0.outcome == .failed }
        hold(own.result != .valid || (!hasFailure && own.subIndications.isEmpty), "valid means that nothing failed")
        hold(own.result == .valid || own.policies.isEmpty, "no policies without a valid path")
    }
}
