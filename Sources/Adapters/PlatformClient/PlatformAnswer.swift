internal import Foundation
package import OutgoingHTTP

/// A response with a status of 200 to 299.
package struct PlatformAnswer: Sendable {
    package let response: OutgoingResponse

    package var status: Int { response.status }
    package var body: [UInt8] { response.body }

    /// - Throws: ``PlatformError/problem(_:)`` for a problem document, ``PlatformError/unexpectedResponse(status:)``
    ///   for any other status.
    init(_ response: OutgoingResponse) throws(PlatformError) {
        if (200..<300).contains(response.status) {
            self.response = response
            return
        }
        guard response.mediaType == "application/problem+json",
            let problem = try? JSONDecoder().decode(PlatformProblem.self, from: Data(response.body))
        else { throw .unexpectedResponse(status: response.status) }
        throw .problem(problem)
    }

    /// The body as a value of `type`: AnswerBody, ChallengeBody and the others of WireFormat.
    package func decoded<Body: Decodable>(as type: Body.Type) throws(PlatformError) -> Body {
        guard let body = try? JSONDecoder().decode(type, from: Data(response.body)) else {
            throw .unexpectedResponse(status: response.status)
        }
        return body
    }
}
