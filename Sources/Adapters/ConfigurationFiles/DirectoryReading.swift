internal import Foundation
internal import PKIX
internal import RevocationUpdating

/// LDAP directories as sources of lists: `ldap` with its keys, or a URL of RFC 4516.
extension ConfigurationSection {
    /// The keys of `ldap`: server, entry, attribute, TLS and bind.
    ///
    /// - Parameter scopeName: the directoryName of the source's scope, where `entry` is not given.
    func directoryEntry(scopeName: DistinguishedName?) -> DirectoryEntry? {
        defer { finish() }
        let server = text("server").flatMap { directoryServer($0) }
        let attribute = choice(
            "attribute", of: DirectoryEntry.Attribute.self, default: .certificateRevocationList)
        let texts = strings("entry")
        var name = scopeName
        if !texts.isEmpty {
            name = distinguishedName(texts)
            if name == nil { note("must list attributes such as [C=JP, O=JPKI], outermost first", at: "entry") }
        } else if name == nil {
            note("is missing, and scope has no directory_name in its place", at: "entry")
        }
        guard let server, let attribute, let name else { return nil }
        return DirectoryEntry(server: server, name: DirectoryName.text(name), attribute: attribute)
    }

    private func directoryServer(_ text: String) -> DirectoryServer? {
        let authorities = optionalFilePath("authorities")
        let startTLS = truth("start_tls", default: false)
        let bindName = optionalText("bind_name")
        let passwordFile = optionalFilePath("password_file")
        guard let url = DirectoryURL(text), url.name.isEmpty, !url.hasQuery else {
            note("must be ldap://host or ldaps://host, with a port or without", at: "server")
            return nil
        }
        if startTLS, url.isTLS { note("does not go with ldaps, which is TLS from the start", at: "start_tls") }
        if authorities != nil, !startTLS, !url.isTLS { note("needs start_tls or ldaps", at: "authorities") }
        if (bindName == nil) != (passwordFile == nil) {
            note("needs both bind_name and password_file", at: "bind_name")
        }
        if bindName != nil, !startTLS, !url.isTLS {
            note("would send its password in the clear: use start_tls or ldaps", at: "bind_name")
        }
        var credentials: DirectoryServer.Credentials?
        if let bindName, let passwordFile { credentials = .init(name: bindName, passwordFile: passwordFile) }
        let protection: DirectoryServer.Protection =
            url.isTLS ? .tls(authorities: authorities) : startTLS ? .startTLS(authorities: authorities) : .none
        return DirectoryServer(host: url.host, port: url.port, protection: protection, credentials: credentials)
    }

    /// `url: ldap://host/dn?attribute`: one entry, read without a name and, with `ldaps`, under the system's anchors.
    func directoryEntry(url text: String, at key: String) -> DirectoryEntry? {
        guard let url = DirectoryURL(text), !url.name.isEmpty, let attribute = url.attribute else {
            note("must be an LDAP URL of one entry: ldap://host/dn?certificateRevocationList", at: key)
            return nil
        }
        return DirectoryEntry(
            server: DirectoryServer(
                host: url.host, port: url.port, protection: url.isTLS ? .tls(authorities: nil) : .none),
            name: url.name, attribute: attribute)
    }

    /// `C=JP` and so on, outermost first; nil unless each is one.
    func distinguishedName(_ texts: [String]) -> DistinguishedName? {
        let types: [String: OID] = [
            "C": .country, "O": .organization, "OU": .organizationalUnit, "CN": .commonName, "L": .locality,
            "DC": .domainComponent,
        ]
        let attributes = texts.compactMap { text -> (OID, String)? in
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let type = types[String(parts[0])] else { return nil }
            return (type, String(parts[1]))
        }
        return attributes.count == texts.count ? DistinguishedName(attributes) : nil
    }
}

/// Names as directories take them (RFC 4514).
enum DirectoryName {
    /// Innermost first; every character that could end a value or begin another stands for itself.
    static func text(_ name: DistinguishedName) -> String {
        name.relativeNames.reversed().map { attributes in
            attributes.map { "\(label($0.type))=\(value($0))" }.joined(separator: "+")
        }.joined(separator: ",")
    }

    private static func label(_ type: OID) -> String {
        switch type {
        case .country: "C"
        case .organization: "O"
        case .organizationalUnit: "OU"
        case .commonName: "CN"
        case .locality: "L"
        case .domainComponent: "DC"
        default: type.description
        }
    }

    /// RFC 4514 §2.4. What is no printable ASCII, or special, goes as `\hh`.
    private static func value(_ attribute: NameAttribute) -> String {
        guard let string = attribute.string else {
            let der = DERWriter.encode(attribute.valueTag) { $0.append(attribute.value) }
            return "#" + der.hexString
        }
        let special = Set("\"+,;<>\\=#".utf8)
        let octets = Array(string.utf8)
        return octets.enumerated().map { index, octet in
            let isEnd = index == 0 || index == octets.count - 1
            let isPlain = (0x20..<0x7F).contains(octet) && !special.contains(octet) && !(octet == 0x20 && isEnd)
            return isPlain ? String(UnicodeScalar(octet)) : "\\" + [octet].hexString
        }.joined()
    }
}

/// An LDAP URL of a server or of one entry (RFC 4516 §2): no filter, no extension, no scope but `base`.
struct DirectoryURL {
    let host: String
    let port: Int
    let isTLS: Bool
    /// As RFC 4514 writes it; empty when the URL names a server alone.
    let name: String
    let hasQuery: Bool
    /// Nil when the URL asks for something that holds no lists.
    let attribute: DirectoryEntry.Attribute?

    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "ldap" || scheme == "ldaps", let host = parts.host, !host.isEmpty, parts.user == nil,
            parts.password == nil, parts.fragment == nil, (1...65_535).contains(parts.port ?? 389)
        else { return nil }
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        isTLS = scheme == "ldaps"
        port = parts.port ?? (isTLS ? 636 : 389)
        name = String(parts.path.drop { $0 == "/" })
        let query = parts.query?.split(separator: "?", omittingEmptySubsequences: false).map(String.init) ?? []
        hasQuery = !query.isEmpty
        guard query.count <= 4, query.dropFirst().allSatisfy({ $0.isEmpty || $0 == "base" }) else { return nil }
        let wanted = (query.first ?? "").split(separator: ";").first.map { $0.lowercased() }
        attribute =
            wanted.map { wanted in DirectoryEntry.Attribute.allCases.first { $0.rawValue.lowercased() == wanted } }
            ?? .certificateRevocationList
    }
}
