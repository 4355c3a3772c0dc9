internal import HTTPSupport
internal import Hummingbird
internal import LocalResponder

/// Answers only clients whose address lies in one of the networks; to all others the responder does not exist.
struct NetworkGate: RouterMiddleware {
    let networks: [NetworkPrefix]

    func handle(
        _ request: Request, context: PeerContext, next: (Request, PeerContext) async throws -> Response
    ) async throws -> Response {
        guard let address = context.peer.address, networks.contains(where: { $0.contains(address) }) else {
            throw Problem(.notFound)
        }
        return try await next(request, context)
    }
}
