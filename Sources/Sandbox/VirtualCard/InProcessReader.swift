internal import CardProtocol
internal import Synchronization
package import TerminalSession

/// A reader without PC/SC: flows run against virtual cards in one process.
package final class InProcessReader: CardSlot {
    private let chip: VirtualChip
    private let keypad: Keypad?
    private let gone = Mutex(false)

    /// The reader's own keys, and what the person types there.
    package struct Keypad: Sendable {
        package let typed: String?

        /// - Parameter typed: nil for the key that cancels.
        package init(typed: String?) { self.typed = typed }
    }

    package init(_ chip: VirtualChip, keypad: Keypad? = nil) { (self.chip, self.keypad) = (chip, keypad) }

    package func connect(within limit: Duration) async throws(CardChannelFailure) -> any CardChannel {
        chip.insert()
        gone.withLock { $0 = false }
        return Channel(reader: self)
    }

    /// Takes the card out.
    package func remove() { gone.withLock { $0 = true } }

    private var isGone: Bool { gone.withLock { $0 } }

    private func exchange(_ octets: [UInt8]) throws(CardChannelFailure) -> [UInt8] {
        guard !isGone else { throw .removed }
        switch chip.answer(to: octets) {
        case .octets(let answer, _): return answer
        case .removed:
            remove()
            throw .removed
        case .none: throw .timedOut
        }
    }

    private struct Channel: CardChannel {
        let reader: InProcessReader

        var hasKeypad: Bool { reader.keypad != nil }

        func transmit(_ octets: [UInt8]) async throws(CardChannelFailure) -> [UInt8] { try reader.exchange(octets) }

        func present(_ pin: CardPIN, _ source: PINSource) async throws(CardChannelFailure) -> [UInt8] {
            var octets: [UInt8]
            switch source {
            case .typed(let secret): octets = secret.withOctets { $0.compactMap { pin.octet(for: $0) } }
            case .reader:
                guard let typed = reader.keypad?.typed else { throw .pinCancelled }
                octets = Array(typed.utf8)
            }
            octets = VerifyCommand.header + [UInt8(truncatingIfNeeded: octets.count)] + octets
            return try reader.exchange(octets)
        }

        func untilRemoved() async {
            while !reader.isGone, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
        }

        func close() async { reader.chip.reset() }
    }
}

/// かざし利用 on virtual cards, to try the way out: how real cards do it is not public. It reads the certificate without a
/// PIN and says what it was told to say; it proves nothing. Never part of a terminal.
package struct SandboxTap: TapAuthentication {
    package enum Behaviour: Sendable {
        case proves
        case doesNotProve
    }

    private let behaviour: Behaviour

    package init(_ behaviour: Behaviour = .proves) { self.behaviour = behaviour }

    package func authenticate(_ channel: any CardChannel) async throws(TapFailure) -> [UInt8] {
        do throws(ProcedureFailure) {
            let reading = try await ProcedureRunner(channel).run(CardProcedure(.freeCertificate))
            guard behaviour == .proves, let certificate = reading.files[.authenticationCertificate] else {
                throw ProcedureFailure.card(.certificateAbsent(.userAuthentication))
            }
            return certificate
        } catch {
            switch error {
            case .channel(let failure): throw .channel(failure)
            case .card: throw .notProven
            }
        }
    }
}
