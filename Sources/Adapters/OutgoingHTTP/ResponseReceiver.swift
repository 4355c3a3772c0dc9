/// The status and the fields of a response whose body comes in pieces.
package struct OutgoingHead: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]

    package init(status: Int, headers: [(name: String, value: String)]) {
        (self.status, self.headers) = (status, headers)
    }

    /// The first field of this name, compared without case (RFC 9110 §5.1).
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// Octets of the body as declared; nil without a well-formed Content-Length.
    package var contentLength: Int? { header("content-length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }
}

/// Whether a receiver goes on.
package enum ReceptionWish: Hashable, Sendable {
    case goOn
    /// The rest is not wanted; the connection is given up.
    case stop
}

/// Takes a response while it arrives. Calls come one after the other; the next piece is read from the
/// network when the former one is taken.
package protocol ResponseReceiver: Sendable {
    /// Called once, before the body.
    func begin(_ head: OutgoingHead) async -> ReceptionWish
    /// The next octets of the body, never none.
    func take(_ piece: [UInt8]) async -> ReceptionWish
}

/// How a response that was received in pieces ended.
package enum ReceptionEnd: Hashable, Sendable {
    /// The body ended where the response says that it does.
    case complete
    /// The receiver wanted no more.
    case stopped
}

/// The slowest body that is waited for.
package struct TransferPace: Hashable, Sendable {
    /// Octets that must come in each window.
    package var octets: Int
    package var window: Duration
    /// From the request to the end of the response's head: queueing and connecting included.
    package var head: Duration

    package init(octets: Int = 16_384, window: Duration = .seconds(20), head: Duration = .seconds(30)) {
        (self.octets, self.window, self.head) = (octets, window, head)
    }
}
