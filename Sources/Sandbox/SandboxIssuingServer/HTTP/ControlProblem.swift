internal import Hummingbird

/// Why the control API did nothing (RFC 9457): what was not understood, and the words that would be.
struct ControlProblem: HTTPResponseError {
    enum Cause: String {
        case unknownFault = "unknown_fault"
        case unknownStanding = "unknown_standing"
        case unknownResident = "unknown_resident"
        case unknownMunicipality = "unknown_municipality"
        case invalidRequest = "invalid_request"
    }

    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let code: String
        let known: [String]?
    }

    private let cause: Cause
    private let title: String
    private let known: [String]?

    /// - Parameter known: every word that is understood there, where they can be counted.
    init(_ cause: Cause, _ title: String, known: [String]? = nil) {
        (self.cause, self.title, self.known) = (cause, title, known)
    }

    var status: HTTPResponse.Status { cause == .unknownMunicipality ? .notFound : .badRequest }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let document = Document(
            type: "urn:akashi:sandbox:\(cause.rawValue)", title: title, status: status.code, code: cause.rawValue,
            known: known)
        var response = jsonResponse(document, status: status)
        response.headers[.contentType] = "application/problem+json"
        return response
    }
}
