import BatchStatus
import ConfigurationFiles
import CounterService
import DeviceEnrolment
import HTTPAPI
import HTTPSupport
import LocalResponder
import LocalResponderHTTP
import Logging
import Observability
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SQLiteStore
import ServiceLifecycle
import SystemClock
import Verification

extension Platform {
    /// The services of the process, in the order of their start; they stop in the opposite order, so that the
    /// listeners finish what they have begun before anything beneath them goes.
    func services(onListening: @escaping @Sendable (Listening) async -> Void) throws -> [any Service] {
        let current = configuration.current
        let limits = ListenerLimits(
            idleTimeoutSeconds: current.limits.idleSeconds, maximumConnections: current.limits.connections,
            maximumHeaderSize: current.limits.headerSize)
        let api = current.listeners.api
        let admin = try listener(
            adminRouter(readiness: readiness, metrics: { [metrics] in metrics.text() }),
            at: current.listeners.admin.address, identity: nil, limits: limits, logger: logger
        ) { await onListening(.admin(port: $0)) }
        let main = try listener(
            apiRouter(apiEnvironment()), at: .tcp(host: api.address, port: api.port),
            identity: ServerIdentity(
                certificateChain: api.certificateChain, privateKey: api.privateKey,
                clientAuthorities: api.clientAuthorities,
                ownAuthorities: devices.map { [$0.authorityCertificate.der] } ?? []),
            limits: limits, logger: logger
        ) { await onListening(.api(port: $0)) }
        let responders = try current.localResponders.flatMap { listener in
            try localResponder(listener, limits, onListening: onListening)
        }
        var services: [any Service] = [
            Housekeeping(platform: self), ListUpdating(platform: self), batches.engine,
            NetworkWatch(updater: updater, logger: logger), admin, main,
        ]
        services += responders
        services += try enrolment(limits, onListening: onListening)
        services += try staffPages(limits, onListening: onListening)
        if let engine = counter?.engine ?? counterKeeping { services.append(engine) }
        if let sweeper = forms.flatMap({ FormSweeper($0, logger: logger) }) { services.append(sweeper) }
        return services
    }

    private func enrolment(
        _ limits: ListenerLimits,
        onListening: @escaping @Sendable (Listening) async -> Void
    ) throws -> [any Service] {
        guard let devices, let settings = configuration.current.devices else { return [] }
        let api = configuration.current.listeners.api
        let server = try listener(
            enrolmentRouter(devices, catalogue: catalogue), at: .tcp(host: settings.address, port: settings.port),
            identity: ServerIdentity(withoutClientCertificates: api.certificateChain, privateKey: api.privateKey),
            limits: limits, logger: logger
        ) { await onListening(.enrolment(port: $0)) }
        return [DeviceWatch(registry: devices, connections: connections), server]
    }

    private func localResponder(
        _ listener: LocalResponderListener,
        _ limits: ListenerLimits,
        onListening: @escaping @Sendable (Listening) async -> Void
    ) throws -> [any Service] {
        let responder = try OCSPResponder(listener, of: self)
        let server = try HTTPSupport.listener(
            localResponderRouter(
                responder, networks: listener.networks, lists: listFace(of: listener, responder)),
            at: .tcp(host: listener.address, port: listener.port), identity: nil, limits: limits, logger: logger
        ) { await onListening(.localResponder(listener.municipality, port: $0)) }
        let auditing = ResponderAuditing(responder, records: store, clock: clock, randomness: SystemRandomness())
        return [auditing, server]
    }

    /// The lists that a local responder gives as files; nil when the configuration names none.
    private func listFace(of listener: LocalResponderListener, _ responder: OCSPResponder) -> ListFace? {
        guard !listener.lists.isEmpty else { return nil }
        let holder = updater.holder
        return ListFace(sourceIDs: Set(listener.lists), responder: responder) { issuerID, sourceID in
            let lists = holder.current.lists(ofSource: sourceID)
            return lists.first { $0.issuerID == issuerID && $0.scope.form == .complete }.map { list in
                ServedList(octets: list.verified.list.octets, digest: list.digest, thisUpdate: list.thisUpdate)
            }
        }
    }

    enum Listening: Sendable {
        case localResponder(MunicipalityCode, port: Int?)
        case api(port: Int?)
        case admin(port: Int?)
        case enrolment(port: Int?)
        case staffPages(port: Int?)
    }

    /// Ready when the clock is trusted and every configured list is in force and within its time.
    @Sendable func readiness() async -> Readiness {
        var reasons: [String] = []
        let reading = clock.reading()
        if reading.trust != .trusted { reasons.append("clock_untrusted") }
        let set = updater.holder.current
        reasons += set.missingSources.map { "crl_missing:\($0.id)" }
        reasons += set.lists.filter { $0.scope.form == .complete && $0.state(at: reading.now) != .active }.map {
            "crl_past_policy:\($0.sourceID)"
        }
        return reasons.isEmpty ? .ready : .notReady(reasons)
    }

    /// An act of the platform itself on the audit trail.
    func note(_ kind: AuditEvent.Kind, details: [String: String] = [:]) async throws {
        try await store.append(
            AuditEvent(
                kind: kind, occurredAt: clock.reading().now, environment: configuration.current.environment,
                municipality: nil, actor: "akashi", requestID: IdentifierSource(SystemRandomness()).next(.request),
                details: details))
    }
}

extension AdminListenerSettings {
    var address: ListenerAddress {
        switch self {
        case .loopback(let address, let port): .tcp(host: address, port: port)
        case .unixSocket(let path): .unixSocket(path: path)
        }
    }
}
