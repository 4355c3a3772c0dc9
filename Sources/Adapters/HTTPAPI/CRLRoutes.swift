internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Organizations
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import Verification
internal import WireFormat

/// The revocation store: which lists are in force, and how old they are.
extension APICall {
    func listCRLs() async throws -> Response {
        _ = try query([])
        let now = environment.clock.reading().now
        let statuses = await environment.lists.statuses()
        let set = environment.lists.current
        let items = statuses.flatMap { status -> [CRLBody] in
            let lists = set.lists(ofSource: status.source.id)
            return lists.isEmpty ? [CRLBody(missing: status)] : lists.map { CRLBody($0, status, at: now) }
        }
        return json(CollectionBody(items: items))
    }

    /// One list: what is known of it, or, for those who tend the store, the list itself.
    func getCRL() async throws -> Response {
        let id = try identifier("crl_id")
        _ = try query([])
        let set = environment.lists.current
        guard let list = set.lists.first(where: { $0.id == id }) else { throw Problem(.notFound) }
        guard wantsDER else {
            let now = environment.clock.reading().now
            guard let status = await environment.lists.statuses().first(where: { $0.source.id == list.sourceID })
            else { throw Problem(.notFound) }
            return json(CRLBody(list, status, at: now))
        }
        // Revocation data is for checks, and is not passed on (公的個人認証法 Art. 52).
        try await require([.crlAdmin])
        let tag = "\"\(list.digest.hexString.lowercased())\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        if request.headers[.ifNoneMatch]?.split(separator: ",").contains(where: { $0.trimmed == tag }) == true {
            return Response(status: .notModified, headers: headers)
        }
        return octets(list.verified.list.der, type: "application/pkix-crl", headers: headers)
    }

    private var wantsDER: Bool {
        let accepted = request.headers[.accept]?.split(separator: ",") ?? []
        return accepted.contains { $0.split(separator: ";").first?.trimmed.lowercased() == "application/pkix-crl" }
    }

    /// Asks one source, or every source, now. The answer tells what came of each.
    func refreshCRLs() async throws -> Response {
        let octets = try await jsonBody()
        let sourceID = try decoded { () throws(RequestRefusal) in try RefreshRequestBody(json: octets).sourceID }
        let cause = UpdateCause.operatorRequest(actor: requester.actor, requestID: context.requestID)
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
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
