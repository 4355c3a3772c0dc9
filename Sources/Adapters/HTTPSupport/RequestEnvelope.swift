internal import HTTPTypes
package import Hummingbird
internal import Logging

/// The outermost middleware: the request's id, one log line a request, and the one mapping of errors to problems.
///
/// Logged are the route's template, the status and the duration; never a path, a query, a body or an error's text.
package struct RequestEnvelope<Context: PeerRequestContext>: RouterMiddleware {
    private let routes: RouteTable
    private let messages: @Sendable (ProblemCode) -> [String: String]

    /// - Parameter messages: the sentences for people of each code.
    package init(routes: RouteTable, messages: @escaping @Sendable (ProblemCode) -> [String: String] = { _ in [:] }) {
        (self.routes, self.messages) = (routes, messages)
    }

    package func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = problem(of: error, request: request, context: context)
            response = problem.response(requestID: context.requestID, messages: messages(problem.code))
            if problem.endsConnection { response = closing(response, context.peer) }
        }
        response.headers[.requestID] = context.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        let elapsed = ContinuousClock.now - start
        let metadata: Logger.Metadata = [
            "method": .string(request.method.isRegistered ? request.method.rawValue : "OTHER"),
            "route": .string(context.endpointPath ?? "none"),
            "status": .stringConvertible(response.status.code),
            "duration_ms": .stringConvertible(elapsed / .milliseconds(1)),
        ]
        context.logger.info("request", metadata: metadata.merging(context.annotations.all) { own, _ in own })
        return response
    }

    private func problem(of error: any Error, request: Request, context: Context) -> Problem {
        if let problem = error as? Problem { return problem }
        if let failure = error as? any HTTPResponseError {
            switch failure.status {
            case .notFound:
                let methods = routes.methods(at: request.uri.path)
                return methods.isEmpty ? Problem(.notFound) : Problem(.methodNotAllowed, allowedMethods: methods)
            case .contentTooLarge: return Problem(.requestTooLarge)
            case .badRequest: return Problem(.invalidArgument)
            default: break
            }
        }
        if error is CancellationError { return Problem(.serviceNotReady) }
        // The type alone: an error's text may carry what came with the request.
        context.logger.error("request_failed", metadata: ["error_type": .string(String(describing: type(of: error)))])
        return Problem(.internalError)
    }

    /// The rest of an unread body is not waited for.
    private func closing(_ response: Response, _ peer: Peer) -> Response {
        var response = response
        response.headers[.connection] = "close"
        guard case .channel(let channel) = peer else { return response }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            channel.close(promise: nil)
        }
        return response
    }
}

extension Problem {
    /// After these the request's body may still be on its way, or the other end has no business here any more.
    var endsConnection: Bool {
        [.clientCertificateRevoked, .requestTooLarge, .crlTooLarge, .batchTooLarge, .requestTimeout].contains(code)
    }
}

extension HTTPRequest.Method {
    var isRegistered: Bool { [.get, .head, .post, .put, .delete, .patch, .options, .connect, .trace].contains(self) }
}

extension HTTPField.Name {
    static var requestID: Self { HTTPField.Name(parsed: "Akashi-Request-Id") }
    static var xContentTypeOptions: Self { HTTPField.Name(parsed: "X-Content-Type-Options") }

    /// A name that is known to be a token; falls back to one that is.
    private init(parsed name: String) { self = HTTPField.Name(name) ?? .via }
}
