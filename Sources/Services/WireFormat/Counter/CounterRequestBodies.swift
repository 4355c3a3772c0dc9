package import CounterApplications
internal import PKIX
package import Verification

/// `POST /v1/counter_sessions`.
package struct CounterOpenBody: Hashable, Sendable {
    /// For the 受付票, BCP 47 with `ja-easy` for やさしい日本語: `ja`, `ja-easy`, `en`, `zh-Hans`, `ko`, `pt`, `vi`.
    package let language: String

    package init(json: [UInt8]) throws(RequestRefusal) {
        language = try ObjectReader.read(json) { $0.optionalText("language", upTo: 16) ?? "ja" }
    }
}

/// `POST /v1/counter_sessions/{id}/identify`: a proof as in `POST /v1/verifications`, of the application's challenge.
package struct CounterIdentifyBody: Hashable, Sendable {
    package let request: VerificationRequest
    /// The procedure that was chosen; its policy is used. Nil for the municipality's own.
    package let procedureID: String?

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let certificate = reader.octets("certificate", upTo: WireLimit.certificate)
            let scheme = reader.signatureScheme()
            let message = reader.message(scheme)
            let signature = reader.octets("signature", upTo: WireLimit.signature)
            let challengeID = reader.text("challenge_id", upTo: WireLimit.identifier)
            let procedureID = reader.optionalText("procedure_id", upTo: WireLimit.identifier)
            guard let certificate, let message, let signature, let challengeID else { return nil }
            return CounterIdentifyBody(
                request: VerificationRequest(
                    certificate: certificate, message: message, scheme: scheme, signature: signature,
                    challengeID: challengeID, purpose: "", policyID: nil, revocation: RevocationPreference(),
                    validationTime: nil, claims: []),
                procedureID: procedureID)
        }
    }

    private init(request: VerificationRequest, procedureID: String?) {
        (self.request, self.procedureID) = (request, procedureID)
    }
}

/// `POST /v1/counter_sessions/{id}/submit`.
package struct CounterSubmitBody: Hashable, Sendable {
    package let procedureID: String
    package let scope: OrderScope
    package let details: Set<OrderDetail>
    package let fiscalYear: Int?
    package let copies: Int
    package let exemption: String?
    /// What the terminal has seen.
    package let version: Int?

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let procedureID = reader.text("procedure_id", upTo: WireLimit.identifier)
            let scope = reader.orderScope()
            let names = reader.texts("details", upTo: OrderDetail.allCases.count)
            let details = names.compactMap(OrderDetail.init(rawValue:))
            if details.count != names.count {
                let known = OrderDetail.allCases.map(\.rawValue).joined(separator: ", ")
                reader.note(.notAllowed, "must be of \(known)", at: "details")
            }
            let year = reader.optionalInteger("fiscal_year", in: 1_900...2_200)
            let copies = reader.optionalInteger("copies", in: 1...99)
            let exemption = reader.optionalText("exemption", upTo: WireLimit.identifier)
            let version = reader.optionalInteger("version", in: 0...1_000_000_000)
            guard let procedureID, let scope else { return nil }
            return CounterSubmitBody(
                procedureID: procedureID, scope: scope, details: Set(details), fiscalYear: year, copies: copies ?? 1,
                exemption: exemption, version: version)
        }
    }

    private init(
        procedureID: String, scope: OrderScope, details: Set<OrderDetail>, fiscalYear: Int?, copies: Int,
        exemption: String?, version: Int?
    ) {
        (self.procedureID, self.scope, self.details) = (procedureID, scope, details)
        (self.fiscalYear, self.copies) = (fiscalYear, copies)
        (self.exemption, self.version) = (exemption, version)
    }
}

extension ObjectReader {
    fileprivate func orderScope() -> OrderScope? {
        let members = texts("members", upTo: 30)
        switch text("scope", upTo: 16) {
        case "self" where members.isEmpty: return .individual
        case "household" where members.isEmpty: return .household
        case "selected": return .selected(members)
        case nil: return nil
        default:
            note(.notAllowed, "must be self, household, or selected with members", at: "scope")
            return nil
        }
    }
}
