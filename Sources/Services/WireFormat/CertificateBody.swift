internal import JPKIProfile
internal import PKIX
package import SignatureValidation

/// `certificate`: what an answer says of the certificate itself.
package struct CertificateBody: Codable, Hashable, Sendable {
    @ExplicitNull package var id: String?
    @ExplicitNull package var type: String?
    /// Upper-case hexadecimal of the value; no leading `00` octet. Null in what is stored: there it is sealed.
    @ExplicitNull package var serialNumber: String?
    @ExplicitNull package var issuerID: String?
    @ExplicitNull package var notBefore: String?
    @ExplicitNull package var notAfter: String?
    @ExplicitNull package var sha256: String?

    enum CodingKeys: String, CodingKey {
        case id, type, sha256
        case serialNumber = "serial_number"
        case issuerID = "issuer_id"
        case notBefore = "not_before"
        case notAfter = "not_after"
    }

    package init(_ summary: CertificateSummary) {
        id = summary.sha256.map { "crt_" + $0.prefix(16).hexString.lowercased() }
        type = summary.kind?.rawValue
        serialNumber = summary.serialNumber.hex
        issuerID = summary.issuerID
        notBefore = summary.notBefore.map(wireTime)
        notAfter = summary.notAfter.map(wireTime)
        sha256 = summary.sha256?.hexString.lowercased()
    }
}
