package import CardProtocol
package import MessageCatalogue
internal import Synchronization
package import TerminalSession
internal import WireFormat

/// The terminal's identification, one person at a time, as the page drives it.
///
/// Every check begins with an empty reader: the card of the person before must have been taken, also after a restart.
package actor TerminalKioskFlow: KioskFlow {
    private let flow: IdentificationFlow
    private let slot: any CardSlot
    private let request: IdentificationRequest
    private let messages: MessageStore
    private let queue: @Sendable () async -> KioskLine
    private var running: Task<Void, Never>?
    /// What the last identification came to, until ``end()``: for who does more with it than show it.
    private(set) var result: IdentificationResult?

    /// - Parameters:
    ///   - request: its patience is how often the reader is looked for anew.
    ///   - line: how the terminal stands to the platform, and what waits in its queue.
    package init(
        _ parts: TerminalParts, _ request: IdentificationRequest, messages: MessageStore,
        line: @escaping @Sendable () async -> KioskLine
    ) {
        flow = IdentificationFlow(parts)
        slot = parts.slot
        (self.request, self.messages, queue) = (request, messages, line)
    }

    package func begin() async -> AsyncStream<KioskStep> {
        await end()
        let (steps, continuation) = AsyncStream.makeStream(of: KioskStep.self)
        running = Task {
            await self.emptyReader(continuation)
            await self.follow(continuation)
            continuation.finish()
        }
        return steps
    }

    package func submit(_ secret: any SecretOctets) async { await flow.submit(secret) }

    package func end() async {
        running?.cancel()
        running = nil
        result = nil
        await flow.wipe()
    }

    package func line() async -> KioskLine { await queue() }

    /// Waits until the card of the person before has been taken.
    private func emptyReader(_ steps: AsyncStream<KioskStep>.Continuation) async {
        while !Task.isCancelled {
            do throws(CardChannelFailure) {
                let channel = try await slot.connect(within: .zero)
                steps.yield(.takeCard)
                await channel.untilRemoved()
                await channel.close()
            } catch {
                switch error {
                case .severalCards, .unresponsive, .inUse:
                    steps.yield(.takeCard)
                    try? await Task.sleep(for: .milliseconds(500))
                default: return
                }
            }
        }
    }

    /// One identification; a reader that is not there, and nobody coming, begin it again.
    private func follow(_ steps: AsyncStream<KioskStep>.Continuation) async {
        let states = await flow.states()
        await flow.start(request)
        var isReaderMissing = false
        for await state in states {
            guard !Task.isCancelled else { return }
            switch state {
            case .waitingForCard where isReaderMissing: break
            case .failed(let failure) where failure.code == .noCard:
                isReaderMissing = false
                await flow.start(request)
            case .failed(let failure) where failure.code == .readerGone || failure.code == .serviceGone:
                if !isReaderMissing { steps.yield(.readerMissing) }
                isReaderMissing = true
                try? await Task.sleep(for: .milliseconds(500))
                await flow.start(request)
            default:
                if case .finished(let finished) = state { result = finished }
                if let step = KioskStep(state, messages) { steps.yield(asked(step)) }
            }
        }
    }

    /// What a phone has not is not to be asked of one.
    private func asked(_ step: KioskStep) -> KioskStep {
        guard step == .waitingForCard, case .attributes = request.way else { return step }
        return .waitingForCardItself
    }
}
