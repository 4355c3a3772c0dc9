package import CounterApplications
internal import PKIX
package import Verification

/// `POST /v1/forms/render`: which form, whose, and what was entered.
package struct FormRenderRequestBody: Hashable, Sendable {
    /// Whose form it is, and how that is known.
    package enum Person: Hashable, Sendable {
        case signature(VerificationRequest)
        case ticket([UInt8])
        case cardText(record: [UInt8], signature: [UInt8], certificate: [UInt8])
        case typed(FormPerson)
    }

    package enum Output: String, CaseIterable, Hashable, Sendable {
        case preview, document, print
    }

    private enum Source: String, CaseIterable {
        case signature, ticket, typed
        case cardText = "card_text"
    }

    package let templateID: String
    package let person: Person
    package let entries: [String: FormEntry]
    package let output: Output

    /// Most values of one form.
    package static let mostEntries = 200

    package init(json: [UInt8]) throws(RequestRefusal) {
        self = try ObjectReader.read(json) { reader in
            let template = reader.text("template_id", upTo: WireLimit.identifier)
            let output = reader.optionalChoice("output", of: Output.self) ?? .preview
            let person = reader.optionalObject("person") { FormRenderRequestBody.person($0) }
            if !reader.has("person") { reader.note(.missing, "is required", at: "person") }
            let entries = reader.entries("values", upTo: FormRenderRequestBody.mostEntries)
            guard let template, let person else { return nil }
            return FormRenderRequestBody(templateID: template, person: person, entries: entries, output: output)
        }
    }

    private init(templateID: String, person: Person, entries: [String: FormEntry], output: Output) {
        (self.templateID, self.person, self.entries, self.output) = (templateID, person, entries, output)
    }

    private static func person(_ reader: ObjectReader) -> Person? {
        guard let source = reader.optionalChoice("source", of: Source.self) else {
            if !reader.has("source") { reader.note(.missing, "is required", at: "source") }
            return nil
        }
        switch source {
        case .signature: return signature(reader).map { .signature($0) }
        case .ticket: return reader.octets("ticket", upTo: 16_384).map { .ticket($0) }
        case .typed: return typed(reader).map { .typed($0) }
        case .cardText:
            let record = reader.octets("record", upTo: WireLimit.cardFile)
            let signature = reader.octets("record_signature", upTo: WireLimit.cardFile)
            let certificate = reader.octets("record_certificate", upTo: WireLimit.cardFile)
            guard let record, let signature, let certificate else { return nil }
            return .cardText(record: record, signature: signature, certificate: certificate)
        }
    }

    /// A proof as in `POST /v1/verifications`, over a challenge.
    private static func signature(_ reader: ObjectReader) -> VerificationRequest? {
        let certificate = reader.octets("certificate", upTo: WireLimit.certificate)
        let scheme = reader.signatureScheme()
        let message = reader.message(scheme)
        let signature = reader.octets("signature", upTo: WireLimit.signature)
        let challengeID = reader.text("challenge_id", upTo: WireLimit.identifier)
        let purpose = reader.text("purpose", upTo: WireLimit.identifier)
        let policyID = reader.optionalText("policy_id", upTo: WireLimit.identifier)
        guard let certificate, let message, let signature, let challengeID, let purpose else { return nil }
        return VerificationRequest(
            certificate: certificate, message: message, scheme: scheme, signature: signature,
            challengeID: challengeID, purpose: purpose, policyID: policyID, revocation: RevocationPreference(),
            validationTime: nil, claims: Set(Claim.allCases))
    }

    /// Unchecked unless the client says that staff looked at a document, and at which.
    private static func typed(_ reader: ObjectReader) -> FormPerson? {
        let name = reader.text("name", upTo: WireLimit.formText)
        let address = reader.text("address", upTo: WireLimit.formText)
        let birthText = reader.optionalText("birthdate", upTo: 10)
        let birthDate = birthText.flatMap { BirthDate(text: $0) }
        if birthText != nil, birthDate == nil {
            reader.note(.malformedTime, "must be a date such as 1970-01-31", at: "birthdate")
        }
        let gender = reader.optionalChoice("gender", of: FormPerson.Gender.self)
        let document = reader.optionalChoice("document", of: FormPerson.Document.self)
        let check = reader.optionalChoice("document_check", of: FormPerson.DocumentCheck.self) ?? .unchecked
        if check == .byStaff, !reader.has("document") {
            reader.note(.missing, "is required when staff looked at it", at: "document")
        }
        guard let name, let address else { return nil }
        return FormPerson(
            .typed, name: name, address: address, birthDate: birthDate, gender: gender, document: document,
            documentCheck: check)
    }
}

extension ObjectReader {
    /// The members of an object whose names are the caller's: texts, and `true` for a mark that is set. `false` and an
    /// empty text are no entry.
    fileprivate func entries(_ field: String, upTo count: Int) -> [String: FormEntry] {
        var entries: [String: FormEntry] = [:]
        for (name, value) in freeMembers(field, upTo: count) {
            switch value {
            case .boolean(true): entries[name] = .checked
            case .boolean(false), .null, .string(""): break
            case .string(let text) where text.utf8.count <= WireLimit.formText: entries[name] = .text(text)
            case .string: note(.tooLong, "must have at most \(WireLimit.formText) octets", at: "\(field)")
            default: note(.wrongType, "must hold texts, true and false", at: field)
            }
        }
        return entries
    }
}
