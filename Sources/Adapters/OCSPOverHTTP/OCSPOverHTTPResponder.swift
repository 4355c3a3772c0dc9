internal import Metrics
package import OutgoingHTTP
internal import PKIX
internal import Synchronization
package import Verification

/// Asks responders over HTTP (RFC 6960 Appendix A), each behind a circuit breaker of its own.
///
/// Whether an answer says anything is the core's question; here it only has to
/// be a 200 of the right media type within deadline and size.
package final class OCSPOverHTTPResponder: StatusResponder {
    private let client: OutgoingHTTPClient
    private let settings: OCSPClientSettings
    private let breakers = Mutex<[String: CircuitBreaker]>([:])
    private let started = ContinuousClock.now

    package init(client: OutgoingHTTPClient, settings: OCSPClientSettings = OCSPClientSettings()) {
        (self.client, self.settings) = (client, settings)
    }

    package func ask(_ request: [UInt8], at url: String) async -> OCSPExchange {
        guard let (permit, use) = permit(for: url) else { return finish(.failure(.breakerOpen), url) }
        switch use {
        case .ordinary: return finish(await exchange(request, url, permit), url)
        case .probe: return finish(await probe(request, url, permit), url)
        }
    }

    private enum Use {
        case ordinary
        /// Finds out whether the responder answers again.
        case probe
    }

    /// Whoever's question is the probe waits no longer than a moment for a responder that is probably still away; the
    /// probe itself goes on, and its outcome counts.
    private func probe(_ request: [UInt8], _ url: String, _ permit: CircuitBreaker.Permit) async -> OCSPExchange {
        await withCheckedContinuation { continuation in
            let waiting = Waiting(continuation)
            Task { waiting.end(with: await self.exchange(request, url, permit)) }
            Task {
                try? await Task.sleep(for: settings.probePatience)
                waiting.end(with: .failure(.breakerOpen))
            }
        }
    }

    private func exchange(
        _ request: [UInt8],
        _ url: String,
        _ permit: CircuitBreaker.Permit
    ) async -> OCSPExchange {
        let begun = ContinuousClock.now
        let exchange = await send(request, to: url)
        let elapsed = begun.duration(to: .now)
        let outcome: CircuitBreaker.Outcome =
            switch exchange {
            case .response: .succeeded
            // The caller's giving up says nothing of the responder.
            case .failure: Task.isCancelled ? .abandoned : .failed
            }
        record(outcome, for: permit, url)
        if outcome != .abandoned { Timer(label: "akashi_ocsp_latency_seconds").record(duration: elapsed) }
        return exchange
    }

    /// The breaker's state for a responder, for operators.
    package func breakerState(of url: String) -> CircuitBreaker.State {
        breakers.withLock { $0[url]?.state ?? .closed }
    }

    private func send(_ request: [UInt8], to url: String) async -> OCSPExchange {
        let message = OCSPOverHTTPResponder.message(request, to: url, settings.smallRequests)
        let end = ContinuousClock.now + settings.deadline
        var result = await client.exchange(
            message, within: settings.deadline, maximumBody: settings.maximumResponse)
        if case .failure(.connectionFailed) = result {
            // A pooled connection may have died unseen; the question changes nothing, so it may be asked again.
            result = await client.exchange(
                message, within: ContinuousClock.now.duration(to: end), maximumBody: settings.maximumResponse)
        }
        switch result {
        case .failure(.timedOut), .failure(.tooSlow), .failure(.cancelled): return .failure(.timedOut)
        case .failure(.tooLarge): return .failure(.tooLarge)
        case .failure(.badURL): return .failure(.notConfigured)
        case .failure(.connectionFailed): return .failure(.connectionFailed)
        case .success(let response):
            guard response.status == 200 else { return .failure(.httpStatus) }
            // RFC 6960 §A.2
            guard response.mediaType == "application/ocsp-response" else { return .failure(.wrongMediaType) }
            return .response(response.body)
        }
    }

    /// The request as RFC 6960 §A.1 puts it into HTTP.
    static func message(
        _ request: [UInt8],
        to url: String,
        _ small: OCSPClientSettings.SmallRequests
    ) -> OutgoingRequest {
        let accept = (name: "accept", value: "application/ocsp-response")
        let target = (url.hasSuffix("/") ? url : url + "/") + percentEncoded(base64(request))
        if small == .get, !url.contains("?"), target.utf8.count <= 255 {
            return OutgoingRequest(url: target, headers: [accept])
        }
        return OutgoingRequest(
            .post, url: url, headers: [("content-type", "application/ocsp-request"), accept], body: request)
    }

    /// Base64 in a path: its three characters that mean something in URLs.
    private static func percentEncoded(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "+": result += "%2B"
            case "/": result += "%2F"
            case "=": result += "%3D"
            default: result.append(character)
            }
        }
    }
}

extension OCSPOverHTTPResponder {
    private func permit(for url: String) -> (CircuitBreaker.Permit, Use)? {
        let now = started.duration(to: .now)
        let (permit, state) = breakers.withLock { breakers in
            let permit = breakers[url, default: CircuitBreaker(settings.breaker)].permit(at: now)
            return (permit, breakers[url]?.state ?? .closed)
        }
        publish(state, url)
        return permit.map { ($0, state == .halfOpen ? .probe : .ordinary) }
    }

    private func record(_ outcome: CircuitBreaker.Outcome, for permit: CircuitBreaker.Permit, _ url: String) {
        let now = started.duration(to: .now)
        let state = breakers.withLock { breakers in
            breakers[url, default: CircuitBreaker(settings.breaker)]
                .record(outcome, for: permit, at: now, jitter: .random(in: 0..<1))
            return breakers[url]?.state ?? .closed
        }
        publish(state, url)
    }

    /// 0 closed, 1 half-open, 2 open.
    private func publish(_ state: CircuitBreaker.State, _ url: String) {
        let value =
            switch state {
            case .closed: 0
            case .halfOpen: 1
            case .open: 2
            }
        Gauge(label: "akashi_upstream_breaker_state", dimensions: [("upstream", url)]).record(value)
    }

    private func finish(_ exchange: OCSPExchange, _ url: String) -> OCSPExchange {
        let result =
            switch exchange {
            case .response: "response"
            case .failure(let failure): failure.rawValue
            }
        Counter(label: "akashi_ocsp_requests_total", dimensions: [("result", result), ("upstream", url)]).increment()
        return exchange
    }
}

/// A caller that is answered once, by whoever is first.
private final class Waiting: Sendable {
    private let continuation: Mutex<CheckedContinuation<OCSPExchange, Never>?>

    init(_ continuation: CheckedContinuation<OCSPExchange, Never>) { self.continuation = Mutex(continuation) }

    func end(with exchange: OCSPExchange) {
        let first = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        first?.resume(returning: exchange)
    }
}
