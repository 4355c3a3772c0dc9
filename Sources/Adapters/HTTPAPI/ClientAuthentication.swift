internal import DeviceEnrolment
internal import HTTPSupport
internal import Hummingbird
internal import Logging
internal import Organizations
internal import PKIX
internal import Verification

/// Tells who asks, from the client certificate, before anything else of a request is looked at.
///
/// What the certificate says is kept with its connection. Whether it still opens
/// anything is asked for each request: its dates, the state of the client or device, the municipality's validity.
struct ClientAuthentication: RouterMiddleware {
    typealias Context = APIContext

    private let environment: APIEnvironment

    init(_ environment: APIEnvironment) { self.environment = environment }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        guard let identity = await environment.connections.identities.identity(of: context.peer) else {
            throw Problem(.clientNotAuthenticated)
        }
        let requester = try await requester(identity, context)
        context.keyDigest = identity.presented.keyDigest
        context.requester = requester
        context.annotations.set("municipality_code", requester.municipality.digits)
        context.annotations.set("actor", requester.actor)
        return try await next(request, context)
    }

    private func requester(_ identity: ClientIdentity, _ context: APIContext) async throws(Problem) -> Requester {
        let now = environment.clock.reading().now
        guard identity.notBefore <= now, now <= identity.notAfter else { throw Problem(.clientNotAuthenticated) }
        if let device = try await device(identity, at: now, context) { return device }
        do throws(ClientRefusal) {
            return try environment.facts().directory.requester(presenting: identity.presented, at: now)
        } catch {
            throw refused(error, context)
        }
    }

    /// The terminal of an enrolled device; nil when the key is no device's.
    private func device(
        _ identity: ClientIdentity, at now: ValidationTime, _ context: APIContext
    ) async throws(Problem) -> Requester? {
        do throws(PresentationRefusal) {
            return try await environment.devices?.registry.requester(
                presenting: identity.presented.keyDigest, at: now, requestID: context.requestID)
        } catch {
            switch error {
            case .client(let refusal): throw refused(refusal, context)
            case .registerUnavailable:
                context.logger.error("device_register_unavailable")
                throw Problem(.serviceNotReady, retryAfterSeconds: 5)
            }
        }
    }

    private func refused(_ refusal: ClientRefusal, _ context: APIContext) -> Problem {
        context.logger.warning("client_refused", metadata: ["reason": .string(String(describing: refusal))])
        return switch refusal {
        case .unknown: Problem(.clientNotAuthenticated)
        case .revoked: Problem(.clientCertificateRevoked)
        case .municipalityNotInForce: Problem(.municipalityNotInForce)
        }
    }
}
