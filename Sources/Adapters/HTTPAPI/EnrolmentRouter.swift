package import DeviceEnrolment
package import HTTPSupport
internal import HTTPTypes
package import Hummingbird
package import MessageCatalogue
internal import Synchronization
internal import WireFormat

/// The one route of the enrolment listener, `POST /v1/device_enrolments`: for devices that have no certificate yet.
///
/// Tries are counted by address and for all together before anything is read.
package func enrolmentRouter(
    _ registry: DeviceRegistry,
    catalogue: MessageStore,
    limits: TryLimits = TryLimits()
) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    let composer = AnswerComposer(catalogue: catalogue)
    let path = "/v1/device_enrolments"
    router.add(
        middleware: RequestEnvelope(routes: RouteTable([.init(.post, path)])) { composer.messages($0) })
    let counter = TryCounter(limits)
    router.post(RouterPath(path)) { request, context in
        if let wait = counter.refuses(context.peer.address ?? "", at: .now) {
            throw Problem(.rateLimited, retryAfterSeconds: wait)
        }
        let media = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard media == "application/json", request.headers[.contentEncoding] == nil else {
            throw Problem(.unsupportedMediaType)
        }
        let octets = try await request.octets(within: BodyLimits(maximumSize: 16_384, deadline: .seconds(10)))
        let body = try decoded { () throws(RequestRefusal) in try EnrolmentRequestBody(json: octets) }
        let requestID = context.requestID
        let made = try await deviceProblems { () async throws(DeviceError) in
            try await registry.enrol(code: body.code, request: body.request, requestID: requestID)
        }
        return json(DeviceCredentialsBody(made), status: .created)
    }
    return router
}

/// How many enrolments may be tried.
package struct TryLimits: Hashable, Sendable {
    /// From one address within a minute.
    package var fromOneAddress: Int
    /// From everywhere within a minute.
    package var altogether: Int

    package init(fromOneAddress: Int = 10, altogether: Int = 100) {
        (self.fromOneAddress, self.altogether) = (fromOneAddress, altogether)
    }
}

/// Counts tries within the last minute.
final class TryCounter: Sendable {
    private struct Tries {
        var byAddress: [String: Int] = [:]
        var all = 0
        var since = ContinuousClock.now
    }

    private let limits: TryLimits
    private let tries = Mutex(Tries())

    init(_ limits: TryLimits) { self.limits = limits }

    /// Counts a try.
    ///
    /// - Returns: seconds to wait when it is one too many.
    func refuses(_ address: String, at now: ContinuousClock.Instant) -> Int? {
        tries.withLock { tries in
            if now - tries.since >= .seconds(60) { tries = Tries(since: now) }
            // The number of addresses that are remembered is bounded by the number of tries.
            let own = tries.byAddress[address] ?? 0
            guard own < limits.fromOneAddress, tries.all < limits.altogether else {
                return max(1, 60 - Int((now - tries.since).components.seconds))
            }
            tries.byAddress[address] = own + 1
            tries.all += 1
            return nil
        }
    }
}
