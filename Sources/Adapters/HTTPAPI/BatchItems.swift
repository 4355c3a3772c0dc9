internal import BatchStatus
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PKIX
internal import WireFormat

/// The items of a finished job, streamed from their file.
extension APICall {
    func getBatchItems(_ kind: BatchKind) async throws -> Response {
        _ = try query([])
        let (id, context) = (try identifier("id"), serviceContext)
        guard let form = ItemForm(accept: request.headers[.accept]) else { throw Problem(.notAcceptable) }
        let result = try await batchProblems { () async throws(BatchError) in
            try await environment.batches.result(id, kind: kind, context: context)
        }
        if form == .csv {
            let headers: HTTPFields = [
                .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
            ]
            return Response(status: .ok, headers: headers, body: rows(result))
        }
        let tag = "\"\(result.digest.hexString.lowercased())\""
        var headers: HTTPFields = [
            .eTag: tag, .cacheControl: "private, no-cache", .acceptRanges: "bytes",
            .contentType: "application/x-ndjson",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        guard isSame, let text = request.headers[.range] else {
            return Response(status: .ok, headers: headers, body: stream(result, 0..<result.octets))
        }
        switch ByteRange(text, of: result.octets) {
        case .ignored: return Response(status: .ok, headers: headers, body: stream(result, 0..<result.octets))
        case .unsatisfiable: throw Problem(.rangeNotSatisfiable)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(result.octets)"
            return Response(status: .partialContent, headers: headers, body: stream(result, range))
        }
    }

    /// The same items as rows, written while they are read.
    private func rows(_ result: BatchResult) -> ResponseBody {
        ResponseBody { writer in
            let isStatus = result.job.kind == .status
            var rows = BatchCSVWriter(
                columns: isStatus ? BatchCSVWriter.statusColumns : BatchCSVWriter.verificationColumns)
            try await writer.write(ByteBuffer(bytes: rows.header))
            var offset: Int64 = 0
            while offset < result.octets {
                let octets = try await result.read(from: offset, count: 65_536)
                guard !octets.isEmpty else { throw Problem(.internalError) }
                try await writer.write(ByteBuffer(bytes: rows.rows(octets)))
                offset += Int64(octets.count)
            }
            try await writer.finish(nil)
        }
    }

    /// The client's pace is the pace of the reading.
    private func stream(_ result: BatchResult, _ range: Range<Int64>) -> ResponseBody {
        ResponseBody(contentLength: Int(range.count)) { writer in
            var offset = range.lowerBound
            while offset < range.upperBound {
                let count = Int(min(range.upperBound - offset, 131_072))
                let octets = try await result.read(from: offset, count: count)
                guard octets.count == count else { throw Problem(.internalError) }
                try await writer.write(ByteBuffer(bytes: octets))
                offset += Int64(count)
            }
            try await writer.finish(nil)
        }
    }
}

/// How items are wanted.
enum ItemForm: Hashable {
    case lines
    case csv

    /// The first form that a client names; lines of JSON when it takes anything. Nil when it takes neither.
    init?(accept: String?) {
        let ranges = (accept ?? "*/*").split(separator: ",").map { range in
            range.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() } ?? ""
        }
        let lines = ["*/*", "application/*", "application/x-ndjson", "application/jsonl", "application/ndjson"]
        for range in ranges {
            if lines.contains(range) {
                self = .lines
                return
            }
            if range == "text/csv" || range == "text/*" {
                self = .csv
                return
            }
        }
        return nil
    }
}

/// One range of octets (RFC 9110 §14.1.2). Several are answered with the whole.
enum ByteRange: Hashable {
    case ignored
    case unsatisfiable
    case part(Range<Int64>)

    init(_ text: String, of size: Int64) {
        guard text.hasPrefix("bytes="), !text.contains(",") else {
            self = .ignored
            return
        }
        let bounds = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = bounds.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && $0.utf8.count <= 18 }
        guard bounds.count == 2, isPlain, !(bounds[0].isEmpty && bounds[1].isEmpty) else {
            self = .ignored
            return
        }
        let last = Int64(bounds[1])
        guard let first = Int64(bounds[0]) else {
            // The last octets of the result.
            let length = min(last ?? 0, size)
            self = length > 0 ? .part((size - length)..<size) : .unsatisfiable
            return
        }
        if let last, last < first {
            self = .ignored
        } else {
            self = first < size ? .part(first..<min((last ?? size - 1) + 1, size)) : .unsatisfiable
        }
    }
}
