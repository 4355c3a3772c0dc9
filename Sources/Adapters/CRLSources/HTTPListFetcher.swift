package import OutgoingHTTP
package import RevocationUpdating

/// Lists over HTTP (RFC 5280 §4.2.1.13, RFC 2585 §4).
///
/// The media type is not looked at: servers send lists as `pkix-crl`,
/// `x-pkcs7-crl`, `octet-stream` or `text/plain`, and errors as anything. What
/// the octets are is decided by decoding them and by the issuer's signature.
package struct HTTPListFetcher: Sendable {
    private let client: OutgoingHTTPClient
    private let deadline: Duration

    /// - Parameters:
    ///   - client: shared by all sources; its limits bound connections and silence.
    ///   - deadline: for one list as a whole.
    package init(client: OutgoingHTTPClient, deadline: Duration = .seconds(60)) {
        (self.client, self.deadline) = (client, deadline)
    }

    package func fetch(
        url: String,
        maximumSize: Int,
        ifChangedSince validators: CacheValidators?
    ) async -> CRLFetch {
        var request = OutgoingRequest(url: url, headers: [("accept", "*/*"), ("accept-encoding", "identity")])
        // RFC 9110 §13.1.2, §13.1.3
        if let tag = validators?.entityTag { request.headers.append(("if-none-match", tag)) }
        if let date = validators?.lastModified { request.headers.append(("if-modified-since", date)) }
        switch await client.exchange(request, within: deadline, maximumBody: maximumSize) {
        case .failure(let failure): return .failure(CRLFetchFailure(failure))
        case .success(let response): return HTTPListFetcher.read(response, conditional: validators)
        }
    }

    /// Only a whole 200 is a list. A 304 that was not asked for is no answer.
    private static func read(_ response: OutgoingResponse, conditional validators: CacheValidators?) -> CRLFetch {
        switch response.status {
        case 200: break
        case 304 where validators != nil: return .unchanged
        case 300...303, 305...308: return .failure(.redirected)
        default: return .failure(.httpStatus)
        }
        let encoding = response.header("content-encoding")?.lowercased() ?? "identity"
        guard encoding == "identity" else { return .failure(.encoded) }
        let kept = CacheValidators(
            entityTag: response.header("etag"), lastModified: response.header("last-modified"))
        return .fetched([FetchedList(octets: response.body, validators: kept)])
    }
}

extension CRLFetchFailure {
    fileprivate init(_ failure: OutgoingFailure) {
        self =
            switch failure {
            case .badURL: .badLocation
            case .connectionFailed: .connectionFailed
            case .timedOut: .timedOut
            case .tooLarge: .tooLarge
            case .cancelled: .cancelled
            }
    }
}
