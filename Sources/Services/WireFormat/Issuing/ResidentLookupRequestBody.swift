package import JPKIProfile
package import Organizations
package import PKIX

/// `POST /v1/resident_lookups`: whose 宛名番号 goes with a certificate that was just verified.
///
/// A 利用者証明用 certificate carries no name: nothing but issuer key and serial number can be asked by.
package struct ResidentLookupRequestBody: Hashable, Sendable {
    /// Random, one for each question.
    package let requestID: String
    package let municipality: MunicipalityCode
    /// The identifier of the key that signed the certificate.
    package let issuerKeyIdentifier: [UInt8]
    package let serialNumber: SerialNumber
    package let kind: CertificateKind

    package init(
        requestID: String,
        municipality: MunicipalityCode,
        issuerKeyIdentifier: [UInt8],
        serialNumber: SerialNumber,
        kind: CertificateKind
    ) {
        (self.requestID, self.municipality) = (requestID, municipality)
        (self.issuerKeyIdentifier, self.serialNumber, self.kind) = (issuerKeyIdentifier, serialNumber, kind)
    }

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let requestID = reader.identifier("request_id")
            let municipality = reader.municipality("municipality_code")
            let key = reader.hex("issuer_key_identifier", octets: 1...64)
            let serial = reader.text("serial_number", upTo: 40).flatMap { text in
                let serial = SerialNumber(hex: text)
                if serial == nil { reader.note(.malformedHex, "must be hexadecimal", at: "serial_number") }
                return serial
            }
            let kind = reader.requiredChoice("certificate_kind", of: CertificateKind.self)
            guard let requestID, let municipality, let key, let serial, let kind else { return nil }
            return ResidentLookupRequestBody(
                requestID: requestID, municipality: municipality, issuerKeyIdentifier: key, serialNumber: serial,
                kind: kind)
        }
    }
}

extension ResidentLookupRequestBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case municipalityCode = "municipality_code"
        case issuerKeyIdentifier = "issuer_key_identifier"
        case serialNumber = "serial_number"
        case certificateKind = "certificate_kind"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(requestID, forKey: .requestID)
        try members.encode(municipality.digits, forKey: .municipalityCode)
        try members.encode(issuerKeyIdentifier.hexString.lowercased(), forKey: .issuerKeyIdentifier)
        try members.encode(serialNumber.hex, forKey: .serialNumber)
        try members.encode(kind.rawValue, forKey: .certificateKind)
    }
}
