internal import Foundation
internal import OutgoingHTTP

/// A bulk job as its owner watches it.
package struct StatusJob: Hashable, Sendable, Decodable {
    package struct Progress: Hashable, Sendable, Decodable {
        package let done: Int
        package let total: Int
        /// Nil when the platform cannot say.
        package let remainingSeconds: Int?

        enum CodingKeys: String, CodingKey {
            case done, total
            case remainingSeconds = "remaining_seconds"
        }
    }

    package let id: String
    /// `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    package let state: String
    package let progress: Progress
    /// Lines by status; `error` for those that could not be answered.
    package let counts: [String: Int]
    /// A code; nil unless the job failed.
    package let failure: String?

    package var isFinal: Bool { state != "queued" && state != "running" }
}

/// Bulk jobs: lines up, progress, items down, each in memory that does not grow with their number.
extension PlatformClient {
    private static let statusBatches = "/v1/status_batches"

    /// Makes a job of lines that come in pieces (NDJSON). Needs the scope `batch`.
    ///
    /// - Parameter seconds: for the upload as a whole.
    package func createStatusBatch<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces,
        purpose: String,
        policyID: String? = nil,
        within seconds: Duration = .seconds(3_600)
    ) async throws(PlatformError) -> StatusJob where Pieces.Element == [UInt8] {
        let request = OutgoingRequest(
            .post,
            url: baseURL + PlatformClient.statusBatches + query([("purpose", purpose), ("policy_id", policyID)]),
            headers: [("accept", "application/json"), ("content-type", "application/x-ndjson")])
        switch await client.exchange(
            request, uploading: pieces, within: seconds, maximumBody: PlatformClient.largestAnswer)
        {
        case .success(let response): return try PlatformAnswer(response).decoded(as: StatusJob.self)
        case .failure(let failure): throw .unreachable(failure)
        }
    }

    package func statusBatch(_ id: String) async throws(PlatformError) -> StatusJob {
        try await call(.get, "\(PlatformClient.statusBatches)/\(id.asPathSegment)").decoded(as: StatusJob.self)
    }

    package func deleteStatusBatch(_ id: String) async throws(PlatformError) {
        _ = try await call(.delete, "\(PlatformClient.statusBatches)/\(id.asPathSegment)")
    }

    /// The items of a job that has succeeded, as they arrive.
    ///
    /// - Parameters:
    ///   - accept: `application/x-ndjson` or `text/csv`.
    ///   - take: gets the pieces; false ends the transfer.
    /// - Returns: whether all of them were taken.
    package func statusBatchItems(
        _ id: String,
        accept: String,
        within seconds: Duration = .seconds(3_600),
        take: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws(PlatformError) -> Bool {
        let request = OutgoingRequest(
            .get, url: "\(baseURL)\(PlatformClient.statusBatches)/\(id.asPathSegment)/items",
            headers: [("accept", accept)])
        let receiver = ItemReceiver(take)
        switch await client.receive(request, within: seconds, pace: TransferPace(), into: receiver) {
        case .success(let end):
            if let refused = await receiver.refused { throw .unexpectedResponse(status: refused) }
            return end == .complete
        case .failure(let failure): throw .unreachable(failure)
        }
    }
}

/// Hands the pieces of an answer of 200 on.
private actor ItemReceiver: ResponseReceiver {
    private let hand: @Sendable ([UInt8]) async -> Bool
    /// The status when it was another one.
    private(set) var refused: Int?

    init(_ hand: @escaping @Sendable ([UInt8]) async -> Bool) { self.hand = hand }

    func begin(_ head: OutgoingHead) -> ReceptionWish {
        guard head.status != 200 else { return .goOn }
        refused = head.status
        return .stop
    }

    func take(_ piece: [UInt8]) async -> ReceptionWish { await hand(piece) ? .goOn : .stop }
}

// MARK: From the first line to the last item

extension PlatformClient {
    /// What became of ``statusAnswers(_:purpose:policyID:accept:progress:take:)``.
    package enum StatusEnd: Hashable, Sendable {
        /// Every item was handed on, and the job is deleted.
        case complete(StatusJob)
        /// The job has no items; see its state and failure.
        case withoutItems(StatusJob)
        /// The receiver wanted no more; the job is kept until its time is over.
        case stopped(StatusJob)
    }

    /// Makes a job, waits for it, hands its items on and deletes it.
    ///
    /// - Parameters:
    ///   - progress: told now and then how far the job is.
    ///   - take: see ``statusBatchItems(_:accept:within:take:)``.
    package func statusAnswers<Pieces: AsyncSequence & Sendable>(
        _ pieces: Pieces,
        purpose: String,
        policyID: String?,
        accept: String,
        progress: @Sendable (StatusJob) -> Void,
        take: @escaping @Sendable ([UInt8]) async -> Bool
    ) async throws(PlatformError) -> StatusEnd where Pieces.Element == [UInt8] {
        var job = try await createStatusBatch(pieces, purpose: purpose, policyID: policyID)
        var pause = 20
        while !job.isFinal {
            progress(job)
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, 1_000)
            job = try await statusBatch(job.id)
        }
        guard job.state == "succeeded" else { return .withoutItems(job) }
        guard try await statusBatchItems(job.id, accept: accept, take: take) else { return .stopped(job) }
        try await deleteStatusBatch(job.id)
        return .complete(job)
    }
}
