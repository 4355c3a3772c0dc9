/// A host name as its labels, in lower case; the last label of the text comes last.
struct Host: Hashable {
    private(set) var labels: [Substring]

    /// A dNSName of a certificate: not empty, one trailing dot passed over, `*` alone as first label allowed.
    init?(dNSName text: String) {
        self.init(text, wildcard: true)
        guard !labels.isEmpty else { return nil }
    }

    /// The base of a dNSName subtree. Empty is every name; a leading dot is not of this form (§4.2.1.10).
    init?(constraint text: String) { self.init(text, wildcard: false) }

    /// The host of a URI with an authority that is a name (§4.2.1.10: any other URI is refused under a constraint).
    init?(uri: String) {
        guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")), colon > uri.startIndex else { return nil }
        let rest = uri[uri.utf8.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        var authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if let port = authority.firstIndex(of: ":") {
            guard authority[authority.index(after: port)...].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            authority = authority[..<port]
        }
        self.init(String(authority), wildcard: false)
        // An IPv4 address ends in a label of digits; no top-level domain does.
        guard let last = labels.last, !last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    }

    /// The host of a mailbox.
    init?(mailboxHost text: Substring) {
        self.init(String(text), wildcard: false)
        guard !labels.isEmpty else { return nil }
    }

    private init?(_ text: String, wildcard: Bool) {
        labels = []
        guard text.utf8.count <= 255 else { return nil }
        var text = text.lowercased()[...]
        if text.hasSuffix(".") { text = text.dropLast() }
        guard !text.isEmpty else { return }
        labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let named = wildcard && labels.first == "*" ? labels.dropFirst() : labels[...]
        guard named.allSatisfy(Host.isLabel), !named.isEmpty else { return nil }
    }

    /// Letters, digits, hyphen and, as in practice, underscore.
    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }

    var isWildcard: Bool { labels.first == "*" }

    mutating func removeWildcard() { labels.removeFirst() }
}

/// A mailbox: the local part by octets, the host without regard to case (RFC 5280 §7.5).
struct Mailbox: Hashable {
    let localPart: Substring
    let host: Host

    init?(_ text: String) {
        guard let at = text.lastIndex(of: "@"), at > text.startIndex,
            let host = Host(mailboxHost: text[text.index(after: at)...])
        else { return nil }
        (localPart, self.host) = (text[..<at], host)
    }
}
