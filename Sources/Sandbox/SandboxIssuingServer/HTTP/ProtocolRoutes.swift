internal import CounterApplications
internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import PKIX
internal import WireFormat

/// The protocol between centre and issuing server, as docs/issuing-server.md has it.
struct ProtocolRoutes: Sendable {
    let office: IssuingOffice
    let municipality: RegisterMunicipality
    /// SHA-256 of the public keys of clients that are let in.
    let clientKeys: Set<[UInt8]>

    static let table = RouteTable([
        .init(.post, "/v1/resident_lookups"), .init(.put, "/v1/certificate_requests/{id}"),
        .init(.get, "/v1/certificate_requests/{id}"), .init(.get, "/v1/certificate_requests/{id}/document"),
        .init(.post, "/v1/certificate_requests/{id}/cancel"),
    ])

    private static let bodyLimits = BodyLimits(maximumSize: IssuingLimit.message, deadline: .seconds(10))

    var router: Router<PeerContext> {
        let router = Router(context: PeerContext.self)
        router.add(middleware: RequestEnvelope(routes: ProtocolRoutes.table))
        router.add(middleware: ProtocolGate(keys: clientKeys, faults: office.faults))
        router.post("/v1/resident_lookups") { request, _ in try await lookUp(request) }
        router.put("/v1/certificate_requests/:id") { request, context in
            try await create(try context.parameters.require("id"), request)
        }
        router.get("/v1/certificate_requests/:id") { request, context in
            try await state(try context.parameters.require("id"), request)
        }
        router.get("/v1/certificate_requests/:id/document") { _, context in
            try document(try context.parameters.require("id"))
        }
        router.post("/v1/certificate_requests/:id/cancel") { request, context in
            try await cancel(try context.parameters.require("id"), request)
        }
        return router
    }

    // MARK: Resources

    private func lookUp(_ request: Request) async throws -> Response {
        let question = try await read(request) { json throws(RequestRefusal) in
            try ResidentLookupRequestBody(json: json)
        }
        guard question.municipality.digits == municipality.code else { throw IssuingProblem(.wrongMunicipality) }
        let outcome = await office.registers.answer(to: question)
        return jsonResponse(
            ResidentLookupAnswerBody(
                requestID: question.requestID, municipality: question.municipality, outcome: outcome))
    }

    private func create(_ id: String, _ request: Request) async throws -> Response {
        let order = try await read(request) { json throws(RequestRefusal) in
            try CertificateRequestBody(json: json).request
        }
        guard order.requestID == id else {
            throw IssuingProblem(
                .invalidArgument,
                faults: [RequestFault(pointer: "/request_id", code: .conflict, detail: "must be the path's id")])
        }
        guard order.municipality.digits == municipality.code else { throw IssuingProblem(.wrongMunicipality) }
        let wait = try waitSeconds(request)
        var status = HTTPResponse.Status.ok
        switch office.ledger.accept(order) {
        case .created:
            status = .created
            // The work outlives the connection: whoever asked may come back for it.
            Task { await office.carryOut(order) }
        case .known: break
        case .conflict: throw IssuingProblem(.requestConflict)
        case .cancelled: throw IssuingProblem(.requestCancelled)
        case .full: throw IssuingProblem(.rateLimited)
        }
        return try await answer(id, wait, status)
    }

    private func state(_ id: String, _ request: Request) async throws -> Response {
        guard IssuingLimit.isIdentifier(id) else { throw IssuingProblem(.requestNotFound) }
        return try await answer(id, try waitSeconds(request), .ok)
    }

    private func answer(_ id: String, _ wait: Int, _ status: HTTPResponse.Status) async throws -> Response {
        guard await office.ledger.settled(id, within: .seconds(wait)) != nil else {
            throw IssuingProblem(.requestNotFound)
        }
        var other = office.answering(id)
        if office.ledger.entry(other)?.isAtWork == true { other = id }
        guard let entry = office.ledger.entry(other) else { throw IssuingProblem(.requestNotFound) }
        return jsonResponse(body(other, entry), status: status)
    }

    private func document(_ id: String) throws -> Response {
        let id = office.answering(id)
        guard let entry = office.ledger.entry(id) else { throw IssuingProblem(.requestNotFound) }
        switch entry.state {
        case .accepted, .refused: throw IssuingProblem(.requestNotIssued)
        case .cancelled: throw IssuingProblem(.requestCancelled)
        case .withdrawn: throw IssuingProblem(.documentWithdrawn)
        case .issued(let document):
            office.ledger.noteFetched(id)
            var headers: HTTPFields = [.contentType: "application/pdf", .cacheControl: "no-store"]
            // RFC 9530
            headers[.reprDigest] = "sha-256=:\(base64(document.description.digest)):"
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.pdf)))
        }
    }

    private func cancel(_ id: String, _ request: Request) async throws -> Response {
        guard IssuingLimit.isIdentifier(id) else { throw IssuingProblem(.requestNotFound) }
        _ = try await read(request) { json throws(RequestRefusal) in try CancellationBody(json: json) }
        guard let entry = office.ledger.cancel(id) else { throw IssuingProblem(.rateLimited) }
        return jsonResponse(body(id, entry))
    }

    // MARK: Bodies

    private func body(_ id: String, _ entry: RequestLedger.Entry) -> CertificateRequestStateBody? {
        guard let code = MunicipalityCode(municipality.code) else { return nil }
        let binding = entry.request.map {
            CertificateRequestStateBody.Binding(orderDigest: $0.orderDigest, controlNumber: $0.controlNumber)
        }
        var (state, document, refusal): (IssuingState, IssuedDocumentBody?, IssuerRefusal?) = (.accepted, nil, nil)
        switch entry.state {
        case .accepted: break
        case .issued(let made): (state, document) = (.issued, made.description)
        case .withdrawn(let made): (state, document) = (.issued, made)
        case .refused(let code): (state, refusal) = (.refused, code)
        case .cancelled: state = .cancelled
        }
        return CertificateRequestStateBody(
            requestID: id, municipality: code, state: state, binding: binding, document: document, refusal: refusal)
    }

    private func read<Body>(
        _ request: Request,
        _ decode: ([UInt8]) throws(RequestRefusal) -> Body
    ) async throws -> Body {
        let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init)
        guard type?.lowercased() == "application/json" else { throw IssuingProblem(.unsupportedMediaType) }
        let octets = try await request.octets(within: ProtocolRoutes.bodyLimits)
        do throws(RequestRefusal) {
            return try decode(octets)
        } catch {
            throw IssuingProblem(.invalidArgument, faults: Array(error.faults.prefix(20)))
        }
    }

    private func waitSeconds(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters.get("wait_seconds") else { return 0 }
        guard let seconds = Int(text), (0...IssuingLimit.longestWait).contains(seconds) else {
            throw IssuingProblem(.invalidArgument)
        }
        return seconds
    }
}

extension HTTPField.Name {
    fileprivate static var reprDigest: Self { HTTPField.Name("Repr-Digest") ?? .via }
}
