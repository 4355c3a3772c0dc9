internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureValidation
internal import Verification
internal import WireFormat

/// The revocation store: which lists are in force, waiting or archived, and how old they are.
extension APICall {
    /// Lists in force, pending ones and sources without a list; on demand the archive of one source.
    func listCRLs() async throws -> Response {
        let values = try query(["state", "source_id"])
        let state = try values["state"].map { text throws(Problem) in
            guard let state = CRLState(rawValue: text) else {
                let states = CRLState.allCases.map(\.rawValue).joined(separator: ", ")
                throw .argument("state", .notAllowed, "must be one of \(states)")
            }
            return state
        }
        let statuses = await environment.lists.statuses()
        if let id = values["source_id"], !statuses.contains(where: { $0.source.id == id }) {
            throw Problem.argument("source_id", .notAllowed, "must be the id of a configured source")
        }
        if state == .superseded { return try await listArchive(statuses, values["source_id"]) }
        let wanted = statuses.filter { status in values["source_id"].map { $0 == status.source.id } ?? true }
        let items = try await items(wanted)
        return json(CollectionBody(items: items.filter { item in state.map { $0.rawValue == item.state } ?? true }))
    }

    private func items(_ statuses: [SourceStatus]) async throws -> [CRLBody] {
        let now = environment.clock.reading().now
        let set = environment.lists.current
        let pending = Dictionary(grouping: try await pendingLists(), by: \.sourceID)
        return statuses.flatMap { status -> [CRLBody] in
            let lists = set.lists(ofSource: status.source.id)
            let held = lists.isEmpty ? [CRLBody(missing: status)] : lists.map { CRLBody($0, status, at: now) }
            return held + (pending[status.source.id] ?? []).map { CRLBody(pending: $0, status, at: now) }
        }
    }

    private func listArchive(_ statuses: [SourceStatus], _ sourceID: String?) async throws -> Response {
        guard let status = statuses.first(where: { $0.source.id == sourceID }) else {
            throw Problem.argument("source_id", .missing, "is required for the archive")
        }
        let now = environment.clock.reading().now
        let archived = try await kept { () async throws(ListStoreError) in
            try await environment.archive.archived(ofSource: status.source.id)
        }
        return json(CollectionBody(items: archived.map { CRLBody(archived: $0, nil, status, at: now) }))
    }

    /// The lists that wait for operators. What operators think of them is not for every client.
    func pendingLists() async throws(Problem) -> [PendingList] {
        guard !requester.scopes.isDisjoint(with: [.crlAdmin, .auditRead]) else { return [] }
        return try await kept { () async throws(ListStoreError) in try await environment.lists.pendingLists() }
    }

    /// One list, in force, pending or archived: what is known of it, or, for those who tend the store, the list itself.
    func getCRL() async throws -> Response {
        let id = try identifier("crl_id")
        _ = try query([])
        if let list = environment.lists.current.lists.first(where: { $0.id == id }) {
            return try await answer(list.sourceID, list.digest, { CRLBody(list, $0, at: $1) }) {
                list.verified.list.octets
            }
        }
        if let list = try await pendingLists().first(where: { $0.id == id }) {
            return try await answer(list.sourceID, list.mark.digest, { CRLBody(pending: list, $0, at: $1) }) {
                () async throws(ListStoreError) in try await environment.lists.octets(ofPending: list)
            }
        }
        guard let list = await environment.archive.archivedList(id) else { throw Problem(.notFound) }
        let entry = list.entry.entry
        return try await answer(
            entry.sourceID, entry.mark.digest, { CRLBody(archived: list.entry, list.verified, $0, at: $1) }
        ) { list.verified.list.octets }
    }

    private func answer(
        _ sourceID: String,
        _ digest: [UInt8],
        _ body: (SourceStatus, ValidationTime) -> CRLBody,
        _ octets: () async throws(ListStoreError) -> StoredOctets
    ) async throws -> Response {
        guard wantsDER else {
            guard let status = await environment.lists.statuses().first(where: { $0.source.id == sourceID })
            else { throw Problem(.notFound) }
            return json(body(status, environment.clock.reading().now))
        }
        // Revocation data is for checks, and is not passed on (公的個人認証法 Art. 52).
        try await require([.crlAdmin])
        let tag = "\"\(digest.hexString.lowercased())\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        if request.headers[.ifNoneMatch]?.split(separator: ",").contains(where: { $0.trimmed == tag }) == true {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "application/pkix-crl"
        return Response(status: .ok, headers: headers, body: streamed(try await kept(octets)))
    }

    private var wantsDER: Bool {
        let accepted = request.headers[.accept]?.split(separator: ",") ?? []
        return accepted.contains { $0.split(separator: ";").first?.trimmed.lowercased() == "application/pkix-crl" }
    }

    /// Asks one source, or every source, now. The answer tells what came of each.
    func refreshCRLs() async throws -> Response {
        let octets = try await jsonBody()
        let sourceID = try decoded { () throws(RequestRefusal) in try RefreshRequestBody(json: octets).sourceID }
        var outcomes: [SourceOutcome]
        if let sourceID {
            do throws(RevocationUpdater.UpdateError) {
                outcomes = [try await environment.lists.refreshSource(sourceID, by: cause)]
            } catch {
                throw Problem.argument("/source_id", .notAllowed, "must be the id of a configured source")
            }
        } else {
            outcomes = await environment.lists.refreshAllSources(by: cause)
        }
        return json(CollectionBody(items: outcomes.map { RefreshBody($0) }))
    }

    /// This client as the cause of a change of lists.
    var cause: UpdateCause { .operatorRequest(actor: requester.actor, requestID: context.requestID) }

    /// What the list store says; when it cannot, the service is not ready.
    func kept<Value>(_ body: () async throws(ListStoreError) -> Value) async throws(Problem) -> Value {
        do throws(ListStoreError) {
            return try await body()
        } catch {
            throw Problem(.serviceNotReady, retryAfterSeconds: 5)
        }
    }
}

/// Octets in pieces, so that a nation's list is never whole in memory.
private func streamed(_ octets: StoredOctets) -> ResponseBody {
    ResponseBody(contentLength: octets.count) { writer in
        var offset = 0
        while offset < octets.count {
            let range = offset..<min(offset + 262_144, octets.count)
            try await writer.write(ByteBuffer(bytes: octets.copy(range)))
            octets.discard(range)
            offset = range.upperBound
        }
        try await writer.finish(nil)
    }
}

extension Substring {
    var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
