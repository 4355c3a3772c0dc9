internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// How much of a request's body is read, and for how long.
package struct BodyLimits: Hashable, Sendable {
    /// Octets.
    package var maximumSize: Int
    /// From the first read to the last.
    package var deadline: Duration

    package init(maximumSize: Int = 1_048_576, deadline: Duration = .seconds(10)) {
        (self.maximumSize, self.deadline) = (maximumSize, deadline)
    }
}

extension Request {
    /// The whole body, within `limits`.
    ///
    /// - Throws: `request_too_large` or `request_timeout`; both end the connection.
    package func octets(within limits: BodyLimits) async throws -> [UInt8] {
        if let text = headers[.contentLength], let length = Int(text), length > limits.maximumSize {
            throw Problem(.requestTooLarge)
        }
        let body = self.body
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await body.octets(upTo: limits.maximumSize) }
            group.addTask {
                try await Task.sleep(for: limits.deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let octets = first else { throw Problem(.requestTimeout) }
            return octets
        }
    }
}

extension Request {
    /// Whether the body is said to be the fields of a form (WHATWG URL §5.1).
    package var holdsForm: Bool {
        headers[.contentType]?.utf8.starts(with: "application/x-www-form-urlencoded".utf8) == true
    }
}

extension Request {
    /// Hands the body on piece by piece as it arrives, within `limits`.
    ///
    /// - Parameter excess: the problem of a body that is too large.
    package func stream(
        within limits: BodyLimits,
        excess: ProblemCode,
        _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        if let text = headers[.contentLength], let length = Int(text), length > limits.maximumSize {
            throw Problem(excess)
        }
        let body = self.body
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                var count = 0
                for try await var buffer in body {
                    count += buffer.readableBytes
                    guard count <= limits.maximumSize else { throw Problem(excess) }
                    try await take(buffer.readBytes(length: buffer.readableBytes) ?? [])
                }
                return true
            }
            group.addTask {
                try await Task.sleep(for: limits.deadline)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == true else { throw Problem(.requestTimeout) }
        }
    }
}

extension RequestBody {
    fileprivate func octets(upTo limit: Int) async throws -> [UInt8] {
        var octets: [UInt8] = []
        for try await var buffer in self {
            guard octets.count + buffer.readableBytes <= limit else { throw Problem(.requestTooLarge) }
            octets += buffer.readBytes(length: buffer.readableBytes) ?? []
        }
        return octets
    }
}
