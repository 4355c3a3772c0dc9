/// Which key in which token, and how to get at it: `pkcs11:token=…;object=…?module-path=…&pin-source=…` (RFC 7512).
///
/// Stricter than the RFC: module, token, object and PIN source must be there, every attribute stands once, and what is
/// not understood is refused instead of being left out. `pin-value` is refused: a PIN is never an argument.
package struct TokenURI: Hashable, Sendable {
    /// The module's file; absolute.
    package let modulePath: String
    /// The token's label.
    package let token: String
    package let serial: String?
    package let manufacturer: String?
    package let model: String?
    /// The key's label: CKA_LABEL.
    package let object: String
    /// CKA_ID, 1 to 64 octets. Nil in the URI that an operator gives: the device's keys have ids of their own.
    package let id: [UInt8]?
    package let pinSource: PINSource

    /// Octets of the longest URI.
    package static let longest = 2_048

    /// - Throws: ``TokenError/uri(_:)``, whose text names the attribute and never a value.
    package init(_ text: String) throws(TokenError) {
        guard text.utf8.count <= TokenURI.longest else { throw .uri("longer than \(TokenURI.longest) octets") }
        // RFC 7512 §2.3: the scheme's case does not matter.
        guard text.prefix(7).lowercased() == "pkcs11:" else { throw .uri("does not begin with pkcs11:") }
        let parts = text.dropFirst(7).split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .uri("needs one ? before module-path and pin-source") }
        var path = try Attributes(
            parts[0], separator: ";", known: ["token", "serial", "manufacturer", "model", "object", "id", "type"])
        var query = try Attributes(parts[1], separator: "&", known: ["module-path", "pin-source"])
        guard let modulePath = try query.text("module-path") else { throw .uri("needs module-path=") }
        guard modulePath.hasPrefix("/") else { throw .uri("module-path is not absolute") }
        guard let source = try query.text("pin-source") else { throw .uri("needs pin-source=") }
        guard let token = try path.text("token"), !token.isEmpty else { throw .uri("needs token=") }
        guard let object = try path.text("object"), !object.isEmpty else { throw .uri("needs object=") }
        guard try path.text("type") ?? "private" == "private" else { throw .uri("type is not private") }
        (self.modulePath, self.token, self.object) = (modulePath, token, object)
        pinSource = try PINSource(source)
        serial = try path.text("serial", longest: 16)
        manufacturer = try path.text("manufacturer", longest: 32)
        model = try path.text("model", longest: 16)
        id = path.take("id")
        guard token.utf8.count <= 32, object.utf8.count <= 128 else { throw .uri("token or object is too long") }
        if let id, !(1...64).contains(id.count) { throw .uri("id has not 1 to 64 octets") }
    }

    private init(_ uri: TokenURI, id: [UInt8]) {
        (modulePath, token, object, pinSource) = (uri.modulePath, uri.token, uri.object, uri.pinSource)
        (serial, manufacturer, model, self.id) = (uri.serial, uri.manufacturer, uri.model, id)
    }

    /// The same with a key's own id.
    package func with(id: [UInt8]) -> TokenURI { TokenURI(self, id: id) }

    /// What names the key in sentences.
    var keyName: String {
        guard let id else { return object }
        return "\(object) (id \(id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()))"
    }
}

extension TokenURI: CustomStringConvertible {
    /// The URI; reading it back gives an equal value. There is no secret in it.
    package var description: String {
        var path = ["token=" + TokenURI.encoded(token)]
        for (name, value) in [("serial", serial), ("manufacturer", manufacturer), ("model", model)] {
            if let value { path.append("\(name)=" + TokenURI.encoded(value)) }
        }
        path.append("object=" + TokenURI.encoded(object))
        // RFC 7512 §2.3: every octet of an id is percent-encoded.
        if let id { path.append("id=" + id.map(TokenURI.percent).joined()) }
        path.append("type=private")
        return "pkcs11:" + path.joined(separator: ";")
            + "?module-path=" + TokenURI.encoded(modulePath) + "&pin-source=" + TokenURI.encoded(pinSource.text)
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { Attributes.isPlain($0) ? String(Unicode.Scalar($0)) : percent($0) }.joined()
    }

    private static func percent(_ octet: UInt8) -> String {
        "%" + String(octet >> 4, radix: 16, uppercase: true) + String(octet & 15, radix: 16, uppercase: true)
    }
}

/// The attributes of one half of a URI, each once, percent-decoded.
private struct Attributes {
    private var values: [String: [UInt8]] = [:]

    init(_ text: Substring, separator: Character, known: Set<String>) throws(TokenError) {
        for part in text.split(separator: separator, omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "=") else { throw .uri("an attribute has no value") }
            let name = String(part[..<equals])
            guard name != "pin-value" else {
                throw .uri("pin-value is refused: a PIN comes from a file, by pin-source")
            }
            // A name that is not known may be a value in the wrong place: it is not repeated.
            guard known.contains(name) else { throw .uri("has an attribute that is not known here") }
            guard values[name] == nil else { throw .uri("\(name) stands twice") }
            guard let octets = Attributes.decoded(part[part.index(after: equals)...].utf8) else {
                throw .uri("\(name) has a character that must be percent-encoded")
            }
            values[name] = octets
        }
    }

    mutating func take(_ name: String) -> [UInt8]? { values.removeValue(forKey: name) }

    mutating func text(_ name: String, longest: Int = 1_024) throws(TokenError) -> String? {
        guard let octets = take(name) else { return nil }
        guard octets.count <= longest else { throw .uri("\(name) is too long") }
        guard let text = String(validating: octets, as: UTF8.self), !octets.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { throw .uri("\(name) is no text") }
        return text
    }

    /// Nil when an octet must not stand there (RFC 7512 §2.3).
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8]? {
        var octets: [UInt8] = []
        var rest = text[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                guard isPlain(octet) else { return nil }
                octets.append(octet)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            octets.append(high << 4 | low)
        }
        return octets
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// What may stand as itself in both halves of a URI here: unreserved characters (RFC 3986 §2.3), `/` and `:`.
    static func isPlain(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
