import NIOCore
import NIOPosix

/// What a client sent.
struct RawRequest: Sendable {
    let method: String
    let target: String
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]
}

/// What a server does next, octet for octet: faults included.
enum RawStep: Sendable {
    case send([UInt8])
    case pause(Duration)
    /// The octets again and again until the client goes.
    case endlessly([UInt8], pause: Duration)
}

extension RawStep {
    /// A well-formed response that closes the connection.
    static func response(
        _ status: String = "200 OK",
        headers: [String] = [],
        body: [UInt8] = [],
        length: Int? = nil
    ) -> RawStep {
        let head =
            ["HTTP/1.1 \(status)", "connection: close", "content-length: \(length ?? body.count)"] + headers
            + ["", ""]
        return .send(Array(head.joined(separator: "\r\n").utf8) + body)
    }
}

/// A server on 127.0.0.1 for the time of `body`; every connection is gone when it returns.
func withRawServer<Result: Sendable>(
    answer: @escaping @Sendable (RawRequest) -> [RawStep],
    _ body: (_ url: String) async throws -> Result
) async throws -> Result {
    let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    let port = server.channel.localAddress?.port ?? 0
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await server.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { handlers in
                    for try await connection in connections {
                        // A client that goes away is what several tests are about.
                        handlers.addTask { try? await serve(connection, answer) }
                    }
                }
            }
        }
        defer { group.cancelAll() }
        return try await body("http://127.0.0.1:\(port)")
    }
}

private func serve(
    _ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>,
    _ answer: @Sendable (RawRequest) -> [RawStep]
) async throws {
    try await connection.executeThenClose { inbound, outbound in
        var octets: [UInt8] = []
        for try await part in inbound {
            octets.append(contentsOf: part.readableBytesView)
            guard let request = RawRequest(octets) else { continue }
            for step in answer(request) {
                switch step {
                case .send(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
                case .pause(let pause): try await Task.sleep(for: pause)
                case .endlessly(let bytes, let pause):
                    while true {
                        try await outbound.write(ByteBuffer(bytes: bytes))
                        try await Task.sleep(for: pause)
                    }
                }
            }
            return
        }
    }
}

extension RawRequest {
    /// Nil until the whole request is there.
    init?(_ octets: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        guard let split = octets.indices.first(where: { octets[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: octets[..<split], as: UTF8.self).split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let body = octets[(split + 4)...]
        guard body.count >= headers["content-length"].flatMap({ Int($0) }) ?? 0 else { return nil }
        (method, target, self.headers, self.body) = (String(words[0]), String(words[1]), headers, Array(body))
    }
}
