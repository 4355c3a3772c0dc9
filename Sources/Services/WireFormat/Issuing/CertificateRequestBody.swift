package import CounterApplications
internal import Organizations
internal import PKIX

/// `PUT /v1/certificate_requests/{request_id}`: one certificate for one application.
///
/// The order's digest stands in it too, and is computed anew on reading: a body whose fields do not belong together is
/// refused.
package struct CertificateRequestBody: Hashable, Sendable {
    package let request: IssueRequest

    package init(_ request: IssueRequest) { self.request = request }

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let requestID = reader.identifier("request_id")
            let application = reader.text("application_id")
            let municipality = reader.municipality("municipality_code")
            let resident = reader.text("resident_id")
            let order = reader.requiredObject("order") { CertificateRequestBody.order($0) }
            let digest = reader.digest("order_digest")
            let control = reader.text("control_number", upTo: 32).flatMap { text in
                let number = ControlNumber(typed: text)
                if number == nil { reader.note(.notAllowed, "must be a control number", at: "control_number") }
                return number
            }
            let nonce = reader.hex("nonce", octets: IssuingLimit.nonce...IssuingLimit.nonce)
            let applicationID = application.flatMap { text in
                let id = ApplicationID(text)
                if id == nil { reader.note(.notAllowed, "must be an application id", at: "application_id") }
                return id
            }
            guard let requestID, let applicationID, let municipality, let resident, let order, let digest, let control,
                let nonce
            else { return nil }
            let request = IssueRequest(
                requestID: requestID, application: applicationID, municipality: municipality, residentID: resident,
                order: order, controlNumber: control, nonce: nonce)
            guard request.orderDigest == digest else {
                reader.note(.conflict, "must be the digest of this body's fields", at: "order_digest")
                return nil
            }
            return CertificateRequestBody(request)
        }
    }

    private static func order(_ reader: ObjectReader) -> CertificateOrder? {
        let procedure = reader.text("procedure_id")
        let kind = reader.requiredChoice("kind", of: CertificateKindOfCounter.self)
        let scope = reader.requiredChoice("scope", of: ScopeWord.self)
        let members = reader.texts("members", upTo: IssuingLimit.members)
        let details = reader.texts("details", upTo: OrderDetail.allCases.count).compactMap { word in
            let detail = OrderDetail(rawValue: word)
            if detail == nil { reader.note(.notAllowed, "must name details of this protocol", at: "details") }
            return detail
        }
        let year = reader.optionalInteger("fiscal_year", in: 2000...2999)
        let copies = reader.requiredInteger("copies", in: 1...10)
        if (scope == .selected) == members.isEmpty || Set(members).count != members.count {
            reader.note(.conflict, "goes with the scope selected alone, each member once", at: "members")
        }
        guard let procedure, let kind, let scope, let copies else { return nil }
        return CertificateOrder(
            procedureID: procedure, kind: kind, scope: scope.scope(members), details: Set(details), fiscalYear: year,
            copies: copies)
    }

    private enum ScopeWord: String, CaseIterable {
        case individual = "self"
        case household
        case selected

        func scope(_ members: [String]) -> OrderScope {
            switch self {
            case .individual: .individual
            case .household: .household
            case .selected: .selected(members)
            }
        }
    }
}

extension CertificateRequestBody: Encodable {
    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case applicationID = "application_id"
        case municipalityCode = "municipality_code"
        case residentID = "resident_id"
        case order
        case orderDigest = "order_digest"
        case controlNumber = "control_number"
        case nonce
    }

    private struct Order: Encodable {
        let procedure_id: String
        let kind: String
        let scope: String
        let members: [String]?
        let details: [String]
        let fiscal_year: Int?
        let copies: Int
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(request.requestID, forKey: .requestID)
        try members.encode(request.application.rawValue, forKey: .applicationID)
        try members.encode(request.municipality.digits, forKey: .municipalityCode)
        try members.encode(request.residentID, forKey: .residentID)
        let order = request.order
        let selected = order.scope.members
        try members.encode(
            Order(
                procedure_id: order.procedureID, kind: order.kind.rawValue, scope: order.scope.name,
                members: selected.isEmpty ? nil : selected, details: order.details.map(\.rawValue).sorted(),
                fiscal_year: order.fiscalYear, copies: order.copies), forKey: .order)
        try members.encode(request.orderDigest.hexString.lowercased(), forKey: .orderDigest)
        try members.encode(request.controlNumber.printed, forKey: .controlNumber)
        try members.encode(request.nonce.hexString.lowercased(), forKey: .nonce)
    }
}
