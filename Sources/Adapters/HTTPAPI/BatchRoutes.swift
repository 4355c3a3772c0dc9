internal import BatchStatus
internal import Gzip
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import Verification
internal import WireFormat

/// Bulk jobs: made from a stream, watched, cancelled, deleted. Their items are in `BatchItems.swift`.
extension APICall {
    /// Takes the lines as they come and answers once they and the job are durable.
    func createBatch(_ kind: BatchKind) async throws -> Response {
        let format = try batchFormat()
        let values = try query(["purpose", "policy_id"])
        guard let purpose = values["purpose"], (1...WireLimit.identifier).contains(purpose.utf8.count) else {
            throw Problem.argument("purpose", .missing, "is required, 1 to \(WireLimit.identifier) octets")
        }
        let order = BatchService.Order(
            kind: kind, format: format, purpose: purpose,
            policyID: try policy(values["policy_id"], purpose: purpose), idempotencyKey: try idempotencyKeyText())
        let context = serviceContext
        let reception = try await batchProblems { () async throws(BatchError) in
            try await environment.batches.receive(order, context: context)
        }
        let made: (job: BatchService.Snapshot, isReplayed: Bool)
        do {
            made = try await received(by: reception)
        } catch {
            await reception.abandon()
            throw error
        }
        var headers: HTTPFields = [.location: "\(kind.path)/\(made.job.job.id)", .retryAfter: "1"]
        if made.isReplayed { headers[.idempotentReplayed] = "true" }
        return json(BatchBody(made.job), status: .accepted, headers: headers)
    }

    private func received(by reception: BatchReception) async throws -> (BatchService.Snapshot, Bool) {
        let inflation = request.headers[.contentEncoding] == nil ? nil : try GzipInflation()
        // Each piece is on its way to the disk before the next one is read: a fast client waits.
        for try await var buffer in request.body {
            let octets = buffer.readBytes(length: buffer.readableBytes) ?? []
            guard let inflation else {
                try await batchProblems { () async throws(BatchError) in try await reception.append(octets) }
                continue
            }
            var rest = octets[...]
            while let piece = try inflated(&rest, by: inflation) {
                try await batchProblems { () async throws(BatchError) in try await reception.append(piece) }
            }
        }
        guard inflation?.isComplete ?? true else { throw Problem(batch: .invalidEncoding) }
        return try await batchProblems { () async throws(BatchError) in try await reception.finish() }
    }

    private func inflated(_ rest: inout ArraySlice<UInt8>, by inflation: GzipInflation) throws(Problem) -> [UInt8]? {
        do throws(GzipInflation.Fault) {
            return try inflation.next(&rest)
        } catch {
            throw Problem(batch: .invalidEncoding)
        }
    }

    private func batchFormat() throws(Problem) -> BatchFormat {
        let media = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        let encoding = request.headers[.contentEncoding]?.lowercased()
        guard encoding == nil || encoding == "gzip" else { throw Problem(.unsupportedMediaType) }
        switch media {
        case "application/x-ndjson", "application/jsonl", "application/ndjson": return .ndjson
        case "text/csv": return .csv
        default: throw Problem(.unsupportedMediaType)
        }
    }

    func getBatch(_ kind: BatchKind) async throws -> Response {
        _ = try query([])
        let (id, context) = (try identifier("id"), serviceContext)
        let found = try await batchProblems { () async throws(BatchError) in
            try await environment.batches.job(id, kind: kind, context: context)
        }
        let headers: HTTPFields = found.job.state.isFinal ? [:] : [.retryAfter: "1"]
        return json(BatchBody(found), headers: headers)
    }

    func cancelBatch(_ kind: BatchKind) async throws -> Response {
        _ = try query([])
        let (id, context) = (try identifier("id"), serviceContext)
        let found = try await batchProblems { () async throws(BatchError) in
            try await environment.batches.cancel(id, kind: kind, context: context)
        }
        return json(BatchBody(found))
    }

    func deleteBatch(_ kind: BatchKind) async throws -> Response {
        _ = try query([])
        let (id, context) = (try identifier("id"), serviceContext)
        try await batchProblems { () async throws(BatchError) in
            try await environment.batches.delete(id, kind: kind, context: context)
        }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    func listBatches(_ kind: BatchKind) async throws -> Response {
        let values = try query(["page_size", "page_token"])
        let size = try pageSize(values["page_size"])
        let filters = ["batch", kind.rawValue, requester.municipality.digits]
        var position: String?
        if let token = values["page_token"] {
            position = environment.pageTokens.position(in: token, for: filters)
            guard position != nil else {
                throw Problem.argument("page_token", .notAllowed, "must be a token of this list")
            }
        }
        let (after, context) = (position, serviceContext)
        let found = try await batchProblems { () async throws(BatchError) in
            try await environment.batches.jobs(kind, limit: size + 1, after: after, context: context)
        }
        let shown = found.prefix(size)
        let next = found.count > size ? shown.last.map { $0.job.id } : nil
        return json(
            PageBody(
                items: shown.map { BatchBody($0, listing: .digestAlone) },
                nextPageToken: next.map { environment.pageTokens.token(for: filters, after: $0) }))
    }
}

extension BatchKind {
    var path: String {
        switch self {
        case .status: "/v1/status_batches"
        case .verification: "/v1/verification_batches"
        }
    }
}

/// Runs a call about bulk jobs; its refusals become problems.
func batchProblems<Value>(_ body: () async throws(BatchError) -> Value) async throws(Problem) -> Value {
    do throws(BatchError) {
        return try await body()
    } catch {
        throw Problem(batch: error)
    }
}
