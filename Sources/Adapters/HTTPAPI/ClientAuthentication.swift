internal import HTTPSupport
internal import Hummingbird
internal import Logging
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
internal import Verification

/// Tells who asks, from the client certificate, before anything else of a request is looked at.
///
/// What the certificate says is kept with its connection. Whether it still opens
/// anything is asked for each request: its dates, the client's state, the municipality's validity.
struct ClientAuthentication: RouterMiddleware {
    typealias Context = APIContext

    private struct Identity: Sendable {
        let presented: PresentedCertificate
        let notBefore: ValidationTime
        let notAfter: ValidationTime
    }

    private let environment: APIEnvironment
    private let identities: PeerCache<Identity>

    init(_ environment: APIEnvironment) {
        self.environment = environment
        identities = PeerCache { der in ClientAuthentication.identity(der) }
    }

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let requester = try await requester(context)
        context.requester = requester
        context.annotations.set("municipality_code", requester.municipality.digits)
        context.annotations.set("actor", requester.actor)
        return try await next(request, context)
    }

    private func requester(_ context: APIContext) async throws(Problem) -> Requester {
        guard let identity = await identities.identity(of: context.peer) else {
            throw Problem(.clientNotAuthenticated)
        }
        let now = environment.clock.reading().now
        guard identity.notBefore <= now, now <= identity.notAfter else { throw Problem(.clientNotAuthenticated) }
        do throws(ClientRefusal) {
            return try environment.facts().directory.requester(presenting: identity.presented, at: now)
        } catch {
            context.logger.warning("client_refused", metadata: ["reason": .string(String(describing: error))])
            switch error {
            case .unknown: throw Problem(.clientNotAuthenticated)
            case .revoked: throw Problem(.clientCertificateRevoked)
            case .municipalityNotInForce: throw Problem(.municipalityNotInForce)
            }
        }
    }

    private static func identity(_ der: [UInt8]) -> Identity? {
        guard let certificate = try? Certificate(der: der) else { return nil }
        let names = certificate.extensions.subjectAltName?.compactMap { name -> String? in
            switch name {
            case .dNSName(let text), .uniformResourceIdentifier(let text): text
            default: nil
            }
        }
        let key = HashAlgorithm.sha256.digest(of: certificate.subjectPublicKeyInfo.encoding)
        return Identity(
            presented: PresentedCertificate(keyDigest: key, names: Set(names ?? [])),
            notBefore: certificate.notBefore, notAfter: certificate.notAfter)
    }
}
