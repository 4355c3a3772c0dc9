internal import HTTPSupport
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import Verification
internal import WireFormat

/// The lists of a municipality's own records, a page at a time.
extension APICall {
    func listVerifications() async throws -> Response {
        let (answers, next) = try await page(.verification)
        return json(PageBody(items: answers.map { $0.presented(as: Presentation()) }, nextPageToken: next))
    }

    func listStatusChecks() async throws -> Response {
        let (answers, next) = try await page(.statusCheck)
        let items = answers.map {
            StatusCheckBody($0.presented(as: Presentation()), validityCheck: .included)
        }
        return json(PageBody(items: items, nextPageToken: next))
    }

    private func page(_ kind: VerificationRecord.Kind) async throws -> (answers: [AnswerBody], next: String?) {
        let values = try query(["page_size", "page_token", "created_since", "created_until"])
        let size = try pageSize(values["page_size"])
        // One more than a page tells whether there is another.
        var query = RecordQuery(kind: kind, municipality: requester.municipality, limit: min(size + 1, 1_000))
        query.createdSince = try time(values["created_since"], "created_since")
        query.createdUntil = try time(values["created_until"], "created_until")
        if let token = values["page_token"] {
            guard let position = environment.pageTokens.position(in: token, for: query) else {
                throw Problem.argument("page_token", .notAllowed, "must be a token of this list")
            }
            query.after = position
        }
        let asked = query
        let records = try await problems { () async throws(ServiceError) in
            try await environment.useCases.records(asked, context: serviceContext)
        }
        let shown = records.prefix(size)
        // A full page of the largest size may be the last one; then the next page is empty.
        let isMore = records.count > size || (size == 1_000 && records.count == size)
        let next = isMore ? shown.last.map { environment.pageTokens.token(for: asked, after: $0.id) } : nil
        return (try shown.map { try AnswerBody(json: $0.body) }, next)
    }

    func pageSize(_ text: String?) throws(Problem) -> Int {
        guard let text else { return 100 }
        guard let size = Int(text), (1...1_000).contains(size) else {
            throw .argument("page_size", .outOfRange, "must be 1 to 1000")
        }
        return size
    }

    private func time(_ text: String?, _ name: String) throws(Problem) -> ValidationTime? {
        guard let text else { return nil }
        // `+` of an offset may have been decoded to a space.
        guard let time = ValidationTime(rfc3339: text.replacing(" ", with: "+")) else {
            throw .argument(name, .malformedTime, "must be an RFC 3339 time with offset")
        }
        return time
    }
}
