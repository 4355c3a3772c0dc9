internal import AsyncHTTPClient
internal import NIOCore
internal import Synchronization

/// How far a request got, for those who must not do a thing twice.
package enum RequestReach: Hashable, Sendable {
    /// No octet of the body left: the other end cannot have taken the request for whole.
    case nothingSent
    /// The body was handed to the connection, in part at least; it may have arrived.
    case mayHaveArrived
}

extension OutgoingHTTPClient {
    /// ``exchange(_:within:maximumBody:)`` for a request with a body, told with how far it got. Never throws.
    ///
    /// The body is asked for only once a connection stands and the head is on its way. When it never was, a request
    /// that declares a body's length cannot have been carried out.
    package func exchangeTellingReach(
        _ request: OutgoingRequest,
        within deadline: Duration,
        maximumBody: Int
    ) async -> (result: Result<OutgoingResponse, OutgoingFailure>, reach: RequestReach) {
        let body = request.body ?? []
        let pieces = ToldBody(octets: body)
        let result: Result<OutgoingResponse, OutgoingFailure>
        if OutgoingURL.isAcceptable(request.url) {
            var whole = request.clientRequest
            whole.body = .stream(pieces, length: .known(Int64(body.count)))
            let sent = whole
            result = await within(deadline) { end in await self.receive(sent, until: end, maximumBody: maximumBody) }
        } else {
            result = .failure(.badURL)
        }
        return (result, pieces.wasAsked ? .mayHaveArrived : .nothingSent)
    }
}

/// A body in one piece that knows whether it was asked for.
private final class ToldBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let octets: [UInt8]
    private let asked = Atomic(false)

    init(octets: [UInt8]) { self.octets = octets }

    var wasAsked: Bool { asked.load(ordering: .acquiring) }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: ToldBody
        private var isAtEnd = false

        init(body: ToldBody) { self.body = body }

        mutating func next() async -> ByteBuffer? {
            guard !isAtEnd else { return nil }
            isAtEnd = true
            body.asked.store(true, ordering: .releasing)
            return ByteBuffer(bytes: body.octets)
        }
    }
}
