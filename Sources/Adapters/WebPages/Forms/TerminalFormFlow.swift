package import CardProtocol
package import MessageCatalogue
package import TerminalSession
internal import WireFormat

/// 書かない窓口 at a terminal: choose a form, tap or type, fill in what is missing, look it over, print.
///
/// What is known of a person is held from the tap to the print and no longer; the platform keeps nothing between.
package actor TerminalFormFlow: KioskFlow {
    private let parts: TerminalParts
    private let forms: any FormGateway
    private let purpose: String
    private let messages: MessageStore
    private let line: @Sendable () async -> KioskLine
    private var identification: TerminalKioskFlow?
    private var turns = PageTurns<FormPageAnswer>()

    /// - Parameter parts: their gateway gives the challenge of a signature.
    package init(
        _ parts: TerminalParts, forms: any FormGateway, purpose: String, messages: MessageStore,
        line: @escaping @Sendable () async -> KioskLine
    ) {
        (self.parts, self.forms, self.purpose) = (parts, forms, purpose)
        (self.messages, self.line) = (messages, line)
    }

    package func begin() async -> AsyncStream<KioskStep> {
        await end()
        let (steps, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        turns.begin { current in
            Task {
                await self.run(Pass(round: current, steps: continuation))
                continuation.finish()
            }
        }
        return steps
    }

    package func submit(_ secret: any SecretOctets) async {
        guard let identification else { return secret.erase() }
        await identification.submit(secret)
    }

    package func answer(_ answer: FormPageAnswer) async -> Bool { turns.take(answer) }

    package func end() async {
        turns.end()
        // Taken out before the wait: the next person may have begun when it ends.
        let former = identification
        identification = nil
        await former?.end()
    }

    package func line() async -> KioskLine { await line() }

    // MARK: One form

    /// One person's way through the pages.
    private struct Pass {
        let round: Int
        let steps: AsyncStream<KioskStep>.Continuation

        func show(_ step: FormStep) { steps.yield(.form(step)) }
    }

    /// What one person has entered: gone with the run that holds it.
    private struct Draft {
        var typed = TypedPerson()
        var values: [String: FormInput] = [:]
        /// Name and address are typed rather than read from a card.
        var isTyping = false
        /// The person has gone back to what was typed.
        var isCorrected = false
    }

    private func run(_ pass: Pass) async {
        do throws(PageEnd) {
            let template = try await chosen(pass)
            var draft = Draft()
            repeat {
                let (proof, body) = try await known(template, &draft, pass)
                if case .typed = proof { draft.isTyping = true }
                try await finished(template, proof, body, &draft, pass)
            } while draft.isCorrected
        } catch {
            switch error {
            case .left, .shown: break
            case .atTheWindow(let code, let staff):
                pass.show(.atTheWindow(code: code, staff: staff ?? sentence(code)))
            case .lineDown: pass.steps.yield(.trouble(.lineDown, sentences: [:]))
            }
        }
    }

    /// For staff, of what the terminal found itself; nil for what only the pages know.
    private func sentence(_ code: String) -> String? {
        messages.messages(MessageKey(.problem, code), MessageKey(.terminal, code))["staff_ja"]
    }

    private func chosen(_ pass: Pass) async throws(PageEnd) -> FormTemplateBody {
        pass.show(.loading())
        let templates = try await templates(pass)
        pass.show(.choosing(templates))
        while true {
            guard case .form(let id) = try await answer(pass),
                let template = templates.first(where: { $0.id == id }), template.outputs.contains("print")
            else { continue }
            return template
        }
    }

    /// Which forms there are; asked again while the line is down.
    private func templates(_ pass: Pass) async throws(PageEnd) -> [FormTemplateBody] {
        while turns.isCurrent(pass.round) {
            do throws(GatewayFailure) {
                return try await forms.templates()
            } catch {
                if error != .unreachable { throw PageEnd(error) }
                pass.show(.loading(unreached: true))
                try? await Task.sleep(for: .seconds(3))
            }
        }
        throw .left
    }

    /// The person, and the form with name and address.
    private func known(
        _ template: FormTemplateBody, _ draft: inout Draft, _ pass: Pass
    ) async throws(PageEnd) -> (FormProof, FormBody) {
        while true {
            if draft.isTyping {
                if let found = try await typed(template, &draft, pass) { return found }
                draft.isTyping = false
            }
            pass.show(.way(template))
            switch try await answer(pass) {
            case .way(.signature): return try await signed(template, pass)
            case .way(.cardText): return try await read(template, pass)
            case .way(.typed): draft.isTyping = true
            default: continue
            }
        }
    }

    private func signed(_ template: FormTemplateBody, _ pass: Pass) async throws(PageEnd) -> (FormProof, FormBody) {
        let gateway = FormIdentification(platform: parts.gateway, forms: forms, templateID: template.id)
        var parts = parts
        // A form is of now: nothing is put aside for later.
        (parts.queue, parts.gateway) = (nil, gateway)
        _ = try await identified(parts, .digitalSignature(nil), pass) { $0.verdict == .confirmed }
        guard let body = await gateway.filled, let ticket = body.ticket else {
            throw .atTheWindow(code: await gateway.filled?.refusal ?? "not_verified")
        }
        return (.ticket(ticket), body)
    }

    private func read(_ template: FormTemplateBody, _ pass: Pass) async throws(PageEnd) -> (FormProof, FormBody) {
        let result = try await identified(parts, .attributes(.pin), pass) { $0.verdict == .undetermined }
        guard let result, result.isPositive, let record = result.textFiles[.basicFour],
            let signature = result.textFiles[.basicFourSignature], let certificate = result.textFiles[.textCertificate]
        else { throw .atTheWindow(code: result?.code?.rawValue ?? "card_text_refused") }
        pass.steps.yield(.working)
        let proof = FormProof.cardText(record: record, signature: signature, certificate: certificate)
        guard case .filled(let body) = try await rendered(template, proof, [:], .preview) else {
            throw .atTheWindow(code: "card_text_refused")
        }
        return (proof, body)
    }

    /// Nil to go back; what was typed stays in the draft.
    private func typed(
        _ template: FormTemplateBody, _ draft: inout Draft, _ pass: Pass
    ) async throws(PageEnd) -> (FormProof, FormBody)? {
        var faults: [String: String] = [:]
        while true {
            pass.show(.typing(template, draft.typed, faults: faults))
            switch try await answer(pass) {
            case .back(let kept):
                draft.typed = TypedPerson(kept)
                return nil
            case .typed(let given):
                draft.typed = given
                faults = [:]
                if given.name.isEmpty { faults["/person/name"] = "missing" }
                if given.address.isEmpty { faults["/person/address"] = "missing" }
                if given.document.isEmpty { faults["/person/document"] = "missing" }
                guard faults.isEmpty else { continue }
                switch try await rendered(template, .typed(given), [:], .preview) {
                case .filled(let body): return (.typed(given), body)
                case .refused(let found): faults = found
                }
            default: continue
            }
        }
    }

    /// What is missing, the look over it, and the print; or back to what was typed.
    private func finished(
        _ template: FormTemplateBody, _ proof: FormProof, _ body: FormBody, _ draft: inout Draft, _ pass: Pass
    ) async throws(PageEnd) {
        var (body, faults) = (body, [String: String]())
        draft.isCorrected = false
        while true {
            if !template.entered.isEmpty {
                pass.show(.filling(template, body, draft.values, faults: faults))
                switch try await answer(pass) {
                case .back(let kept) where draft.isTyping:
                    draft.values = template.inputs(kept)
                    draft.isCorrected = true
                    return
                case .values(let fields): draft.values = template.inputs(fields)
                default: continue
                }
                switch try await rendered(template, proof, draft.values, .preview) {
                case .refused(let found):
                    faults = found
                    continue
                case .filled(let filled):
                    body = filled
                    faults = Dictionary(uniqueKeysWithValues: Set(filled.missing).map { ("/values/\($0)", "missing") })
                    guard faults.isEmpty else { continue }
                }
            }
            pass.show(.checking(template, body))
            switch try await answer(pass) {
            case .back where draft.isTyping:
                draft.isCorrected = true
                return
            case .print:
                pass.show(.printing)
                return try await printed(template, proof, draft.values, pass)
            default: continue
            }
        }
    }

    private func printed(
        _ template: FormTemplateBody, _ proof: FormProof, _ values: [String: FormInput], _ pass: Pass
    ) async throws(PageEnd) {
        let reply: FormReply
        do throws(GatewayFailure) {
            reply = try await forms.render(template.id, proof, values, .print)
        } catch {
            switch error {
            case .refused("printer_unavailable", _): return pass.show(.notPrinted)
            // Without a whole answer nobody knows whether it came out: asked for again, a second one would.
            case .refused("print_outcome_unknown", _), .refused("internal_error", _), .unreachable, .notThePlatform:
                return pass.show(.perhapsPrinted)
            case .refused, .credentials: throw PageEnd(error)
            }
        }
        guard case .filled = reply else { throw .atTheWindow(code: "form_refused") }
        pass.show(.printed)
    }

    // MARK: The card

    /// The card's steps until its result; what is not `expected` is shown and ends the pass.
    private func identified(
        _ parts: TerminalParts, _ way: IdentificationWay, _ pass: Pass, expected: (KioskOutcome) -> Bool
    ) async throws(PageEnd) -> IdentificationResult? {
        let request = IdentificationRequest(way, purpose: purpose, patience: .seconds(3))
        let flow = TerminalKioskFlow(parts, request, messages: messages, line: line)
        identification = flow
        var isKnown = false
        follow: for await step in await flow.begin() {
            guard pass.round == turns.round else { throw .left }
            switch step {
            case .finished(let outcome):
                isKnown = expected(outcome)
                if !isKnown { pass.steps.yield(step) }
                break follow
            case .trouble:
                pass.steps.yield(step)
                break follow
            default: pass.steps.yield(step)
            }
        }
        let result = await flow.result
        await flow.end()
        guard pass.round == turns.round else { throw .left }
        identification = nil
        guard isKnown else { throw .shown }
        return result
    }

    // MARK: Answers

    private func answer(_ pass: Pass) async throws(PageEnd) -> FormPageAnswer {
        guard turns.isCurrent(pass.round) else { throw .left }
        guard let answer = await withCheckedContinuation({ turns.wait($0) }), pass.round == turns.round else {
            throw .left
        }
        return answer
    }

    private func rendered(
        _ template: FormTemplateBody, _ proof: FormProof, _ values: [String: FormInput], _ output: FormOutput
    ) async throws(PageEnd) -> FormReply {
        do throws(GatewayFailure) {
            return try await forms.render(template.id, proof, values, output)
        } catch {
            throw PageEnd(error)
        }
    }
}
