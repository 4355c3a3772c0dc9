package import CardProtocol

/// One identification after the other at one reader: what a page, a kiosk or a command drives.
///
/// `start` → ``FlowState``s → `submit` a PIN when asked → result → `wipe`. A card that leaves the reader, a reader that is
/// unplugged and a platform out of reach each end in a state with a code; nothing waits without end.
package actor IdentificationFlow {
    let parts: TerminalParts
    package private(set) var state = FlowState.idle
    private var observers: [Int: AsyncStream<FlowState>.Continuation] = [:]
    private var nextObserver = 0
    private var task: Task<Void, Never>?
    /// Counts starts and wipes: what belongs to an earlier one changes nothing any more.
    private var round = 0
    private var waiter: CheckedContinuation<PINInput, Never>?
    /// Whether a prompt is shown that nobody has answered yet.
    private var isAsking = false
    /// An answer that came between the prompt and the waiting for it.
    private var early: PINInput?

    enum PINInput: Sendable {
        case typed(any SecretOctets)
        case supervisor
        case removed
        case wiped
    }

    package init(_ parts: TerminalParts) { self.parts = parts }

    /// Begins anew; what was under way is wiped.
    package func start(_ request: IdentificationRequest) {
        wipe()
        let round = round
        task = Task { await self.run(request, round) }
    }

    /// Hands over a typed PIN, which is erased once it was used.
    ///
    /// - Returns: whether a PIN was waited for; if not, the secret is erased and nothing happens.
    @discardableResult
    package func submit(_ secret: any SecretOctets) -> Bool {
        guard isAsking, case .pinNeeded(let prompt) = state, prompt.place == .terminal else {
            secret.erase()
            return false
        }
        answer(.typed(secret))
        return true
    }

    /// A supervisor (監督者) takes the responsibility for the last try. Has an effect only while that is asked for.
    package func allowLastTry() {
        if case .pinNeeded(let prompt) = state, prompt.reason == .lastTry, isAsking { answer(.supervisor) }
    }

    /// Ends what is under way and forgets the person: state, result and PIN.
    package func wipe() {
        round += 1
        task?.cancel()
        task = nil
        if case .typed(let secret) = early { secret.erase() }
        early = nil
        answer(.wiped)
        early = nil
        publish(.idle)
    }

    /// The state now and every change of it. A slow observer misses states in between, never the last.
    package func states() -> AsyncStream<FlowState> {
        let (stream, continuation) = AsyncStream.makeStream(of: FlowState.self, bufferingPolicy: .bufferingNewest(8))
        let id = nextObserver
        nextObserver += 1
        observers[id] = continuation
        continuation.onTermination = { _ in Task { await self.forget(id) } }
        continuation.yield(state)
        return stream
    }

    private func forget(_ id: Int) { observers[id] = nil }

    private func publish(_ new: FlowState) {
        if case .pinNeeded = new {
            // Also the same prompt again: it is a new question.
            isAsking = true
        } else {
            isAsking = false
            guard new != state else { return }
        }
        state = new
        for observer in observers.values { observer.yield(new) }
    }

    /// Shows a state of the identification that `round` stands for, unless that was wiped.
    func show(_ new: FlowState, _ round: Int) {
        if round == self.round { publish(new) }
    }

    /// Gives an answer to who waits for it, or keeps it for who is about to.
    private func answer(_ input: PINInput) {
        isAsking = false
        guard let waiting = waiter else {
            early = input
            return
        }
        waiter = nil
        waiting.resume(returning: input)
    }

    private func removed(_ round: Int) {
        if round == self.round, waiter != nil { answer(.removed) }
    }

    /// Waits for a PIN, a supervisor, the removal of the card, or the end.
    func input(_ channel: any CardChannel, _ round: Int) async -> PINInput {
        guard round == self.round, !Task.isCancelled else { return .wiped }
        let watch = Task {
            await channel.untilRemoved()
            if !Task.isCancelled { self.removed(round) }
        }
        defer { watch.cancel() }
        if let input = early {
            early = nil
            return input
        }
        return await withCheckedContinuation { waiter = $0 }
    }

    private func run(_ request: IdentificationRequest, _ round: Int) async {
        show(.waitingForCard, round)
        let channel: any CardChannel
        do throws(CardChannelFailure) {
            channel = try await parts.slot.connect(within: request.patience)
        } catch {
            return show(.failed(FlowFailure(TerminalCode(error))), round)
        }
        guard round == self.round else { return await channel.close() }
        let identification = Identification(flow: self, parts: parts, request: request, channel: channel, round: round)
        do throws(FlowEnd) {
            show(.finished(try await identification.result()), round)
        } catch {
            await channel.close()
            if case .failure(let failure) = error { show(.failed(failure), round) }
        }
    }
}

/// Why an identification ended without a result.
enum FlowEnd: Error {
    case failure(FlowFailure)
    /// Wiped in between: there is nobody to tell.
    case wiped
}
