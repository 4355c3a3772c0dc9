import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import Testing

@Suite("Clients that speak HTTP/1.0")
struct FormerClientTests {
    /// What comes until the server ends the connection; nil when it does not within three seconds.
    private static func exchange(_ request: String, port: Int) -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 3, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0, write(descriptor, request, request.utf8.count) == request.utf8.count else { return nil }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return String(decoding: received, as: UTF8.self) }
            guard count > 0 else { return nil }
            received += buffer[..<count]
        }
    }

    @Test("The connection ends with the response, which HTTP/1.1 keeps open")
    func ends() async throws {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let router = Router()
        router.get("/x") { _, _ in "whole" }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = try listener(router, at: .tcp(host: "127.0.0.1", port: 0), identity: nil, logger: silent) {
            port.yield($0 ?? 0)
        }
        let services = ServiceGroup(services: [server], logger: silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                for request in ["GET /x HTTP/1.0\r\n\r\n", "GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"] {
                    let answer = await Task.detached { FormerClientTests.exchange(request, port: port) }.value
                    #expect(answer?.hasSuffix("\r\n\r\nwhole") == true, "\(answer ?? "still open")")
                }
                let kept = await Task.detached {
                    FormerClientTests.exchange("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n", port: port)
                }.value
                #expect(kept == nil)
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }
}
