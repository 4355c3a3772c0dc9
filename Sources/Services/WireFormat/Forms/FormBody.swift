package import CounterApplications
internal import PKIX

/// A filled form: the answer of `POST /v1/forms/render`, given once.
package struct FormBody: Codable, Hashable, Sendable {
    /// Whose form it is. Exists in this answer and nowhere else.
    package struct Person: Codable, Hashable, Sendable {
        /// `signature`, `card_text`, `typed`.
        package let source: String
        @ExplicitNull package var name: String?
        @ExplicitNull package var address: String?
        @ExplicitNull package var birthdate: String?
        @ExplicitNull package var gender: String?
        /// Of `card_text`: `proven`, `issuer_unchecked`.
        @ExplicitNull package var cardProof: String?
        /// Of `typed`: what was named; null when nothing was.
        @ExplicitNull package var document: String?
        /// Of `typed`: `unchecked`, `staff`.
        @ExplicitNull package var documentCheck: String?
        /// Attributes in which the certificate marks 代替文字.
        package let substitutedIn: [String]

        enum CodingKeys: String, CodingKey {
            case source, name, address, birthdate, gender, document
            case cardProof = "card_proof"
            case documentCheck = "document_check"
            case substitutedIn = "substituted_in"
        }

        package init(_ person: FormPerson) {
            source = person.source.rawValue
            name = person.name
            address = person.address
            birthdate = person.birthDate?.text
            gender = person.gender?.rawValue
            cardProof = person.cardProof?.rawValue
            document = person.document?.rawValue
            documentCheck = person.documentCheck?.rawValue
            substitutedIn = person.substitutedIn.map(\.rawValue)
        }
    }

    /// What stands in one field.
    package struct Field: Codable, Hashable, Sendable {
        package let name: String
        /// As it stands on the paper: dates in 和暦.
        package let text: String
        package let source: String

        package init(name: String, text: String, source: String) {
            (self.name, self.text, self.source) = (name, text, source)
        }
    }

    package let id: String
    package let templateID: String
    package let output: String
    /// Why nothing was filled in: `not_verified`, `no_attributes`.
    @ExplicitNull package var refusal: String?
    @ExplicitNull package var person: Person?
    package var fields: [Field] = []
    /// Fields and groups that are still to be filled in.
    package var missing: [String] = []
    /// Code points of characters that are not drawn as they are written.
    package var substituted: [String] = []
    @ExplicitNull package var sheets: Int?
    /// Base64; of the output `document` alone.
    @ExplicitNull package var pdf: String?
    /// Base64; stands for the verified person in further requests of this client, until `ticket_expires_at`.
    @ExplicitNull package var ticket: String?
    @ExplicitNull package var ticketExpiresAt: String?
    /// Of a signature.
    @ExplicitNull package var verification: AnswerBody?

    enum CodingKeys: String, CodingKey {
        case id, output, refusal, person, fields, missing, substituted, sheets, pdf, ticket, verification
        case templateID = "template_id"
        case ticketExpiresAt = "ticket_expires_at"
    }

    package init(id: String, templateID: String, output: String) {
        (self.id, self.templateID, self.output) = (id, templateID, output)
    }
}
