package import WireFormat

/// What stands in a field that a person fills in.
package enum FormInput: Hashable, Sendable {
    /// Also a date, as `YYYY-MM-DD`.
    case text(String)
    case checked
}

/// Whose form it is, as this terminal can show it.
package enum FormProof: Hashable, Sendable {
    /// 署名用, over a challenge of the platform.
    case signature(CardProof)
    /// Base64, as the platform gave it for a signature before.
    case ticket(String)
    /// Files of 券面事項入力補助, as the card gave them.
    case cardText(record: [UInt8], signature: [UInt8], certificate: [UInt8])
    case typed(TypedPerson)
}

/// What somebody typed at the terminal, which does not know who it is.
package struct TypedPerson: Hashable, Sendable {
    package var name: String
    package var address: String
    /// `YYYY-MM-DD`; empty when it is not on the document.
    package var birthDate: String
    /// What is shown at the counter: `driving_licence`, `residence_card`, `passport`, `other`; empty before one is named.
    package var document: String

    package init(name: String = "", address: String = "", birthDate: String = "", document: String = "") {
        (self.name, self.address, self.birthDate, self.document) = (name, address, birthDate, document)
    }
}

package enum FormOutput: String, Hashable, Sendable {
    case preview
    case print
}

/// The platform's answer to a form.
package enum FormReply: Hashable, Sendable {
    case filled(FormBody)
    /// What was entered does not go onto the form: codes by JSON pointer.
    case refused([String: String])
}

/// 書かない窓口, as a terminal sees it.
package protocol FormGateway: Sendable {
    func templates() async throws(GatewayFailure) -> [FormTemplateBody]
    func render(
        _ templateID: String, _ proof: FormProof, _ values: [String: FormInput], _ output: FormOutput
    ) async throws(GatewayFailure) -> FormReply
}
