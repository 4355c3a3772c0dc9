/// A queue of CUPS, or a printer that keeps held jobs itself.
package struct PrintQueue: Hashable, Sendable {
    /// Why an address is none.
    package struct Fault: Error, Hashable, Sendable {}

    /// `ipp://host:631/printers/name`: what the protocol calls it.
    let uri: String
    /// The same for HTTP.
    let url: String

    /// - Parameter uri: with the scheme `ipp`, or `ipps` for TLS from the first octet (RFC 7472); port 631 unless given.
    package init(uri: String) throws(Fault) {
        let parts = uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[1].isEmpty, !parts[2].isEmpty, !parts[3].isEmpty, uri.utf8.count <= 1_023,
            uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !parts[2].contains("@")
        else { throw Fault() }
        let scheme: String
        switch parts[0] {
        case "ipp:": scheme = "http"
        case "ipps:": scheme = "https"
        default: throw Fault()
        }
        let host = String(parts[2])
        // A colon behind the last bracket of an IPv6 address begins a port.
        let hasPort = (host.split(separator: "]").last ?? "").contains(":")
        self.uri = uri
        url = "\(scheme)://\(host)\(hasPort ? "" : ":631")/\(parts[3])"
    }
}
