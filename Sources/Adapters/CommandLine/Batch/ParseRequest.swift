import OCSP
import PKIX
import RevocationLists

/// `parse`: whether one structure decodes.
struct ParseRequest {
    private enum Kind: String {
        case certificate
        case crl
        case ocspResponse = "ocsp_response"
        case cms
    }

    private let kind: Kind
    private let der: [UInt8]

    init(_ fields: inout RequestFields) throws(BatchError) {
        let word = try fields.required("kind", fields.text("kind"))
        guard let kind = Kind(rawValue: word) else { throw BatchError(.invalidField, "kind: unknown word") }
        guard kind != .cms else { throw BatchError(.unsupportedOperation, "parse of cms") }
        self.kind = kind
        der = try fields.required("der", fields.octets("der"))
        try fields.finish()
    }

    func answer(_ writer: inout JSONWriter) {
        let error = failure()
        writer.member("ok", error == nil)
        writer.member("error", error?.description)
    }

    private func failure() -> DERError? {
        do throws(DERError) {
            switch kind {
            case .certificate: _ = try Certificate(der: der)
            case .crl: _ = try CertificateList(der: der)
            case .ocspResponse: _ = try OCSPResponse(der: der)
            // Refused when the request was read.
            case .cms: break
            }
            return nil
        } catch {
            return error
        }
    }
}
