import CardProtocol

/// Asks for one PIN until it is right, blocked, or the card is gone. Spends a try only for a PIN that a person typed and
/// that has the form of one, and the last only when a supervisor says so.
struct PINDialogue {
    let identification: Identification
    let pin: CardPIN
    let card: Identification.Recognised

    /// - Parameters:
    ///   - steps: the procedure that presents the PIN.
    ///   - begins: called when a PIN goes to the card.
    func run(_ steps: [CardStep], begins: () -> Void) async throws(FlowEnd) -> CardReading {
        var tries = try await triesLeft()
        var (reason, rule) = (PINPrompt.Reason.first, LastTryRule.refused)
        let place: PINPlace = identification.channel.hasKeypad && pin.alphabet == .digits ? .reader : .terminal
        while true {
            if tries == 1, rule == .refused { reason = .lastTry }
            await show(.pinNeeded(prompt(tries, place, reason)))
            let source: PINSource
            if place == .reader, reason != .lastTry {
                source = .reader
            } else {
                switch await identification.flow.input(identification.channel, identification.round) {
                case .wiped: throw .wiped
                case .removed: throw .failure(FlowFailure(.removed, triesLeft: tries, notices: card.notices))
                case .supervisor:
                    (rule, reason) = (.allowedBySupervisor, .first)
                    continue
                case .typed(let secret):
                    guard rule == .allowedBySupervisor || tries > 1, pin.accepts(secret) else {
                        secret.erase()
                        reason = .malformed
                        continue
                    }
                    source = .typed(secret)
                }
            }
            await show(.working(card.summary.medium, .card))
            begins()
            do throws(ProcedureFailure) {
                let reading = try await attempt(steps, rule, source)
                return reading
            } catch {
                guard case .card(.wrongPIN(_, let left)) = error else { throw FlowEnd(error) }
                (tries, reason, rule) = (left, .wrong, .refused)
            }
        }
    }

    private func attempt(
        _ steps: [CardStep], _ rule: LastTryRule, _ source: PINSource
    ) async throws(ProcedureFailure) -> CardReading {
        defer { if case .typed(let secret) = source { secret.erase() } }
        let procedure = CardProcedure(steps, lastTry: rule, certificates: card.certificates)
        return try await identification.attempt(procedure, pin: source)
    }

    /// Known from the recognition for the PINs of 公的個人認証; asked for the others.
    private func triesLeft() async throws(FlowEnd) -> Int {
        var state = card.summary.pins[pin]
        if state == nil {
            state = try await identification.run(CardProcedure([.select(pin.application), .countTries(pin)])).pins[pin]
        }
        switch state {
        case .triesLeft(let count): return count
        case .blocked: throw FlowEnd(.card(.pinBlocked(pin)))
        case .absent: throw FlowEnd(.card(.pinAbsent(pin)))
        case .verified, .unreadable, nil: throw FlowEnd(.card(.counterUnreadable(pin)))
        }
    }

    private func prompt(_ tries: Int, _ place: PINPlace, _ reason: PINPrompt.Reason) -> PINPrompt {
        PINPrompt(
            medium: card.summary.medium, pin: pin, triesLeft: tries, place: place, reason: reason,
            notices: card.notices)
    }

    private func show(_ state: FlowState) async { await identification.flow.show(state, identification.round) }
}
