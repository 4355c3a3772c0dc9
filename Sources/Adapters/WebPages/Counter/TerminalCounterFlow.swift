package import CardProtocol
package import MessageCatalogue
package import TerminalSession
internal import WireFormat

/// An application at the counter, from the choice to the 受付票, one person at a time.
///
/// The choice comes first and says nothing of a person; then the card, as at the kiosk; then the order, once more in
/// whole; then the centre works, and the page shows how far it is. Whoever ends it before the papers are released
/// takes the application back.
package actor TerminalCounterFlow: KioskFlow {
    private let parts: TerminalParts
    let counter: any CounterGateway
    private let request: IdentificationRequest
    let messages: MessageStore
    private let line: @Sendable () async -> KioskLine
    /// How long papers may take before the page says that they take long.
    let patience: Duration
    private var identification: TerminalKioskFlow?
    var turns = PageTurns<CounterAnswer>()
    /// What is to be taken back when the person leaves. Each run goes on with its own value: an answer that comes for
    /// the person before is nothing to the next one.
    var session: CounterSession?
    private var language = PageLanguage.japanese

    /// - Parameter parts: their gateway is not used; the counter is asked instead.
    package init(
        _ parts: TerminalParts, counter: any CounterGateway, _ request: IdentificationRequest, messages: MessageStore,
        patience: Duration = .seconds(15), line: @escaping @Sendable () async -> KioskLine
    ) {
        (self.parts, self.counter, self.request) = (parts, counter, request)
        (self.messages, self.line, self.patience) = (messages, line, patience)
    }

    package func begin() async -> AsyncStream<KioskStep> {
        await end()
        let (steps, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        turns.begin { current in
            Task {
                await self.run(current, continuation)
                continuation.finish()
            }
        }
        return steps
    }

    package func submit(_ secret: any SecretOctets) async {
        guard let identification else { return secret.erase() }
        await identification.submit(secret)
    }

    package func answer(_ answer: CounterAnswer) async -> Bool { turns.take(answer) }

    package func speak(_ language: PageLanguage) async { self.language = language }

    package func end() async {
        turns.end()
        let (left, former) = (session, identification)
        (session, identification, language) = (nil, nil, .japanese)
        await former?.end()
        guard let left else { return }
        if ["open", "identified", "applied", "requested", "issued"].contains(left.state) { await takeBack(left) }
    }

    package func line() async -> KioskLine { await line() }

    // MARK: One application

    private func run(_ current: Int, _ steps: AsyncStream<KioskStep>.Continuation) async {
        do throws(PageEnd) {
            let (offer, choice) = try await chosen(current, steps)
            let found = try await identified(offer, current, steps)
            let order = try await selected(choice, of: found.household, current, steps)
            guard let submitted = try await ordered(found, offer, order, current, steps) else { return }
            try await followed(submitted, current, steps)
        } catch {
            switch error {
            case .left: break
            case .atTheWindow(let code, let staff): await shownAtTheWindow(code, staff, current, steps)
            case .lineDown: steps.yield(.trouble(.lineDown, sentences: [:]))
            case .shown: break
            }
        }
    }

    private func chosen(
        _ current: Int, _ steps: AsyncStream<KioskStep>.Continuation
    ) async throws(PageEnd) -> (CounterOffer, CounterChoice) {
        let offers = try await offers(current, steps)
        steps.yield(.counter(.choosing(offers)))
        while true {
            guard case .procedure(let id) = try await answer(current) else { continue }
            guard let offer = offers.first(where: { $0.id == id }), offer.availability == .open else { continue }
            var choice = CounterChoice(procedureID: id, scope: offer.scopes.first ?? "self")
            choice.fiscalYear = offer.fiscalYears.first
            steps.yield(.counter(.options(offer, choice)))
            if let whole = try await options(offer, current) { return (offer, whole) }
            steps.yield(.counter(.choosing(offers)))
        }
    }

    /// Nil when the resident goes back.
    private func options(_ offer: CounterOffer, _ current: Int) async throws(PageEnd) -> CounterChoice? {
        while true {
            switch try await answer(current) {
            case .back: return nil
            case .choice(let scope, let details, let year, let copies, let exemption):
                guard offer.scopes.contains(scope), details.isSubset(of: offer.details),
                    (1...offer.mostCopies).contains(copies),
                    offer.fiscalYears.isEmpty ? year == nil : year.map(offer.fiscalYears.contains) == true
                else { continue }
                let choice = CounterChoice(
                    procedureID: offer.id, scope: scope, details: details, fiscalYear: year, copies: copies,
                    exemption: exemption)
                guard exemption == nil || offer.exemption(of: choice) != nil else { continue }
                return choice
            default: continue
            }
        }
    }

    /// What the centre offers; asked again while the line is down.
    private func offers(
        _ current: Int, _ steps: AsyncStream<KioskStep>.Continuation
    ) async throws(PageEnd) -> [CounterOffer] {
        steps.yield(.counter(.loading()))
        while turns.isCurrent(current) {
            do throws(GatewayFailure) {
                return try await counter.offers()
            } catch {
                if error != .unreachable { throw PageEnd(error) }
                steps.yield(.counter(.loading(unreached: true)))
                try? await Task.sleep(for: .seconds(3))
            }
        }
        throw .left
    }

    private func identified(
        _ offer: CounterOffer, _ current: Int, _ steps: AsyncStream<KioskStep>.Continuation
    ) async throws(PageEnd) -> Found {
        let gateway = CounterIdentification(counter: counter, language: language, procedureID: offer.id)
        var parts = parts
        // Without the centre nothing is printed: a check is not put aside here.
        (parts.queue, parts.gateway) = (nil, gateway)
        let flow = TerminalKioskFlow(parts, request, messages: messages, line: line)
        identification = flow
        var isRecognised = false
        follow: for await step in await flow.begin() {
            try keep(await gateway.session, current)
            switch step {
            case .finished(let outcome) where outcome.verdict == .confirmed:
                isRecognised = true
                break follow
            case .finished, .trouble:
                steps.yield(step)
                break follow
            default: steps.yield(step)
            }
        }
        await flow.end()
        let found = await gateway.session
        try keep(found, current)
        identification = nil
        guard isRecognised else { throw .shown }
        // The person is who the card says; whether the register has found them is another question.
        guard let found, found.state == "identified" else {
            throw .atTheWindow(code: found?.code ?? "counter_wrong_state")
        }
        return Found(session: found, household: await gateway.household)
    }

    /// Whoever stands here, as far as the page needs to know: in the values of one run alone.
    struct Found {
        let session: CounterSession
        let household: [CounterMember]
    }

    /// The choice with the members that the resident selects, where a part of the household was chosen.
    private func selected(
        _ choice: CounterChoice, of household: [CounterMember], _ current: Int,
        _ steps: AsyncStream<KioskStep>.Continuation
    ) async throws(PageEnd) -> CounterChoice {
        guard choice.scope == "selected" else { return choice }
        // A household with somebody who may not be named is the clerk's.
        guard !household.isEmpty else { throw .atTheWindow(code: "counter_members_invalid") }
        steps.yield(.counter(.members(household)))
        while true {
            guard case .members(let ids) = try await answer(current), !ids.isEmpty,
                Set(household.map(\.id)).isSuperset(of: ids)
            else { continue }
            var choice = choice
            choice.members = household.map(\.id).filter(ids.contains)
            return choice
        }
    }

    /// Notes what is to be taken back, for the person who stands here and nobody else.
    func keep(_ new: CounterSession?, _ current: Int) throws(PageEnd) {
        guard current == turns.round else { throw .left }
        session = new
    }

    func answer(_ current: Int) async throws(PageEnd) -> CounterAnswer {
        guard turns.isCurrent(current) else { throw .left }
        guard let answer = await withCheckedContinuation({ turns.wait($0) }), current == turns.round else {
            throw .left
        }
        return answer
    }
}
