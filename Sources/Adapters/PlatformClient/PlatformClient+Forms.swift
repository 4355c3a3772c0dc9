internal import CardProtocol
internal import OutgoingHTTP
internal import PKIX
package import TerminalSession

/// `POST /v1/forms/render`.
package struct FormRenderCall: Hashable, Sendable, Encodable {
    package var templateID: String
    package var proof: FormProof
    package var values: [String: FormInput]
    package var output: String
    /// Of a signature; nil leaves it to the purpose.
    package var policyID: String?

    package init(
        templateID: String, proof: FormProof, values: [String: FormInput], output: String, policyID: String? = nil
    ) {
        (self.templateID, self.proof, self.values) = (templateID, proof, values)
        (self.output, self.policyID) = (output, policyID)
    }

    enum CodingKeys: String, CodingKey {
        case output, person, values
        case templateID = "template_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(templateID, forKey: .templateID)
        try members.encode(output, forKey: .output)
        try members.encode(person, forKey: .person)
        try members.encode(values.mapValues { FormValueCall($0) }, forKey: .values)
    }

    /// All of it is text.
    private var person: [String: String] {
        switch proof {
        case .ticket(let ticket): return ["source": "ticket", "ticket": ticket]
        case .cardText(let record, let signature, let certificate):
            return [
                "source": "card_text", "record": base64(record), "record_signature": base64(signature),
                "record_certificate": base64(certificate),
            ]
        case .typed(let person):
            var members = ["source": "typed", "name": person.name, "address": person.address]
            if !person.document.isEmpty { members["document"] = person.document }
            if !person.birthDate.isEmpty { members["birthdate"] = person.birthDate }
            return members
        case .signature(let proof):
            var members = [
                "source": "signature", "certificate": base64(proof.certificate),
                "signature": base64(proof.signature), "signature_algorithm": proof.algorithm.wireName,
                "purpose": proof.purpose,
            ]
            switch proof.message {
            case .content(let octets): members["content"] = base64(octets)
            case .digest(let octets, _): members["digest"] = base64(octets)
            }
            if case .platform(let id) = proof.challenge?.origin { members["challenge_id"] = id }
            members["policy_id"] = policyID
            return members
        }
    }
}

private struct FormValueCall: Encodable {
    let value: FormInput

    init(_ value: FormInput) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var member = encoder.singleValueContainer()
        switch value {
        case .text(let text): try member.encode(text)
        case .checked: try member.encode(true)
        }
    }
}

/// 書かない窓口.
extension PlatformClient {
    package func formTemplates() async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/form_templates")
    }

    package func renderForm(_ form: FormRenderCall) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/forms/render", body: form)
    }
}
