internal import MessageCatalogue
internal import TerminalSession

/// From the order on: the centre works, and papers may come out whatever this page hears of it.
extension TerminalCounterFlow {
    typealias Steps = AsyncStream<KioskStep>.Continuation

    func ordered(
        _ found: Found, _ offer: CounterOffer, _ choice: CounterChoice, _ current: Int, _ steps: Steps
    ) async throws(PageEnd) -> CounterSession? {
        let names = found.household.filter { choice.members.contains($0.id) }.map(\.name)
        steps.yield(.counter(.confirming(offer, choice, names: names, fee: offer.fee(of: choice))))
        while try await answer(current) != .confirmed {}
        steps.yield(.counter(.progress(.sending)))
        let submitted = await asked { [counter] () async throws(GatewayFailure) in
            try await counter.submit(found.session, choice)
        }
        switch submitted {
        case .success(let session):
            try keep(session, current)
            return session
        case .failure(let failure): return try await settled(found.session, after: failure, current, steps)
        }
    }

    /// The application after an order whose answer did not come, or was a refusal: only the application itself says
    /// whether it was ordered. One that was not is taken back at once, so that an order that is still on its way
    /// cannot arrive any more.
    ///
    /// - Returns: nil when it cannot be found out in time.
    private func settled(
        _ former: CounterSession, after failure: GatewayFailure, _ current: Int, _ steps: Steps
    ) async throws(PageEnd) -> CounterSession? {
        let begun = ContinuousClock.now
        while begun.duration(to: .now) <= endurance {
            let now = await asked { [counter] () async throws(GatewayFailure) in
                // Older than it is: an answer at once.
                try await counter.session(former.id, after: max(former.version - 1, 0))
            }
            guard current == turns.round else { throw .left }
            if case .success(let now) = now {
                try keep(now, current)
                if now.state != "identified" { return now }
                let voided = await asked { [counter] () async throws(GatewayFailure) in
                    try await counter.void(former.id)
                }
                if case .success(let voided) = voided {
                    try keep(voided, current)
                    throw failure == .unreachable ? .atTheWindow(code: "not_sent") : PageEnd(failure)
                }
                // Refused: the order came between.
            }
            guard current == turns.round else { throw .left }
            if begun.duration(to: .now) > patience { steps.yield(.counter(.late(.unsure, number: nil))) }
            try? await Task.sleep(for: pause)
        }
        steps.yield(.counter(.late(.unsure, number: nil)))
        return nil
    }

    /// Shows how far the centre is, until papers are out or it is over. No failure to hear of it ends it as if nothing
    /// had been ordered.
    func followed(_ submitted: CounterSession, _ current: Int, _ steps: Steps) async throws(PageEnd) {
        var now = submitted
        var printingSince: ContinuousClock.Instant?
        var silentSince: ContinuousClock.Instant?
        while current == turns.round {
            if now.state == "printing" { printingSince = printingSince ?? .now }
            let isLate = printingSince.map { $0.duration(to: .now) > patience } == true
            let isSilent = silentSince.map { $0.duration(to: .now) > patience } == true
            switch now.state {
            case "ready", "handed_over":
                let notice = now.service == .degraded ? CounterNotice.degraded : nil
                steps.yield(.counter(.receipt(number: now.receptionNumber ?? "", notice: notice)))
                return
            case "voiding", "voided": throw .atTheWindow(code: now.code ?? "voided")
            case _ where isSilent: steps.yield(.counter(.late(.line, number: now.receptionNumber)))
            case "printing" where isLate: steps.yield(.counter(.late(.printer, number: now.receptionNumber)))
            default: steps.yield(.counter(.progress(CounterProgress(state: now.state))))
            }
            // The page keeps what it shows until it is wiped.
            if silentSince.map({ $0.duration(to: .now) > endurance }) == true { return }
            let known = now
            switch await asked({ [counter] () async throws(GatewayFailure) in
                try await counter.session(known.id, after: known.version)
            }) {
            case .success(let newer): (now, silentSince) = (newer, nil)
            case .failure:
                // The centre goes on by itself; the page asks again.
                silentSince = silentSince ?? .now
                try? await Task.sleep(for: pause)
            }
            try keep(now, current)
        }
        throw .left
    }

    /// 窓口でご案内します, with the number by which a clerk finds the application; one that was not ordered is over.
    func shownAtTheWindow(_ code: String, _ staff: String?, _ current: Int, _ steps: Steps) async {
        if let left = session, left.state == "open" || left.state == "identified" {
            let voided = await asked { [counter] () async throws(GatewayFailure) in try await counter.void(left.id) }
            guard current == turns.round else { return }
            if case .success(let voided) = voided { session = voided }
        }
        let sentence = staff ?? messages.sentence(MessageKey(.terminal, code), for: .staffJapanese)
        steps.yield(
            .counter(.atTheWindow(CounterEnd(code: code, staff: sentence, number: session?.receptionNumber))))
    }

    /// Takes back what the person leaves behind. A centre that does not answer is told later: papers that come out for
    /// nobody are anybody's.
    func takeBack(_ left: CounterSession) async {
        let (counter, endurance, pause) = (counter, endurance, pause)
        let telling = Task {
            let begun = ContinuousClock.now
            repeat {
                do throws(GatewayFailure) {
                    _ = try await counter.void(left.id)
                    return
                } catch {
                    // Over already, or printed: then it is staff's.
                    if case .refused("session_state_conflict", _) = error { return }
                    if case .refused("not_found", _) = error { return }
                }
                try? await Task.sleep(for: pause)
            } while begun.duration(to: .now) <= endurance
        }
        // The next person does not wait for a line that is cut.
        await Deadline.first(within: .seconds(3), otherwise: ()) { await telling.value }
    }

    /// An answer in good time, or none.
    private func asked<Value: Sendable>(
        _ body: @escaping @Sendable () async throws(GatewayFailure) -> Value
    ) async -> Result<Value, GatewayFailure> {
        await Deadline.first(within: .seconds(15), otherwise: .failure(.unreachable)) {
            do throws(GatewayFailure) { return .success(try await body()) } catch { return .failure(error) }
        }
    }

    /// Between two questions to a centre that does not answer.
    private var pause: Duration { min(.seconds(1), patience) }

    /// How long a centre that does not answer is asked.
    private var endurance: Duration { patience * 20 }
}
