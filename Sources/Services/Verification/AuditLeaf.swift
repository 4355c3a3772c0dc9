internal import Organizations
internal import PKIX

/// The canonical form of an audit event: the octets that the Merkle tree commits to, the same in every store.
///
/// JSON as RFC 8785 writes it, restricted to objects, strings and one integer:
/// keys in the order of their UTF-16 units, no white space, the shortest
/// escapes, UTF-8. A value that is nil has no key. Times are RFC 3339 in UTC,
/// whole seconds. `format_version` is ``AuditEvent/leafFormatVersion``.
extension AuditEvent {
    package static let leafFormatVersion = 1

    /// `{"actor":"…","environment":"…","format_version":1,"kind":"…",…}`
    package var canonicalLeaf: String {
        var members: [(String, String)] = [
            ("actor", jsonString(actor)),
            ("environment", jsonString(environment.rawValue)),
            ("format_version", String(AuditEvent.leafFormatVersion)),
            ("kind", jsonString(kind.rawValue)),
            ("occurred_at", jsonString(occurredAt.description)),
            ("request_id", jsonString(requestID)),
        ]
        let optional: [(String, String?)] = [
            ("municipality_code", municipality?.digits), ("purpose", purpose), ("result", result), ("site", site),
            ("subject", subject),
        ]
        members += optional.compactMap { key, value in value.map { (key, jsonString($0)) } }
        if !details.isEmpty { members.append(("details", jsonObject(details.map { ($0.key, jsonString($0.value)) }))) }
        return jsonObject(members)
    }
}

/// RFC 8785 §3.2.3: members sorted by their keys' UTF-16 code units.
private func jsonObject(_ members: [(key: String, value: String)]) -> String {
    let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
    return "{" + sorted.map { jsonString($0.key) + ":" + $0.value }.joined(separator: ",") + "}"
}

/// RFC 8785 §3.2.2.2: only what must be escaped is, in its shortest form.
private func jsonString(_ text: String) -> String {
    var octets: [UInt8] = [UInt8(ascii: "\"")]
    octets.reserveCapacity(text.utf8.count + 2)
    for octet in text.utf8 {
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): octets += [UInt8(ascii: "\\"), octet]
        case 0x08: octets += Array("\\b".utf8)
        case 0x09: octets += Array("\\t".utf8)
        case 0x0A: octets += Array("\\n".utf8)
        case 0x0C: octets += Array("\\f".utf8)
        case 0x0D: octets += Array("\\r".utf8)
        case 0..<0x20: octets += Array("\\u00".utf8) + Array([octet].hexString.lowercased().utf8)
        default: octets.append(octet)
        }
    }
    octets.append(UInt8(ascii: "\""))
    return String(decoding: octets, as: UTF8.self)
}
