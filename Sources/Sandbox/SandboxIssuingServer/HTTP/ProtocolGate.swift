internal import HTTPSupport
internal import Hummingbird
internal import PKIX

/// Lets the pinned clients in alone, says problems as the protocol does, and fails on demand.
struct ProtocolGate: RouterMiddleware {
    private let peers: PeerCache<[UInt8]>
    private let keys: Set<[UInt8]>
    private let faults: IssuingFaultBoard

    init(keys: Set<[UInt8]>, faults: IssuingFaultBoard) {
        (self.keys, self.faults) = (keys, faults)
        peers = PeerCache { der in (try? Certificate(der: der)).map { sha256(Array($0.subjectPublicKeyInfo.encoding)) }
        }
    }

    func handle(
        _ request: Request,
        context: PeerContext,
        next: (Request, PeerContext) async throws -> Response
    ) async throws -> Response {
        do {
            guard let key = await peers.identity(of: context.peer), keys.contains(key) else {
                throw IssuingProblem(.clientNotAuthenticated)
            }
            switch faults.current {
            case .hanging:
                while faults.current == .hanging { try await Task.sleep(for: .milliseconds(50)) }
                throw HTTPError(.serviceUnavailable)
            case .failing: return Response(status: .internalServerError)
            default: break
            }
            return try await next(request, context)
        } catch let problem as IssuingProblem {
            context.annotations.set("code", problem.code.rawValue)
            return problem.response
        }
    }
}
