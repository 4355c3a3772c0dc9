internal import PKIX
package import SignatureValidation

/// Lines of the result of a status batch, written without a tree.
///
/// `{"line":1,"ref":"…","status":"good","method":"crl",…}`; what does not apply is left out.
/// A line that could not be read is `{"line":2,"error":{"code":"invalid_ndjson_line",…}}`.
package enum StatusItem {
    /// Everything after the caller's id: the same octets for every line with the same answer.
    package static func answer(_ answer: RevocationAnswer) -> [UInt8] {
        Array(",\(members(answer))}\n".utf8)
    }

    /// The members of a status without braces.
    static func members(_ answer: RevocationAnswer) -> String {
        let found = answer.status
        var text = #""status":"\#(found.status.rawValue)""#
        func add(_ name: String, _ value: String?) {
            if let value { text += #","\#(name)":"\#(value)""# }
        }
        add("undetermined_reason", found.undeterminedReason?.rawValue)
        add("revocation_reason", found.revocationReason?.name)
        add("revoked_at", found.revokedAt.map(wireTime))
        add("method", found.method?.rawValue)
        add("rung", answer.rung?.rawValue)
        add("crl_number", found.crlNumber?.description)
        add("crl_distribution_point", found.distributionPoint.map { String(decoding: jsonText($0), as: UTF8.self) })
        add("this_update", found.thisUpdate.map(wireTime))
        add("next_update", found.nextUpdate.map(wireTime))
        return text + #","degraded":\#(answer.degradation == .degraded)"#
    }

    /// Appends one line.
    ///
    /// - Parameters:
    ///   - reference: the text of a JSON string without its quotation marks.
    ///   - answer: from ``answer(_:)``.
    package static func append(
        line: Int,
        reference: ArraySlice<UInt8>?,
        answer: [UInt8],
        to octets: inout [UInt8]
    ) {
        begin(line, reference, &octets)
        octets.append(contentsOf: answer)
    }

    /// Appends a line for one that could not be answered.
    ///
    /// - Parameters:
    ///   - code: of ``BatchLineCode``.
    ///   - detail: what would be right; structure alone.
    package static func append(
        line: Int,
        reference: ArraySlice<UInt8>?,
        error code: BatchLineCode,
        detail: String,
        to octets: inout [UInt8]
    ) {
        begin(line, reference, &octets)
        octets += Array(#","error":{"code":"\#(code.rawValue)","detail":""#.utf8)
        octets += jsonText(detail)
        octets += Array("\"}}\n".utf8)
    }

    static func begin(_ line: Int, _ reference: ArraySlice<UInt8>?, _ octets: inout [UInt8]) {
        octets.append(contentsOf: #"{"line":"#.utf8)
        octets.append(contentsOf: String(line).utf8)
        guard let reference else { return }
        octets.append(contentsOf: #","ref":""#.utf8)
        octets.append(contentsOf: reference)
        octets.append(0x22)
    }
}

/// Why one line of a bulk job was not answered.
package enum BatchLineCode: String, CaseIterable, Sendable {
    case invalidLine = "invalid_ndjson_line"
    case invalidCSVLine = "invalid_csv_line"
    case tooLong = "line_too_long"
    case unknownIssuer = "unknown_issuer"
    /// A sealed record that is not its device's, its queue's or the centre's; the detail is the reason's code.
    case sealedRecordRefused = "sealed_record_refused"
    /// To be sent again.
    case serviceNotReady = "service_not_ready"
}

/// The text of a JSON string, without its quotation marks (RFC 8259 §7).
package func jsonText(_ text: String) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(text.utf8.count)
    for octet in text.utf8 {
        switch octet {
        case 0x22, 0x5C: octets += [0x5C, octet]
        case 0x0A: octets += Array("\\n".utf8)
        case 0x0D: octets += Array("\\r".utf8)
        case 0x09: octets += Array("\\t".utf8)
        case 0..<0x20: octets += Array("\\u00".utf8) + Array([octet].hexString.lowercased().utf8)
        default: octets.append(octet)
        }
    }
    return octets
}
