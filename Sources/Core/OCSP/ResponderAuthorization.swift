import PKIX
import PathValidation
import SignatureAlgorithms

/// Who signed a response, and whether it may speak for the issuer: RFC 6960 §4.2.2.2.
///
/// The responder is the issuer's key itself, or a certificate that this very key signed, valid at the time,
/// for OCSP signing, and not revoked. A name alone proves nothing.
struct ResponderAuthorization {
    enum Outcome {
        case accepted([Check])
        case refused(CertificateStatus.UndeterminedReason, [Check])
    }

    let response: BasicOCSPResponse
    let issuer: StatusIssuer
    let context: OCSPContext

    /// Certificates whose key is tried on one response.
    static let largestSearch = 32

    func judge() -> Outcome {
        guard let scheme = SignatureScheme(response.signatureAlgorithm), context.algorithms.accepts(scheme) else {
            return .refused(
                .signatureInvalid,
                [Check(.algorithm, .failed, clause: "RFC 6960 §4.3", detail: "the response's signature algorithm")])
        }
        let issuerIsNamed = isNamed(issuer.name, issuer.key)
        if issuerIsNamed, isSigned(by: issuer.key, scheme) {
            return .accepted([
                Check(.ocspResponse, .passed, clause: "RFC 6960 §4.2.2.2", detail: "signed by the issuer's own key")
            ])
        }
        let candidates = (response.certificates + context.additionalCertificates).filter {
            isNamed($0.subject, $0.subjectPublicKeyInfo)
        }
        guard candidates.count <= ResponderAuthorization.largestSearch else { return .refused(.limitExceeded, []) }
        var refusal: Outcome?
        for candidate in candidates where isSigned(by: candidate.subjectPublicKeyInfo, scheme) {
            let outcome = authorize(candidate)
            if case .accepted = outcome { return outcome }
            refusal = refusal ?? outcome
        }
        if let refusal { return refusal }
        let reason: CertificateStatus.UndeterminedReason =
            issuerIsNamed || !candidates.isEmpty ? .signatureInvalid : .responderUnauthorized
        let detail = reason == .signatureInvalid ? "the signature does not verify" : "no certificate of the responder"
        return .refused(reason, [Check(.ocspResponse, .failed, clause: "RFC 6960 §3.2 (2)", detail: detail)])
    }

    private func isNamed(_ name: DistinguishedName, _ key: SubjectPublicKeyInfo) -> Bool {
        switch response.responderID {
        case .byName(let responder): responder == name
        case .byKey(let hash): hash.elementsEqual(HashAlgorithm.sha1.digest(of: key.key))
        }
    }

    private func isSigned(by info: SubjectPublicKeyInfo, _ scheme: SignatureScheme) -> Bool {
        guard let octets = response.signature.wholeOctets,
            let key = try? PublicKey(info, suite: context.algorithms)
        else { return false }
        return (try? key.verifies(octets, over: response.tbsEncoding, scheme: scheme)) == true
    }

    /// §4.2.2.2: issued directly by the CA, with the usage, in its validity, not revoked.
    private func authorize(_ responder: Certificate) -> Outcome {
        func refused(_ detail: String) -> Outcome {
            .refused(
                .responderUnauthorized,
                [Check(.ocspResponse, .failed, clause: "RFC 6960 §4.2.2.2", detail: detail)])
        }
        guard responder.issuer == issuer.name, isIssued(responder) else {
            return refused("the responder's certificate is not signed by the issuer's key")
        }
        guard responder.extensions.extendedKeyUsage?.contains(.ocspSigning) == true else {
            return refused("the responder's certificate is not for OCSP signing")
        }
        if let usage = responder.extensions.keyUsage, usage.isDisjoint(with: [.digitalSignature, .nonRepudiation]) {
            return refused("the responder's key is not for signatures")
        }
        guard responder.notBefore <= context.time, context.time <= responder.notAfter else {
            return refused("the responder's certificate is outside its validity period")
        }
        guard
            responder.extensions.all.allSatisfy({ !$0.isCritical || ResponderAuthorization.processed.contains($0.id) })
        else { return refused("the responder's certificate has an unknown critical extension") }
        let delegated = Check(
            .ocspResponse, .passed, clause: "RFC 6960 §4.2.2.2", detail: "signed by a responder of the issuer's key")
        switch revocation(of: responder) {
        case .accepted(let checks): return .accepted([delegated] + checks)
        case .refused(let reason, let checks): return .refused(reason, [delegated] + checks)
        }
    }

    private static let processed: Set<OID> = [
        .basicConstraints, .keyUsage, .extendedKeyUsage, .subjectKeyIdentifier, .authorityKeyIdentifier,
        .certificatePolicies, .subjectAltName, .issuerAltName, .cRLDistributionPoints, .authorityInfoAccess,
        .ocspNoCheck,
    ]

    private func isIssued(_ responder: Certificate) -> Bool {
        guard responder.signatureAlgorithm == responder.tbsSignatureAlgorithm,
            let scheme = SignatureScheme(responder.signatureAlgorithm),
            let octets = responder.signature.wholeOctets,
            let key = try? PublicKey(issuer.key, suite: context.algorithms)
        else { return false }
        return (try? key.verifies(octets, over: responder.tbsEncoding, scheme: scheme)) == true
    }

    /// §4.2.2.2.1: nocheck, or the lists at hand. A responder that points nowhere is accepted unless listed.
    private func revocation(of responder: Certificate) -> Outcome {
        let clause = "RFC 6960 §4.2.2.2.1"
        if responder.extensions.hasOCSPNoCheck {
            return .accepted([Check(.responderRevocation, .passed, clause: clause, detail: "id-pkix-ocsp-nocheck")])
        }
        let report = context.responderStatus?(responder)
        switch report?.status.status {
        case .good:
            return .accepted([Check(.responderRevocation, .passed, clause: clause, detail: "good by list")])
        case .revoked, .onHold:
            return .refused(
                .responderUnauthorized,
                [Check(.responderRevocation, .failed, clause: clause, detail: "the responder is revoked")])
        case nil, .unknown, .undetermined:
            let points =
                responder.extensions.cRLDistributionPoints != nil
                || responder.extensions.authorityInfoAccess?.contains { $0.accessMethod == .ocspAccessMethod } == true
            guard points, context.unknownResponderStatus == .refused else {
                return .accepted([
                    Check(.responderRevocation, .notApplicable, clause: clause, detail: "no way to check it is given")
                ])
            }
            let reason = report?.status.undeterminedReason ?? .sourceUnavailable
            let detail = "the responder's status could not be found out: \(reason.rawValue)"
            return .refused(
                .sourceUnavailable, [Check(.responderRevocation, .undetermined, clause: clause, detail: detail)])
        }
    }
}
