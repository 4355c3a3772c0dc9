/// Answers the lines of `akashi batch` (design §5). No network, no state, no clock.
package struct BatchProcessor: Sendable {
    package init() {}

    /// The answer to one line, without a line end. Never fails: what is wrong with the line is in the answer.
    package func answer(_ line: [UInt8]) -> [UInt8] {
        var identifier = Array("null".utf8)
        do throws(BatchError) {
            guard line.count <= BatchLimit.line else { throw BatchError(.limitExceeded, "line") }
            let members = try BatchProcessor.members(of: line)
            // The id of a line that is wrong elsewhere still names it.
            if let id = try? RequestFields.identifier(members.first { $0.name == "id" }?.value) { identifier = id }
            var fields = try RequestFields(members)
            var writer = JSONWriter()
            writer.member("id", raw: fields.identifier)
            try BatchProcessor.perform(&fields, &writer)
            return writer.line
        } catch {
            return BatchProcessor.line(identifier, error)
        }
    }

    /// The answer to a line that is longer than ``BatchLimit/line`` and was not kept.
    package func answerToOverlongLine() -> [UInt8] {
        BatchProcessor.line(Array("null".utf8), BatchError(.limitExceeded, "line"))
    }

    private static func members(of line: [UInt8]) throws(BatchError) -> [(name: String, value: JSONValue)] {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(line)
        } catch {
            throw BatchError(error.isLimit ? .limitExceeded : .invalidJSON, error.detail)
        }
        guard case .object(let members) = value else { throw BatchError(.invalidJSON, "the line is no object") }
        return members
    }

    private static func perform(_ fields: inout RequestFields, _ writer: inout JSONWriter) throws(BatchError) {
        switch try fields.required("op", fields.text("op")) {
        case "validate_path": try ValidatePathRequest(&fields).answer(&writer)
        case "certificate_status": try CertificateStatusRequest(&fields).answer(&writer)
        case "verify_signature": try VerifySignatureRequest(&fields).answer(&writer)
        case "parse": try ParseRequest(&fields).answer(&writer)
        case "verify_cms": throw BatchError(.unsupportedOperation, "verify_cms")
        default: throw BatchError(.unknownOperation, "op")
        }
    }

    private static func line(_ identifier: [UInt8], _ error: BatchError) -> [UInt8] {
        var writer = JSONWriter()
        writer.member("id", raw: identifier)
        writer.member("error") {
            $0.member("code", error.code.rawValue)
            $0.member("detail", error.detail)
        }
        return writer.line
    }
}
