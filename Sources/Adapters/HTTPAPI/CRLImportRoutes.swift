internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import PKIX
internal import RevocationUpdating
internal import SignatureValidation
internal import Verification
internal import WireFormat

/// Lists that operators bring, and those that two of them put in force.
extension APICall {
    /// How long the octets of a list may take to arrive.
    private static let importDeadline = Duration.seconds(900)

    /// Takes a list from the body, by way of a file, under the same rules as a fetched one.
    func importCRL() async throws -> Response {
        let sourceID = try query(["source_id"])["source_id"]
        let media = request.headers[.contentType]?.split(separator: ";").first?.trimmed.lowercased()
        guard media == "application/pkix-crl", request.headers[.contentEncoding] == nil else {
            throw Problem(.unsupportedMediaType)
        }
        let list = try await uploaded(to: sourceID)
        let result: ListImport
        do throws(RevocationUpdater.UpdateError) {
            result = try await environment.lists.importList(list, to: sourceID, by: cause)
        } catch {
            throw APICall.unknownSource
        }
        if case .notRecorded = result.outcome { throw Problem(.serviceNotReady, retryAfterSeconds: 5) }
        if case .refused(.tooLarge) = result.outcome { throw Problem(.crlTooLarge) }
        return try await answer(to: result)
    }

    private static var unknownSource: Problem {
        .argument("source_id", .notAllowed, "must be the id of a configured source")
    }

    private func uploaded(to sourceID: String?) async throws -> FetchedList {
        let limit: Int
        do throws(RevocationUpdater.UpdateError) {
            limit = try await environment.lists.largestImport(to: sourceID)
        } catch {
            throw APICall.unknownSource
        }
        let writer = try await kept { () async throws(ListStoreError) in try await environment.imports.begin() }
        let limits = BodyLimits(maximumSize: limit, deadline: APICall.importDeadline)
        do {
            try await request.stream(within: limits, excess: .crlTooLarge) { try await writer.append($0) }
        } catch is ListStoreError {
            throw Problem(.serviceNotReady, retryAfterSeconds: 5)
        }
        return try await kept { () async throws(ListStoreError) in try await writer.finish() }
    }

    private func answer(to result: ListImport) async throws -> Response {
        let id = ListReference(digest: result.digest).id
        let crl = try await shown(id)
        let body = ImportedCRLBody(outcome: result.outcome.code, sourceID: result.sourceID, crl: crl)
        guard case .activated = result.outcome else { return json(body) }
        return json(body, status: .created, headers: [.location: "/v1/crls/\(id)"])
    }

    /// A list in force or pending, as `GET /v1/crls` shows it.
    private func shown(_ id: String) async throws -> CRLBody? {
        let now = environment.clock.reading().now
        let statuses = await environment.lists.statuses()
        func status(_ sourceID: String) -> SourceStatus? { statuses.first { $0.source.id == sourceID } }
        if let list = environment.lists.current.lists.first(where: { $0.id == id }) {
            return status(list.sourceID).map { CRLBody(list, $0, at: now) }
        }
        guard let list = try await pendingLists().first(where: { $0.id == id }) else { return nil }
        return status(list.sourceID).map { CRLBody(pending: list, $0, at: now) }
    }

    /// Proposes a pending list, or, as the second operator, puts it in force.
    func acceptCRL() async throws -> Response {
        let id = try identifier("crl_id")
        let octets = try await jsonBody()
        let text = try decoded { () throws(RequestRefusal) in try AcceptanceRequestBody(json: octets).reason }
        guard let reason = AcceptanceReason(text) else {
            throw Problem.argument(
                "/reason", .outOfRange,
                "must be 1 to \(AcceptanceReason.longest) characters with a word and no control characters")
        }
        do throws(AcceptanceRefusal) {
            let acceptance = try await environment.lists.accept(id, reason, by: cause)
            guard let crl = try? await shown(id) else { throw .notRecorded }
            switch acceptance {
            case .proposed: return json(AcceptanceBody(outcome: "proposed", crl: crl), status: .accepted)
            case .inForce: return json(AcceptanceBody(outcome: "activated", crl: crl))
            }
        } catch {
            throw Problem(acceptance: error)
        }
    }
}

extension Problem {
    fileprivate init(acceptance refusal: AcceptanceRefusal) {
        switch refusal {
        case .notPending: self.init(.notFound)
        case .secondPersonRequired: self.init(.secondPersonRequired)
        case .notAcceptable(let reason): self.init(.crlNotAcceptable, detail: reason.rawValue)
        case .notRecorded: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }
}
