internal import PKIX
internal import ServiceLifecycle
internal import Synchronization
package import Verification

/// How many answers of each outcome were given since the last look.
final class AnswerTally: Sendable {
    private let counts = Mutex<[LocalAnswer.Outcome: Int]>([:])

    func count(_ outcome: LocalAnswer.Outcome) { counts.withLock { $0[outcome, default: 0] += 1 } }

    /// The counts so far; counting begins anew.
    func take() -> [LocalAnswer.Outcome: Int] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
    }

    func giveBack(_ former: [LocalAnswer.Outcome: Int]) {
        counts.withLock { $0.merge(former, uniquingKeysWith: +) }
    }
}

/// Writes on the audit trail what the local responder has answered: one record an hour and one at the end.
///
/// An OCSP client is no person and its request names none, and relying software asks thousands of times a
/// day: what the trail must show is that the municipality answered from its lists, how often and with what result.
package struct ResponderAuditing: Service {
    let responder: OCSPResponder
    let records: any RecordStore
    let clock: any TrustedClock
    let identifiers: IdentifierSource
    private let interval: Duration

    package init(
        _ responder: OCSPResponder,
        records: any RecordStore,
        clock: any TrustedClock,
        randomness: any Randomness,
        interval: Duration = .seconds(3_600)
    ) {
        self.responder = responder
        self.records = records
        self.clock = clock
        self.interval = interval
        identifiers = IdentifierSource(randomness)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                if !Task.isCancelled { await record() }
            }
        }
        await record()
    }

    /// Appends the counts since the last record; nothing when nothing was asked. Counts that could not be
    /// recorded stand in the next record.
    func record() async {
        let counts = responder.tally.take()
        guard !counts.isEmpty else { return }
        let event = AuditEvent(
            kind: .localResponderAnswered, occurredAt: clock.reading().now,
            environment: responder.settings.environment, municipality: responder.settings.municipality,
            actor: "akashi", requestID: identifiers.next(.request), result: "answered",
            details: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, String($0.value)) }))
        do {
            try await records.append(event)
        } catch {
            responder.tally.giveBack(counts)
        }
    }
}
