/// The URLs that this program asks: from configuration, never from a certificate or an answer.
package enum OutgoingURL {
    /// Whether the text is an http or https URL with a host, of at most 2,048 printable
    /// ASCII characters and without user information (RFC 3986 §3.2.1) or fragment.
    package static func isAcceptable(_ url: String) -> Bool {
        guard url.utf8.count <= 2_048, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("#") else {
            return false
        }
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { url.lowercased().hasPrefix($0) }) else { return false }
        let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        return !authority.isEmpty && !authority.contains("@") && authority.first != ":"
    }
}
