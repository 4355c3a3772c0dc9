package import CounterApplications
internal import Organizations
internal import PKIX
internal import SignatureValidation
package import Verification

/// 書かない窓口: forms filled in from a card, from its text or as somebody typed it, looked over by the resident, and printed.
///
/// Nothing of a person outlives a request: what a terminal needs for the next one it keeps itself, sealed. The audit
/// trail has the form's id, how the person was known, and counts.
package struct FormDesk: Sendable {
    let ports: FormPorts
    let settings: @Sendable () -> FormSettings
    let identifiers: IdentifierSource

    package init(ports: FormPorts, settings: @escaping @Sendable () -> FormSettings) {
        (self.ports, self.settings) = (ports, settings)
        identifiers = IdentifierSource(ports.randomness)
    }

    /// A form, and what can be done with it at the terminal's site.
    package struct Offer: Sendable {
        package let outline: FormOutline
        package let outputs: [FormRequest.Output]
    }

    /// The municipality's forms, in order.
    package func templates(_ context: RequestContext) throws(FormError) -> [Offer] {
        let forms = try forms(context)
        let outputs = FormRequest.Output.allCases.filter { $0 != .print || printer(forms, context) != nil }
        return forms.templates.compactMap { ports.renderer.outline($0) }.map { Offer(outline: $0, outputs: outputs) }
    }

    /// Fills a form in. A refusal is put on the audit trail; one of the verification's own already is.
    package func render(_ request: FormRequest, _ context: RequestContext) async throws(FormError) -> FormAnswer {
        do throws(FormError) {
            return try await rendered(request, context)
        } catch {
            if case .verification = error { throw error }
            try await note(.requestRefused, context, result: error.code)
            throw error
        }
    }

    private func rendered(_ request: FormRequest, _ context: RequestContext) async throws(FormError) -> FormAnswer {
        let forms = try forms(context)
        guard forms.templates.contains(request.templateID), let outline = ports.renderer.outline(request.templateID)
        else { throw .unknownTemplate }
        let target = printer(forms, context)
        if request.output == .print, target == nil { throw .noPrinter }
        let stage: FormStage = request.output == .preview ? .draft : .final
        do throws(FormRefusal) {
            try outline.check(request.entries, for: stage)
        } catch {
            throw .entries(error.faults)
        }
        let id = identifiers.next(.form)
        let now = ports.clock.reading().now
        let known = try await known(request.evidence, context, at: now)
        guard let person = known.person else {
            return FormAnswer(
                id: id, outline: outline, output: request.output, outcome: known.refusal,
                verification: known.verification)
        }
        let contents = try contents(outline, person, request.entries, at: now, stage)
        let form = try await drawn(outline, person, contents, at: now)
        var job: PrintJobReference?
        if request.output == .print, let target { job = try await held(form, at: target) }
        do throws(FormError) {
            try await note(
                .formRendered, context, subject: id, result: request.output.rawValue,
                details: details(outline, known, contents, form, at: now))
        } catch {
            if let job { await cancelled(job) }
            throw error
        }
        if let job { try await released(job) }
        let ticket = known.ticket?.sealed(by: ports.sealer, for: context)
        let filled = FormAnswer.Filled(
            person: person, values: contents.values, form: form, missing: contents.missing, ticket: ticket,
            ticketExpiresAt: ticket == nil
                ? nil : known.ticket.map { ValidationTime(secondsSince1970: $0.expiresAt) })
        return FormAnswer(
            id: id, outline: outline, output: request.output, outcome: .filled(filled),
            verification: known.verification)
    }

    private func contents(
        _ outline: FormOutline, _ person: FormPerson, _ entries: [String: FormEntry], at now: ValidationTime,
        _ stage: FormStage
    ) throws(FormError) -> FormContents {
        do throws(FormRefusal) {
            return try outline.contents(of: person, entries, at: now, for: stage)
        } catch {
            throw person.source == .typed ? .entries(error.faults) : .person(error.faults)
        }
    }

    private func drawn(
        _ outline: FormOutline, _ person: FormPerson, _ contents: FormContents, at now: ValidationTime
    ) async throws(FormError) -> FilledForm {
        let renderer = ports.renderer
        let result = await withTaskExecutorPreference(ports.executor) { () -> Result<FilledForm, FormFillingError> in
            do throws(FormFillingError) {
                return .success(try renderer.fill(outline.id, contents.values, at: now))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let form): return form
        case .failure(.failed): throw .serviceNotReady
        case .failure(.doesNotFit(let name)):
            let source = outline.fields.first { $0.name == name }?.source ?? .entered
            guard source != .entered else { throw .entries([FormFault(.entry(name), .tooLong)]) }
            let faults = [FormFault(.person(source), .tooLong)]
            throw person.source == .typed ? .entries(faults) : .person(faults)
        }
    }

    private func forms(_ context: RequestContext) throws(FormError) -> MunicipalForms {
        guard context.requester.scopes.contains(.counter) else { throw .scopeMissing }
        guard let forms = settings().municipalities[context.requester.municipality] else { throw .notServed }
        return forms
    }

    private func printer(_ forms: MunicipalForms, _ context: RequestContext) -> PrintTarget? {
        guard ports.printer != nil, let site = context.requester.site else { return nil }
        return forms.printers[site]
    }
}
