internal import PKIX

/// A name of a certificate, taken apart once for all the subtrees that it is compared with (RFC 5280 §4.2.1.10).
/// Nil stands for a text that is no name of its form.
enum PreparedName {
    case directoryName([PreparedRelativeName])
    /// Of a wildcard, the host below which it stands.
    case dNSName(Host?, isWildcard: Bool)
    case rfc822Name(Mailbox?)
    case uniformResourceIdentifier(Host?)
    case iPAddress(ArraySlice<UInt8>)
    /// A form without a rule.
    case other(GeneralName)

    init(_ name: GeneralName) {
        switch name {
        case .directoryName(let name): self = .directoryName(name.preparedRelativeNames)
        case .dNSName(let text):
            var host = Host(dNSName: text)
            let isWildcard = host?.isWildcard ?? false
            if isWildcard { host?.removeWildcard() }
            self = .dNSName(host, isWildcard: isWildcard)
        case .rfc822Name(let text): self = .rfc822Name(Mailbox(text))
        case .uniformResourceIdentifier(let text): self = .uniformResourceIdentifier(Host(uri: text))
        case .iPAddress(let octets): self = .iPAddress(octets)
        default: self = .other(name)
        }
    }
}
