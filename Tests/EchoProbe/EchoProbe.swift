import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The floor that bulk jobs are measured beside: the same server, TLS and client certificates, and every octet of a
/// body sent back as it comes. Arguments: certificate chain, private key, client authorities. Prints its port.
@main
struct EchoProbe {
    static func main() async throws {
        let paths = Array(CommandLine.arguments.dropFirst())
        guard paths.count == 3 else { return print("usage: EchoProbe CHAIN KEY AUTHORITIES") }
        let router = Router(context: EchoContext.self)
        router.post("/echo") { request, _ in
            Response(
                status: .ok, headers: [.contentType: "application/x-ndjson"],
                body: ResponseBody { writer in
                    for try await buffer in request.body { try await writer.write(buffer) }
                    try await writer.finish(nil)
                })
        }
        var logger = Logger(label: "echo")
        logger.logLevel = .error
        let server = try listener(
            router, at: .tcp(host: "127.0.0.1", port: 0),
            identity: ServerIdentity(certificateChain: paths[0], privateKey: paths[1], clientAuthorities: paths[2]),
            logger: logger
        ) { port in
            // At once, also into a file.
            FileHandle.standardOutput.write(Data("echo listening on \(port ?? 0)\n".utf8))
        }
        try await server.runService()
    }
}
