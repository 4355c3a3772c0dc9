internal import Foundation
package import Organizations
package import OutgoingHTTP
package import WireFormat

/// Reads responses strictly: whatever is not the protocol's is a fault of its own.
package enum IssuingServerAnswers {
    /// The state of a request, in a 200 or 201.
    package static func state(
        _ response: OutgoingResponse,
        of municipality: MunicipalityCode
    ) throws(IssuingServerFault) -> CertificateRequestStateBody {
        let octets = try json(response, allowed: [200, 201])
        let state = try read { () throws(RequestRefusal) in try CertificateRequestStateBody(json: octets) }
        guard state.municipality == municipality else { throw .wrongMunicipality }
        return state
    }

    package static func lookup(
        _ response: OutgoingResponse,
        for question: ResidentLookupRequestBody
    ) throws(IssuingServerFault) -> ResidentLookupAnswerBody {
        let octets = try json(response, allowed: [200])
        let answer = try read { () throws(RequestRefusal) in try ResidentLookupAnswerBody(json: octets) }
        guard answer.municipality == question.municipality else { throw .wrongMunicipality }
        guard answer.requestID == question.requestID else { throw .wrongRequest }
        return answer
    }

    /// A PDF's octets. What is in them is the counter's question.
    package static func document(_ response: OutgoingResponse) throws(IssuingServerFault) -> [UInt8] {
        guard response.status == 200 else { throw statusFault(response) }
        guard response.mediaType == "application/pdf" else { throw .wrongMediaType }
        return response.body
    }

    private static func json(
        _ response: OutgoingResponse,
        allowed: Set<Int>
    ) throws(IssuingServerFault) -> [UInt8] {
        guard allowed.contains(response.status) else { throw statusFault(response) }
        guard response.mediaType == "application/json" else { throw .wrongMediaType }
        return response.body
    }

    private static func read<Body>(_ body: () throws(RequestRefusal) -> Body) throws(IssuingServerFault) -> Body {
        do throws(RequestRefusal) {
            return try body()
        } catch {
            // A pointer may hold a name that came with the answer, so only those of the protocol's own depth.
            throw .malformed(error.faults.prefix(8).map { "\($0.code.rawValue)" })
        }
    }

    private struct ProblemDocument: Decodable { let code: String? }

    private static func statusFault(_ response: OutgoingResponse) -> IssuingServerFault {
        guard (400..<600).contains(response.status), response.mediaType == "application/problem+json",
            let problem = try? JSONDecoder().decode(ProblemDocument.self, from: Data(response.body))
        else { return .unexpectedStatus(response.status) }
        let code = problem.code.flatMap(IssuingProblemCode.init(rawValue:)) ?? .unknown
        return .problem(status: response.status, code: code)
    }
}
