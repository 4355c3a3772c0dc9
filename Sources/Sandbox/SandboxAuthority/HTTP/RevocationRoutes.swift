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
        router.get("/crl/:authority/:file") { request, context in
            let authority = try context.parameters.require("authority")
            let file = try context.parameters.require("file")
            guard file.hasSuffix(".crl") else { throw HTTPError(.notFound) }
            return try await list("\(authority)/\(file.dropLast(4))", request, context)
        }
    }

    /// One list, or that it is still the one that the client has (RFC 9110 §13.1.2).
    private func list(_ id: String, _ request: Request, _ context: SandboxContext) async throws -> Response {
        let sandbox = try holder.sandbox()
        let tag = try? sandbox.entityTag(list: id)
        if let tag, request.headers[.ifNoneMatch]?.contains(tag) == true {
            return Response(status: .notModified, headers: [.eTag: tag])
        }
        guard let answer = try? sandbox.serve(list: id) else { throw HTTPError(.notFound) }
        var response = try await answer.response(contentType: "application/pkix-crl", context: context)
        // Of a list that was published meanwhile nobody knows which tag it has.
        if let tag, tag == (try? sandbox.entityTag(list: id)) {
            response.headers[.eTag] = tag
            response.headers[.cacheControl] = "no-cache"
        }
        return response
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
