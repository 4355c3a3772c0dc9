/// One thing that is wrong with a request's body: the `errors` of a problem document.
package struct RequestFault: Hashable, Sendable {
    package enum Code: String, CaseIterable, Sendable {
        case malformedJSON = "malformed_json"
        case missing
        case unknownField = "unknown_field"
        case wrongType = "wrong_type"
        case malformedBase64 = "malformed_base64"
        case malformedTime = "malformed_time"
        case malformedHex = "malformed_hex"
        case outOfRange = "out_of_range"
        /// A value outside the field's vocabulary.
        case notAllowed = "not_allowed"
        case tooLong = "too_long"
        /// Two fields that exclude one another, or do not agree.
        case conflict
    }

    /// RFC 6901; empty for the whole body.
    package let pointer: String
    package let code: Code
    /// What would be right. Never what was sent.
    package let detail: String

    package init(pointer: String, code: Code, detail: String) {
        (self.pointer, self.code, self.detail) = (pointer, code, detail)
    }
}

/// A body that cannot be processed, with every fault.
package struct RequestRefusal: Error, Hashable, Sendable {
    /// Never empty.
    package let faults: [RequestFault]

    package init(faults: [RequestFault]) { self.faults = faults }
}
