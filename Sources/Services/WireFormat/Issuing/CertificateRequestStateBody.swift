package import CounterApplications
package import Organizations
package import PKIX

/// How far an issuer is with a request.
package enum IssuingState: String, CaseIterable, Hashable, Sendable {
    case accepted
    case issued
    case refused
    /// Nothing is issued under this id any more, whatever comes later.
    case cancelled
}

/// What an issuer says of the PDF that it made.
package struct IssuedDocumentBody: Hashable, Sendable, Encodable {
    /// Lower-case hexadecimal SHA-256 of the PDF's octets.
    package let digest: [UInt8]
    /// Octets.
    package let size: Int
    /// Pages, all copies together.
    package let pageCount: Int
    /// Over the 宛名番号 of the person whose entry was printed.
    package let recipientDigest: [UInt8]
    package let issuedAt: ValidationTime

    package init(digest: [UInt8], size: Int, pageCount: Int, recipientDigest: [UInt8], issuedAt: ValidationTime) {
        (self.digest, self.size, self.pageCount) = (digest, size, pageCount)
        (self.recipientDigest, self.issuedAt) = (recipientDigest, issuedAt)
    }

    private enum CodingKeys: String, CodingKey {
        case sha256, size
        case pageCount = "page_count"
        case recipientDigest = "recipient_digest"
        case issuedAt = "issued_at"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(digest.hexString.lowercased(), forKey: .sha256)
        try members.encode(size, forKey: .size)
        try members.encode(pageCount, forKey: .pageCount)
        try members.encode(recipientDigest.hexString.lowercased(), forKey: .recipientDigest)
        try members.encode(issuedAt.description, forKey: .issuedAt)
    }
}

/// The answer to PUT, GET and cancel of a certificate request.
package struct CertificateRequestStateBody: Hashable, Sendable {
    /// What the request said, as the issuer has it.
    package struct Binding: Hashable, Sendable {
        package let orderDigest: [UInt8]
        package let controlNumber: ControlNumber

        package init(orderDigest: [UInt8], controlNumber: ControlNumber) {
            (self.orderDigest, self.controlNumber) = (orderDigest, controlNumber)
        }
    }

    package let requestID: String
    package let municipality: MunicipalityCode
    package let state: IssuingState
    /// nil for an id that was cancelled before the issuer had heard of it.
    package let binding: Binding?
    /// Present exactly in the state `issued`.
    package let document: IssuedDocumentBody?
    /// Present exactly in the state `refused`.
    package let refusal: IssuerRefusal?

    package init(
        requestID: String,
        municipality: MunicipalityCode,
        state: IssuingState,
        binding: Binding?,
        document: IssuedDocumentBody? = nil,
        refusal: IssuerRefusal? = nil
    ) {
        (self.requestID, self.municipality, self.state, self.binding) = (requestID, municipality, state, binding)
        (self.document, self.refusal) = (document, refusal)
    }

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let requestID = reader.identifier("request_id")
            let municipality = reader.municipality("municipality_code")
            let state = reader.requiredChoice("state", of: IssuingState.self)
            let binding = CertificateRequestStateBody.binding(reader)
            let document = reader.optionalObject("document") { CertificateRequestStateBody.document($0) }
            let refusal = reader.optionalChoice("refusal_code", of: IssuerRefusal.self)
            if let state {
                if (state == .issued) != reader.has("document") {
                    reader.note(.conflict, "stands in the state issued alone", at: "document")
                }
                if (state == .refused) != reader.has("refusal_code") {
                    reader.note(.conflict, "stands in the state refused alone", at: "refusal_code")
                }
                if binding == nil, state != .cancelled {
                    reader.note(.conflict, "may be absent in the state cancelled alone", at: "order_digest")
                }
            }
            guard let requestID, let municipality, let state else { return nil }
            return CertificateRequestStateBody(
                requestID: requestID, municipality: municipality, state: state, binding: binding, document: document,
                refusal: refusal)
        }
    }

    private static func binding(_ reader: ObjectReader) -> Binding? {
        guard reader.has("order_digest") || reader.has("control_number") else { return nil }
        let digest = reader.digest("order_digest")
        let control = reader.text("control_number", upTo: 32).flatMap { text in
            let number = ControlNumber(typed: text)
            if number == nil { reader.note(.notAllowed, "must be a control number", at: "control_number") }
            return number
        }
        guard let digest, let control else { return nil }
        return Binding(orderDigest: digest, controlNumber: control)
    }

    private static func document(_ reader: ObjectReader) -> IssuedDocumentBody? {
        let digest = reader.digest("sha256")
        let size = reader.requiredInteger("size", in: 1...IssuingLimit.document)
        let pages = reader.requiredInteger("page_count", in: 1...IssuingLimit.pages)
        let recipient = reader.digest("recipient_digest")
        let issuedAt = reader.requiredTime("issued_at")
        guard let digest, let size, let pages, let recipient, let issuedAt else { return nil }
        return IssuedDocumentBody(
            digest: digest, size: size, pageCount: pages, recipientDigest: recipient, issuedAt: issuedAt)
    }
}

extension CertificateRequestStateBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case municipalityCode = "municipality_code"
        case state, document
        case orderDigest = "order_digest"
        case controlNumber = "control_number"
        case refusalCode = "refusal_code"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(requestID, forKey: .requestID)
        try members.encode(municipality.digits, forKey: .municipalityCode)
        try members.encode(state.rawValue, forKey: .state)
        try members.encodeIfPresent(binding?.orderDigest.hexString.lowercased(), forKey: .orderDigest)
        try members.encodeIfPresent(binding?.controlNumber.printed, forKey: .controlNumber)
        try members.encodeIfPresent(document, forKey: .document)
        try members.encodeIfPresent(refusal?.rawValue, forKey: .refusalCode)
    }
}
