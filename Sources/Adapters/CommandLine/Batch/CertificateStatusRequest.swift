import PKIX
import PathValidation
import SignatureAlgorithms
import SignatureValidation

/// `certificate_status`: what lists and responses say about one certificate of one issuer.
struct CertificateStatusRequest {
    private let certificate: Certificate?
    private let issuer: Certificate?
    private let evidence: RevocationEvidence

    init(_ fields: inout RequestFields) throws(BatchError) {
        // What does not decode leaves the status undetermined.
        let target = try fields.required("certificate", fields.octets("certificate"))
        let authority = try fields.required("issuer", fields.octets("issuer"))
        (certificate, issuer) = (try? Certificate(der: target), try? Certificate(der: authority))
        var items = Evidence()
        items.addCertificates(
            try fields.octetsList("additional_certificates") ?? [], named: "additional_certificates")
        items.addLists(try fields.octetsList("crls") ?? [], named: "crls")
        items.addResponses(try fields.octetsList("ocsp_responses") ?? [])
        evidence = RevocationEvidence(
            lists: items.lists, responses: items.responses, certificates: items.certificates,
            time: try fields.time("validation_time"), maximumAge: try fields.seconds("max_age_seconds"),
            algorithms: try fields.algorithms(), profile: try fields.choice("profile", .rfc5280))
        try fields.finish()
    }

    func answer(_ writer: inout JSONWriter) {
        guard let certificate, let issuer else { return writer.write(.undetermined(.sourceUnavailable)) }
        let report = evidence.status(of: certificate, issuer: StatusIssuer(issuer), anchors: [])
        writer.write(report.status)
    }
}
