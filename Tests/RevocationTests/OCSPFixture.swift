import CertificateIssuing
import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms

extension Fixture {
    typealias CertStatus = OCSPSingleResponse.CertStatus

    /// What the authority says about a certificate: an hour old, good for a day.
    func single(
        _ leaf: Certificate,
        _ status: CertStatus = .good,
        from start: Int64 = -3_600,
        to end: Int64? = 20 * 3_600,
        hash: HashAlgorithm = .sha1,
        extensions: [Extension] = []
    ) -> OCSPSingleResponse {
        OCSPSingleResponse(
            certID: OCSPCertID(certificate: leaf, issuer: issuer, hash: hash), certStatus: status,
            thisUpdate: Fixture.now.advanced(bySeconds: start),
            nextUpdate: end.map { Fixture.now.advanced(bySeconds: $0) }, extensions: extensions)
    }

    /// A response signed by the authority's own key, or by another responder.
    func response(
        _ singles: [OCSPSingleResponse],
        by responder: IssuingAuthority? = nil,
        _ change: (inout OCSPResponseWriter) -> Void = { _ in }
    ) throws -> [UInt8] {
        let signer = responder ?? authority
        var writer = OCSPResponseWriter(
            responderID: .byName(signer.name), producedAt: Fixture.now.advanced(bySeconds: -60), responses: singles,
            signatureAlgorithm: signer.scheme.identifier,
            certificates: responder.map { [$0.certificate] } ?? [])
        change(&writer)
        return try writer.signed { try signer.key.signature(over: $0, scheme: signer.scheme) }
    }

    func ocspVerdict(
        _ leaf: Certificate,
        _ response: [UInt8],
        _ change: (inout OCSPContext) -> Void = { _ in }
    ) -> StatusReport {
        var context = OCSPContext(time: Fixture.now)
        change(&context)
        return status(of: leaf, issuer: issuer, response: response, context: context)
    }
}
