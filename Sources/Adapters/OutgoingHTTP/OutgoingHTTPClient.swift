internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
package import NIOSSL

/// Requests with a deadline over the whole exchange, a size limit while
/// streaming, no redirects, no cookies and no content decoding.
///
/// The deadline holds for connecting, queueing, head and body together, so that
/// a peer that drips octets cannot hold an exchange open.
package final class OutgoingHTTPClient: Sendable {
    let client: HTTPClient

    /// - Parameter tls: nil trusts the system's anchors and presents no certificate.
    package init(limits: OutgoingLimits = OutgoingLimits(), tls: TLSConfiguration? = nil) {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: limits.connect.timeAmount, read: limits.idle.timeAmount),
            connectionPool: .init(
                idleTimeout: .seconds(30), concurrentHTTP1ConnectionsPerHostSoftLimit: limits.connectionsPerHost),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        // A failed connection is the caller's evidence at once, not something to try until the deadline.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// A client that believes servers under these authorities alone.
    ///
    /// - Parameter authorities: the path of a PEM file.
    /// - Throws: when it cannot be read or holds no certificate.
    package convenience init(trusting authorities: String, limits: OutgoingLimits = OutgoingLimits()) throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
        self.init(limits: limits, tls: tls)
    }

    /// The whole response, or why there is none. Never throws.
    ///
    /// - Parameters:
    ///   - deadline: for the exchange as a whole.
    ///   - maximumBody: octets; one more fails with ``OutgoingFailure/tooLarge``.
    package func exchange(
        _ request: OutgoingRequest,
        within deadline: Duration,
        maximumBody: Int
    ) async -> Result<OutgoingResponse, OutgoingFailure> {
        guard OutgoingURL.isAcceptable(request.url) else { return .failure(.badURL) }
        return await within(deadline) { end in
            await self.receive(request.clientRequest, until: end, maximumBody: maximumBody)
        }
    }

    /// What `body` gives, or ``OutgoingFailure/timedOut`` once the deadline has passed.
    func within(
        _ deadline: Duration,
        _ body: @escaping @Sendable (NIODeadline) async -> Result<OutgoingResponse, OutgoingFailure>
    ) async -> Result<OutgoingResponse, OutgoingFailure> {
        let end = NIODeadline.now() + deadline.timeAmount
        return await withTaskGroup { group -> Result<OutgoingResponse, OutgoingFailure> in
            group.addTask { await body(end) }
            group.addTask {
                try? await Task.sleep(for: deadline)
                return .failure(Task.isCancelled ? .cancelled : .timedOut)
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
    }

    /// The same for a request whose body comes in pieces: memory for one of them, whatever the body's size.
    ///
    /// - Parameter pieces: an error that it throws ends the exchange with ``OutgoingFailure/connectionFailed``.
    package func exchange<Pieces: AsyncSequence & Sendable>(
        _ request: OutgoingRequest,
        uploading pieces: Pieces,
        within deadline: Duration,
        maximumBody: Int
    ) async -> Result<OutgoingResponse, OutgoingFailure> where Pieces.Element == [UInt8] {
        guard OutgoingURL.isAcceptable(request.url) else { return .failure(.badURL) }
        let end = NIODeadline.now() + deadline.timeAmount
        var whole = request.clientRequest
        whole.body = .stream(pieces.map { ByteBuffer(bytes: $0) }, length: .unknown)
        return await receive(whole, until: end, maximumBody: maximumBody)
    }

    /// Closes idle connections and fails requests that are under way.
    package func shutdown() async {
        // A second shutdown is the only error there is here, and changes nothing.
        try? await client.shutdown()
    }

    func receive(
        _ request: HTTPClientRequest,
        until deadline: NIODeadline,
        maximumBody: Int
    ) async -> Result<OutgoingResponse, OutgoingFailure> {
        do {
            let response = try await client.execute(request, deadline: deadline)
            let declared = response.headers.first(name: "content-length").flatMap { Int($0) }
            if let declared, declared > maximumBody { return .failure(.tooLarge) }
            var body: [UInt8] = []
            body.reserveCapacity(min(declared ?? 0, maximumBody))
            for try await part in response.body {
                guard part.readableBytes <= maximumBody - body.count else { return .failure(.tooLarge) }
                body.append(contentsOf: part.readableBytesView)
            }
            // A cancelled iteration ends like a whole body does.
            if Task.isCancelled { return .failure(.cancelled) }
            let headers = response.headers.map { (name: $0.name, value: $0.value) }
            return .success(OutgoingResponse(status: Int(response.status.code), headers: headers, body: body))
        } catch {
            return .failure(OutgoingFailure(error))
        }
    }
}

extension OutgoingRequest {
    var clientRequest: HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method.rawValue)
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        if let body { request.body = .bytes(body) }
        return request
    }
}

extension OutgoingFailure {
    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError where OutgoingFailure.timeouts.contains(error): self = .timedOut
        case let error as HTTPClientError where error == .cancelled: self = .cancelled
        case let error as ChannelError:
            if case .connectTimeout = error { self = .timedOut } else { self = .connectionFailed }
        default: self = .connectionFailed
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .readTimeout, .writeTimeout, .connectTimeout, .deadlineExceeded, .tlsHandshakeTimeout,
        .getConnectionFromPoolTimeout,
    ]
}

extension Duration {
    var timeAmount: TimeAmount {
        let (seconds, attoseconds) = components
        return .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
