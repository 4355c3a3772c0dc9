/// A sealed record as it waits: nothing of it can be read here.
package struct WaitingRecord: Hashable, Sendable {
    package let sequence: UInt64
    /// DER.
    package let octets: [UInt8]

    package init(sequence: UInt64, octets: [UInt8]) { (self.sequence, self.octets) = (sequence, octets) }
}

/// What the platform says of one record.
package enum RecordReceipt: Hashable, Sendable {
    /// Reconciled, now or by an earlier hand-over; the outcome's code.
    case reconciled(String)
    /// For good: sending it again changes nothing. The reason's code.
    case refused(String)
    /// To be sent again.
    case later
}

/// The queue as the hand-over sees it.
package protocol WaitingRecords: Sendable {
    /// The oldest records, in their order.
    func waiting(limit: Int) async throws(QueueFailure) -> [WaitingRecord]
    /// Removes the records up to `sequence`, durably. Those of `refused` are kept aside.
    func remove(through sequence: UInt64, keeping refused: [WaitingRecord]) async throws(QueueFailure)
}

/// Hands records over; the same records again are the same hand-over.
package protocol RecordDelivery: Sendable {
    /// - Returns: a receipt for each record that the platform spoke of, by its number.
    func deliver(_ records: [WaitingRecord], purpose: String) async throws(GatewayFailure) -> [UInt64: RecordReceipt]
}

/// Why a hand-over ended early.
package enum SynchronizationFailure: Error, Hashable, Sendable {
    case queue(QueueFailure)
    case gateway(GatewayFailure)
}

/// What became of a queue.
package struct SynchronizationSummary: Hashable, Sendable {
    /// Records by outcome.
    package var outcomes: [String: Int] = [:]
    /// Records by the reason for which they were refused.
    package var refusals: [String: Int] = [:]
    /// Set when records are still waiting.
    package var failure: SynchronizationFailure?
    /// Whether the platform asked to send some again later.
    package var isPutOff = false

    package init() {}

    package var isComplete: Bool { failure == nil && !isPutOff }
}

/// Hands the waiting records over and removes what the platform has answered for, the oldest first.
///
/// It can be stopped at any point: what was handed over and not removed is handed over again, and the platform
/// answers it as a repetition.
package struct QueueSynchronization: Sendable {
    private let queue: any WaitingRecords
    private let delivery: any RecordDelivery
    private let purpose: String
    private let portion: Int

    /// - Parameter portion: records of one hand-over.
    package init(
        _ queue: any WaitingRecords, _ delivery: any RecordDelivery, purpose: String, portion: Int = 500
    ) {
        (self.queue, self.delivery, self.purpose, self.portion) = (queue, delivery, purpose, max(1, portion))
    }

    package func run() async -> SynchronizationSummary {
        var summary = SynchronizationSummary()
        do throws(SynchronizationFailure) {
            while try await handOver(&summary) {}
        } catch {
            summary.failure = error
        }
        return summary
    }

    /// - Returns: whether there may be more.
    private func handOver(_ summary: inout SynchronizationSummary) async throws(SynchronizationFailure) -> Bool {
        let records = try await queued { () async throws(QueueFailure) in try await queue.waiting(limit: portion) }
        guard !records.isEmpty else { return false }
        let receipts: [UInt64: RecordReceipt]
        do throws(GatewayFailure) {
            receipts = try await delivery.deliver(records, purpose: purpose)
        } catch {
            throw .gateway(error)
        }
        // Only an unbroken run from the oldest on: the queue is cut at one place.
        let answered = records.prefix { record in
            receipts[record.sequence].map { $0 != .later } ?? false
        }
        summary.isPutOff = answered.count < records.count
        guard let last = answered.last else { return false }
        var refused: [WaitingRecord] = []
        var (outcomes, refusals) = (summary.outcomes, summary.refusals)
        for record in answered {
            switch receipts[record.sequence] {
            case .reconciled(let outcome): outcomes[outcome, default: 0] += 1
            case .refused(let reason):
                refusals[reason, default: 0] += 1
                refused.append(record)
            case .later, nil: break
            }
        }
        let kept = refused
        try await queued { () async throws(QueueFailure) in
            try await queue.remove(through: last.sequence, keeping: kept)
        }
        (summary.outcomes, summary.refusals) = (outcomes, refusals)
        return !summary.isPutOff
    }

    private func queued<Value>(
        _ body: () async throws(QueueFailure) -> Value
    ) async throws(SynchronizationFailure) -> Value {
        do throws(QueueFailure) {
            return try await body()
        } catch {
            throw .queue(error)
        }
    }
}
