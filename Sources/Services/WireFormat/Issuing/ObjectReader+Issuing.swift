internal import Organizations
internal import PKIX

/// Fields of the protocol between centre and issuing server, all of which must be there.
extension ObjectReader {
    private func isThere(_ field: String) -> Bool {
        if has(field) { return true }
        note(.missing, "is required", at: field)
        return false
    }

    func requiredInteger(_ field: String, in range: ClosedRange<Int>) -> Int? {
        isThere(field) ? optionalInteger(field, in: range) : nil
    }

    func requiredTime(_ field: String) -> ValidationTime? { isThere(field) ? optionalTime(field) : nil }

    func requiredChoice<Value: RawRepresentable & CaseIterable>(
        _ field: String,
        of type: Value.Type
    ) -> Value? where Value.RawValue == String {
        isThere(field) ? optionalChoice(field, of: type) : nil
    }

    func requiredObject<Body>(_ field: String, _ build: (ObjectReader) -> Body?) -> Body? {
        isThere(field) ? optionalObject(field, build) : nil
    }

    /// Octets as hexadecimal digits, two for each.
    func hex(_ field: String, octets range: ClosedRange<Int>) -> [UInt8]? {
        guard let text = text(field, upTo: range.upperBound * 2) else { return nil }
        guard let octets = [UInt8](hex: text), range.contains(octets.count) else {
            note(.malformedHex, "must be \(range.lowerBound) to \(range.upperBound) octets in hexadecimal", at: field)
            return nil
        }
        return octets
    }

    /// A SHA-256 digest in hexadecimal.
    func digest(_ field: String) -> [UInt8]? { hex(field, octets: 32...32) }

    /// 1 to 64 letters, digits, `_` or `-`: safe as a segment of a path.
    func identifier(_ field: String) -> String? {
        guard let text = text(field, upTo: WireLimit.identifier) else { return nil }
        guard IssuingLimit.isIdentifier(text) else {
            note(.notAllowed, "must be letters, digits, _ and - alone", at: field)
            return nil
        }
        return text
    }

    func municipality(_ field: String) -> MunicipalityCode? {
        guard let text = text(field, upTo: 6) else { return nil }
        guard text.utf8.count == 6, let code = MunicipalityCode(text) else {
            note(.notAllowed, "must be a code of six digits", at: field)
            return nil
        }
        return code
    }
}

/// Limits of the protocol between centre and issuing server; docs/issuing-server.md states them.
package enum IssuingLimit {
    /// Octets of a request's or an answer's JSON.
    package static let message = 65_536
    /// Octets of a certificate's PDF.
    package static let document = 16_777_216
    /// Pages of it, all copies together.
    package static let pages = 200
    /// Seconds that one request waits for a result.
    package static let longestWait = 20
    /// Members of a household, and of a selection.
    package static let members = 30
    /// Octets of a name and of an address.
    package static let name = 2_048
    package static let address = 4_096
    /// Octets of the nonce.
    package static let nonce = 32

    /// Whether `text` can be an id of this protocol.
    package static func isIdentifier(_ text: String) -> Bool {
        (1...WireLimit.identifier).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
