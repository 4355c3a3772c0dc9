/// `POST /v1/certificate_requests/{request_id}/cancel`.
package struct CancellationBody: Hashable, Sendable {
    /// Why the centre takes a request back. No free text: it would invite personal data.
    package enum Reason: String, CaseIterable, Sendable {
        case timedOut = "timed_out"
        case withdrawn
        case mismatched
        case other
    }

    package let reason: Reason

    package init(_ reason: Reason) { self.reason = reason }

    package init(json: [UInt8]) throws(RequestRefusal) {
        reason = try ObjectReader.read(json) { $0.requiredChoice("reason", of: Reason.self) }
    }
}

extension CancellationBody: Encodable {
    private enum CodingKeys: String, CodingKey { case reason }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(reason.rawValue, forKey: .reason)
    }
}
