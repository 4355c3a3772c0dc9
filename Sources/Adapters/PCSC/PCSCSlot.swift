internal import CPCSC
internal import Synchronization
package import TerminalSession

/// One reader by name, or whichever holds a card, through pcscd.
package struct PCSCSlot: CardSlot {
    package enum Choice: Hashable, Sendable {
        case named(String)
        /// Any reader; two cards at once are refused, since nobody could say whose is read.
        case any
    }

    package struct Limits: Hashable, Sendable {
        /// For one command. A signature takes a card up to two seconds.
        package var command: Duration = .seconds(8)
        /// For connecting to a card that another program holds.
        package var sharing: Duration = .seconds(3)
        /// For typing at the reader's own keys.
        package var keypad: Duration = .seconds(60)

        package init() {}
    }

    private let choice: Choice
    private let limits: Limits

    package init(_ choice: Choice, limits: Limits = Limits()) { (self.choice, self.limits) = (choice, limits) }

    package func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel {
        let clock = ContinuousClock()
        let end = clock.now + limit
        var (reason, busySince) = (CardChannelFailure.noCard, clock.now)
        var queue = CallQueue("akashi.pcsc.card")
        while true {
            if Task.isCancelled { throw .noCard }
            let (waiting, current) = (max(min(end - clock.now, .milliseconds(250)), .zero), queue)
            do throws(CardChannelFailure) {
                let attempt: Attempt = try await current.call(within: waiting + limits.command) {
                    self.attempt(waiting)
                }
                switch attempt {
                case .connected(let connection):
                    return await PCSCChannel.opened(connection, on: current, limits)
                case .failed(let failure):
                    if failure != .inUse { busySince = clock.now }
                    reason = failure
                    if failure == .inUse, clock.now - busySince > limits.sharing { throw failure }
                    if failure == .severalCards || failure == .unresponsive { throw failure }
                }
            } catch {
                guard error == .timedOut else { throw error }
                // The driver holds the call: what was tried on this queue is given up.
                (reason, queue) = (.timedOut, CallQueue("akashi.pcsc.card"))
            }
            guard clock.now < end else { throw reason }
            if reason != .noCard { try? await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private enum Attempt: Sendable {
        case connected(PCSCConnection)
        case failed(CardChannelFailure)
    }

    /// Looks once; waits up to `limit` for a card. Runs on the queue.
    private func attempt(_ limit: Duration) -> Result<Attempt, CardChannelFailure> {
        do throws(CardChannelFailure) {
            let context = try PCSCContext()
            var names = try context.readers()
            if case .named(let name) = choice { names = names.filter { $0 == name } }
            guard !names.isEmpty else { return .success(.failed(.readerGone)) }
            let found = try cards(names, context, limit)
            guard let first = found.first else { return .success(.failed(.noCard)) }
            guard found.count == 1 else { return .success(.failed(.severalCards)) }
            guard !first.state.isMute else { return .success(.failed(.unresponsive)) }
            return .success(.connected(try PCSCConnection(context, reader: first.name, state: first.state)))
        } catch {
            return .success(.failed(error == .removed ? .noCard : error))
        }
    }

    private func cards(
        _ names: [String], _ context: PCSCContext, _ limit: Duration
    ) throws(CardChannelFailure) -> [(name: String, state: ReaderState)] {
        var found: [(name: String, state: ReaderState)] = []
        for name in names {
            let now = try context.state(of: name, known: nil, within: .zero)
            if now.isPresent { found.append((name, now)) }
            // With one reader to watch, its change ends the waiting; among several they are looked at in turn.
            guard found.isEmpty, names.count == 1, limit > .zero else { continue }
            let next = try context.state(of: name, known: now, within: limit)
            if next.isPresent { found.append((name, next)) }
        }
        return found
    }
}
