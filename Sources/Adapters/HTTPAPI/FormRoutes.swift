internal import CounterApplications
internal import CounterService
internal import HTTPSupport
internal import Hummingbird
internal import PKIX
internal import Verification
internal import WireFormat

/// 書かない窓口. What comes and goes here is told once: it stands in no record, no log and no address.
extension APICall {
    private func forms() throws(Problem) -> FormDesk {
        guard let forms = environment.forms else { throw Problem(.notFound) }
        return forms
    }

    func listFormTemplates() async throws -> Response {
        _ = try query([])
        let (forms, context) = (try forms(), serviceContext)
        let offers = try await formProblems { () async throws(FormError) in try forms.templates(context) }
        let items = offers.map { FormTemplateBody($0.outline, outputs: $0.outputs.map(\.rawValue)) }
        return json(PageBody(items: items, nextPageToken: nil))
    }

    func renderForm() async throws -> Response {
        let (forms, octets, context) = (try forms(), try await jsonBody(), serviceContext)
        let body = try decoded { () throws(RequestRefusal) in try FormRenderRequestBody(json: octets) }
        let request = FormRequest(
            templateID: body.templateID, evidence: try evidence(body.person), entries: body.entries,
            output: FormRequest.Output(body.output))
        let answer = try await formProblems { () async throws(FormError) in try await forms.render(request, context) }
        return json(formBody(answer))
    }

    private func evidence(_ person: FormRenderRequestBody.Person) throws(Problem) -> FormRequest.Evidence {
        switch person {
        case .signature(var request):
            request.policyID = try policy(request.policyID, purpose: request.purpose)
            return .signature(request)
        case .ticket(let octets): return .ticket(octets)
        case .cardText(let record, let signature, let certificate):
            return .cardText(record: record, signature: signature, certificate: certificate)
        case .typed(let person): return .typed(person)
        }
    }

    private func formBody(_ answer: FormAnswer) -> FormBody {
        var body = FormBody(id: answer.id, templateID: answer.outline.id, output: answer.output.rawValue)
        if let outcome = answer.verification {
            var verification = environment.composer.fresh(outcome)
            APIMetrics.count(verification)
            // What goes onto the form stands under `person`.
            verification.claims = nil
            body.verification = verification.presented(as: Presentation(reportLevel: .detailed))
        }
        switch answer.outcome {
        case .notVerified: body.refusal = "not_verified"
        case .noAttributes: body.refusal = "no_attributes"
        case .filled(let filled):
            body.person = FormBody.Person(filled.person)
            body.fields = answer.outline.fields.compactMap { field in
                filled.form.shown[field.name].map {
                    FormBody.Field(name: field.name, text: $0, source: field.source.word)
                }
            }
            (body.missing, body.substituted) = (filled.missing, filled.form.substituted)
            body.sheets = filled.form.sheets
            body.pdf = answer.output == .document ? base64(filled.form.octets) : nil
            body.ticket = filled.ticket.map { base64($0) }
            body.ticketExpiresAt = filled.ticketExpiresAt.map(wireTime)
        }
        return body
    }
}

extension FormRequest.Output {
    fileprivate init(_ output: FormRenderRequestBody.Output) {
        self =
            switch output {
            case .preview: .preview
            case .document: .document
            case .print: .print
            }
    }
}

/// Runs a call about forms; its refusals become problems.
private func formProblems<Value>(_ body: () async throws(FormError) -> Value) async throws(Problem) -> Value {
    do throws(FormError) {
        return try await body()
    } catch {
        throw Problem(form: error)
    }
}
