/// One request to a server outside.
package struct OutgoingRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: String
    package var headers: [(name: String, value: String)]
    /// Nil sends none.
    package var body: [UInt8]?

    package init(
        _ method: Method = .get,
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
    }
}

/// A whole response within the caller's size.
package struct OutgoingResponse: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// The first field of this name, compared without case (RFC 9110 §5.1).
    package func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The media type without its parameters, in lower case; nil when the field is absent.
    package var mediaType: String? {
        header("content-type")?.split(separator: ";").first.map { String($0.trimmingSpaces).lowercased() }
    }
}

/// Why there is no whole response.
package enum OutgoingFailure: String, Error, Hashable, Sendable {
    /// No http or https URL with a host and without user information.
    case badURL
    /// No connection, a broken one, or one that ended before the response did.
    case connectionFailed
    /// The deadline passed, or the peer was silent for longer than the idle limit.
    case timedOut
    /// The body came, but slower than the caller waits for.
    case tooSlow
    /// More octets than the caller takes.
    case tooLarge
    /// The calling task was cancelled.
    case cancelled
}

/// Durations and sizes of outgoing connections.
package struct OutgoingLimits: Hashable, Sendable {
    package var connect: Duration
    /// The longest silence while a response is due.
    package var idle: Duration
    /// Connections to one host at a time; further requests queue within their deadlines.
    package var connectionsPerHost: Int

    package init(
        connect: Duration = .seconds(5),
        idle: Duration = .seconds(10),
        connectionsPerHost: Int = 16
    ) {
        (self.connect, self.idle, self.connectionsPerHost) = (connect, idle, max(connectionsPerHost, 1))
    }
}

extension Substring {
    /// Without spaces and tabs at both ends.
    fileprivate var trimmingSpaces: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
