import Foundation
import Hummingbird
import JPKIProfile
import NIOCore
import PKIX

/// OCSP (RFC 6960 Appendix A) and lists over HTTP (RFC 5280 §4.2.1.13).
struct RevocationRoutes: Sendable {
    let holder: SandboxHolder

    /// Octets of the largest request that is read.
    private static let largestRequest = 65_536

    func add(to router: Router<SandboxContext>) {
        for medium in [CertificateKind.Medium.card, .smartphone] {
            let path = medium.ocspPath
            router.post(RouterPath(path)) { request, context in
                let body = try await request.body.collect(upTo: RevocationRoutes.largestRequest)
                return try await answer(Array(body.readableBytesView), medium, context)
            }
            router.get(RouterPath(path + "/**")) { request, context in
                // base64 may hold slashes, so the path is taken as it came.
                let encoded = request.uri.path.dropFirst(path.utf8.count + 1)
                let text = String(encoded).removingPercentEncoding ?? ""
                return try await answer(decodeBase64(text) ?? [], medium, context)
            }
        }
        router.get("/crl/:authority/:file") { _, context in
            let authority = try context.parameters.require("authority")
            let file = try context.parameters.require("file")
            guard file.hasSuffix(".crl") else { throw HTTPError(.notFound) }
            guard let answer = try? holder.sandbox().serve(list: "\(authority)/\(file.dropLast(4))") else {
                throw HTTPError(.notFound)
            }
            return try await answer.response(contentType: "application/pkix-crl", context: context)
        }
    }

    private func answer(
        _ octets: [UInt8],
        _ medium: CertificateKind.Medium,
        _ context: SandboxContext
    ) async throws -> Response {
        try await holder.sandbox().answer(ocspRequest: octets, medium: medium)
            .response(contentType: "application/ocsp-response", context: context)
    }
}
