internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import JPKIProfile
internal import NIOCore
internal import PKIX
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureValidation
internal import WireFormat

/// What changed between two lists of one source, for certificates that the municipality's own records have.
extension APICall {
    func listCRLChanges() async throws -> Response {
        let values = try query(["issuer_id", "source_id", "from_number", "to_number", "purpose"])
        func required(_ name: String) throws(Problem) -> String {
            guard let text = values[name], (1...WireLimit.identifier).contains(text.utf8.count) else {
                throw .argument(name, .missing, "is required, 1 to \(WireLimit.identifier) octets")
            }
            return text
        }
        let (from, to) = (try required("from_number"), try required("to_number"))
        let purpose = try required("purpose")
        guard let issuer = environment.facts().trust.issuer(id: try required("issuer_id")) else {
            throw Problem.argument("issuer_id", .notAllowed, "must be the id of a configured issuer")
        }
        let source = try source(of: issuer, named: values["source_id"])
        let older = try await list(from, of: source, "from_number")
        let newer = try await list(to, of: source, "to_number")
        let context = serviceContext
        let changes: [EnrolledChange]
        do throws(ListChangeReporter.Fault) {
            changes = try await environment.changes.changes(
                from: older, to: newer, issuer: issuer, purpose: purpose, context: context)
        } catch {
            throw Problem(changes: error)
        }
        return answer(CRLChangesBody(issuer.id, source.id, older, newer, changes))
    }

    private func answer(_ body: CRLChangesBody) -> Response {
        let accepted = request.headers[.accept]?.lowercased() ?? ""
        guard accepted.hasPrefix("text/csv") else { return json(body) }
        let headers: HTTPFields = [
            .contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "no-store",
        ]
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: body.csv)))
    }

    private func source(of issuer: Issuer, named id: String?) throws(Problem) -> CRLSource {
        let sources = environment.lists.current.sources.filter { $0.issuerID == issuer.id && $0.form == .complete }
        guard let id else {
            guard sources.count == 1, let only = sources.first else {
                throw .argument("source_id", .missing, "is required where an issuer has several sources")
            }
            return only
        }
        guard let source = sources.first(where: { $0.id == id }) else {
            throw .argument("source_id", .notAllowed, "must be the id of a configured source of the issuer")
        }
        return source
    }

    /// The list of that number, in force or archived.
    private func list(
        _ number: String, of source: CRLSource, _ name: String
    ) async throws(Problem) -> ListChangeReporter.Named {
        let current = environment.lists.current.lists(ofSource: source.id)
        if let held = current.first(where: { $0.crlNumber?.description == number && $0.scope.form == .complete }) {
            return .init(list: held.verified, id: held.id)
        }
        let archived = try await kept { () async throws(ListStoreError) in
            try await environment.archive.archived(ofSource: source.id)
        }
        let entry = archived.first { $0.entry.mark.crlNumber?.description == number }
        if let id = entry.map({ ListReference(digest: $0.entry.mark.digest).id }),
            let found = await environment.archive.archivedList(id)
        {
            return .init(list: found.verified, id: id)
        }
        throw .argument(name, .notAllowed, "must be the number of a list of the source, in force or archived")
    }
}

/// The answer of `GET /v1/crl_changes`.
struct CRLChangesBody: Codable, Hashable, Sendable {
    struct List: Codable, Hashable, Sendable {
        var id: String
        @ExplicitNull var crlNumber: String?
        var thisUpdate: String

        enum CodingKeys: String, CodingKey {
            case id
            case crlNumber = "crl_number"
            case thisUpdate = "this_update"
        }
    }

    struct Item: Codable, Hashable, Sendable {
        var serialNumber: String
        var change: String
        var revokedAt: String
        @ExplicitNull var revocationReason: String?
        /// The municipality's newest record of the certificate.
        var recordID: String
        var recordedAt: String

        enum CodingKeys: String, CodingKey {
            case change
            case serialNumber = "serial_number"
            case revokedAt = "revoked_at"
            case revocationReason = "revocation_reason"
            case recordID = "record_id"
            case recordedAt = "recorded_at"
        }
    }

    var issuerID: String
    var sourceID: String
    var from: List
    var to: List
    var items: [Item]

    enum CodingKeys: String, CodingKey {
        case from, to, items
        case issuerID = "issuer_id"
        case sourceID = "source_id"
    }

    init(
        _ issuerID: String,
        _ sourceID: String,
        _ older: ListChangeReporter.Named,
        _ newer: ListChangeReporter.Named,
        _ changes: [EnrolledChange]
    ) {
        self.issuerID = issuerID
        self.sourceID = sourceID
        (from, to) = (List(older), List(newer))
        items = changes.map { Item($0) }
    }

    /// RFC 4180: a header, a row a change. No field needs quotation marks.
    var csv: String {
        let header = "serial_number,change,revoked_at,revocation_reason,record_id,recorded_at\r\n"
        return items.reduce(into: header) { text, item in
            let fields = [
                item.serialNumber, item.change, item.revokedAt, item.revocationReason ?? "", item.recordID,
                item.recordedAt,
            ]
            text += fields.joined(separator: ",") + "\r\n"
        }
    }
}

extension CRLChangesBody.List {
    fileprivate init(_ named: ListChangeReporter.Named) {
        id = named.id
        crlNumber = named.list.list.crlNumber?.description
        thisUpdate = wireTime(named.list.list.thisUpdate)
    }
}

extension CRLChangesBody.Item {
    fileprivate init(_ found: EnrolledChange) {
        serialNumber = found.change.serialNumber.hex
        change = found.change.kind.rawValue
        revokedAt = wireTime(found.change.revokedAt)
        revocationReason = found.change.reason?.name
        recordID = found.certificate.recordID
        recordedAt = wireTime(found.certificate.checkedAt)
    }
}

extension Problem {
    fileprivate init(changes fault: ListChangeReporter.Fault) {
        switch fault {
        case .scopeMissing: self.init(.scopeMissing)
        case .purposeNotAllowed: self.init(.purposeNotAllowed)
        case .noList: self.init(.notFound)
        case .notComparable: self = .argument("to_number", .notAllowed, "must be of the same series as from_number")
        case .unavailable: self.init(.serviceNotReady, retryAfterSeconds: 5)
        }
    }
}
