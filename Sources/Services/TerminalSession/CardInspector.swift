package import CardProtocol
package import PKIX
package import Verification

/// What can be known of a card without a PIN. It proves nothing of a person.
package struct CardInspection: Sendable {
    package let summary: CardSummary
    /// 利用者証明用, where it is free to read.
    package let certificate: Certificate?
    package let notices: [CardNotice]
}

/// A ``FlowFailure`` as an error.
package struct FlowFailureError: Error, Hashable, Sendable {
    package let failure: FlowFailure

    init(_ failure: FlowFailure) { self.failure = failure }
}

/// Looks at a card without spending anything.
package struct CardInspector: Sendable {
    private let slot: any CardSlot
    private let clock: any TrustedClock
    private let rules: TerminalRules

    package init(slot: any CardSlot, clock: any TrustedClock, rules: TerminalRules = TerminalRules()) {
        (self.slot, self.clock, self.rules) = (slot, clock, rules)
    }

    package func inspect(within limit: Duration) async throws(FlowFailureError) -> CardInspection {
        let channel: any CardChannel
        do throws(CardChannelFailure) {
            channel = try await slot.connect(within: limit)
        } catch {
            throw FlowFailureError(FlowFailure(TerminalCode(error)))
        }
        let result = await inspect(channel)
        await channel.close()
        return try result.get()
    }

    private func inspect(_ channel: any CardChannel) async -> Result<CardInspection, FlowFailureError> {
        do throws(ProcedureFailure) {
            let runner = ProcedureRunner(channel)
            let reading = try await runner.run(CardProcedure(.recognition))
            let summary: CardSummary
            do throws(CardFault) {
                summary = try CardSummary(reading, rule: rules.faceCard)
            } catch {
                throw .card(error)
            }
            var certificate: Certificate?
            if summary.medium.hasFreeCertificate {
                let files = try await runner.run(CardProcedure(.freeCertificate)).files
                certificate = files[.authenticationCertificate].flatMap { try? Certificate(der: $0) }
            }
            let notice = certificate.flatMap {
                CardNotice(end: $0.notAfter, now: clock.reading().now, renewalWindow: rules.renewalWindow)
            }
            return .success(
                CardInspection(summary: summary, certificate: certificate, notices: notice.map { [$0] } ?? []))
        } catch {
            guard case .failure(let failure) = FlowEnd(error) else { return .failure(.init(FlowFailure(.removed))) }
            return .failure(FlowFailureError(failure))
        }
    }
}
