internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import LocalResponder
internal import NIOCore
internal import PKIX

/// `GET /crl/{issuer_id}/{source_id}.crl`: a list in force, in pieces, with its digest as entity tag.
struct ListFaceRoutes: Sendable {
    static let path = "/crl/{issuer_id}/{file}"

    let face: ListFace

    func get(_ request: Request, _ issuerID: String?, _ file: String?) throws -> Response {
        guard let issuerID, let file, file.hasSuffix(".crl"),
            let list = face.list(issuerID: issuerID, sourceID: String(file.dropLast(4)))
        else { throw Problem(.notFound) }
        let tag = "\"\(list.digest.hexString.lowercased())\""
        // A list can be replaced at any time, so that who keeps one asks whether it is still in force.
        var headers: HTTPFields = [
            .eTag: tag, .cacheControl: "no-cache", .lastModified: LocalResponderRoutes.httpDate(list.thisUpdate),
        ]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.filter { $0 != " " } } ?? []
        if known.contains(tag) || known == ["*"] { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = "application/pkix-crl"
        return Response(status: .ok, headers: headers, body: ListFaceRoutes.stream(list.octets))
    }

    /// A nation's list is never whole in memory.
    private static func stream(_ octets: StoredOctets) -> ResponseBody {
        ResponseBody(contentLength: octets.count) { writer in
            var offset = 0
            while offset < octets.count {
                let range = offset..<min(offset + 262_144, octets.count)
                try await writer.write(ByteBuffer(bytes: octets.copy(range)))
                octets.discard(range)
                offset = range.upperBound
            }
            try await writer.finish(nil)
        }
    }
}
