internal import CPCSC
package import CardProtocol
internal import Synchronization
package import TerminalSession

/// A connected card behind pcscd.
package final class PCSCChannel: CardChannel {
    private let connection: PCSCConnection
    private let queue: CallQueue
    private let limits: PCSCSlot.Limits
    /// The control code of VERIFY_PIN_DIRECT.
    private let keypad: DWORD?
    private let isClosed = Mutex(false)

    package var hasKeypad: Bool { keypad != nil }

    private init(_ connection: PCSCConnection, on queue: CallQueue, _ limits: PCSCSlot.Limits, keypad: DWORD?) {
        (self.connection, self.queue, self.limits, self.keypad) = (connection, queue, limits, keypad)
    }

    static func opened(
        _ connection: PCSCConnection, on queue: CallQueue, _ limits: PCSCSlot.Limits
    ) async -> PCSCChannel {
        let keypad = try? await queue.call(within: limits.command) { .success(connection.verifyPINDirect()) }
        return PCSCChannel(connection, on: queue, limits, keypad: keypad ?? nil)
    }

    package func transmit(_ octets: [UInt8]) async throws(CardChannelFailure) -> [UInt8] {
        let connection = connection
        return try await queue.call(within: limits.command) { octets.withUnsafeBytes { connection.transmit($0) } }
    }

    package func present(_ pin: CardPIN, _ source: PINSource) async throws(CardChannelFailure) -> [UInt8] {
        let connection = connection
        switch source {
        case .typed(let secret):
            return try await queue.call(within: limits.command) { connection.present(pin, secret) }
        case .reader:
            guard let keypad else { throw .pinCancelled }
            let command = pin.readerCommand(seconds: UInt8(min(limits.keypad.seconds, 255)))
            let answer = try await queue.call(within: limits.keypad + limits.command) {
                connection.control(keypad, command).map { .success($0) } ?? .failure(.removed)
            }
            // The reader's own words: nobody typed in time, or the key for cancelling.
            if answer.count == 2, answer[0] == 0x64 { throw .pinCancelled }
            return answer
        }
    }

    package func untilRemoved() async {
        let (reader, start) = (connection.reader, connection.state)
        let watch = CallQueue("akashi.pcsc.watch")
        let context = try? await watch.call(within: limits.command) {
            Result { () throws(CardChannelFailure) in try PCSCContext() }
        }
        guard let context else { return }
        var known: ReaderState?
        while !Task.isCancelled, !isClosed.withLock({ $0 }) {
            let last = known
            let next = try? await watch.call(within: .seconds(2)) {
                Result { () throws(CardChannelFailure) in
                    try context.state(of: reader, known: last, within: .milliseconds(250))
                }
            }
            guard let next, next.isPresent, !next.isGone, next.events == start.events else { return }
            known = next
        }
    }

    package func close() async {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        guard !wasClosed else { return }
        let connection = connection
        _ = try? await queue.call(within: limits.command) {
            connection.close()
            return .success(true)
        }
    }
}
