/// An LDAP server that is asked for lists (RFC 4511, RFC 4523 §2.4).
package struct DirectoryServer: Hashable, Sendable {
    /// How the connection is protected. A list protects itself by its signature; TLS hides who asks, and keeps
    /// a password.
    package enum Protection: Hashable, Sendable {
        case none
        /// TLS on the ordinary port, before anything else is said (RFC 4511 §4.14).
        ///
        /// - authorities: path of a PEM file; nil trusts the system's anchors.
        case startTLS(authorities: String?)
        /// `ldaps`: TLS from the first octet.
        case tls(authorities: String?)
    }

    /// A simple bind; its password lies in a file, so that it stands in no configuration.
    package struct Credentials: Hashable, Sendable {
        package let name: String
        package let passwordFile: String

        package init(name: String, passwordFile: String) { (self.name, self.passwordFile) = (name, passwordFile) }
    }

    package let host: String
    package let port: Int
    package let protection: Protection
    /// Nil binds without a name.
    package let credentials: Credentials?

    package init(host: String, port: Int, protection: Protection = .none, credentials: Credentials? = nil) {
        (self.host, self.port, self.protection, self.credentials) = (host, port, protection, credentials)
    }
}

/// The entry of a directory that holds lists, as a distribution point with a directoryName says.
package struct DirectoryEntry: Hashable, Sendable {
    /// The attributes of RFC 4523 that hold lists.
    package enum Attribute: String, CaseIterable, Sendable {
        case certificateRevocationList
        case authorityRevocationList
        case deltaRevocationList
    }

    package let server: DirectoryServer
    /// As RFC 4514 writes it: innermost first.
    package let name: String
    package let attribute: Attribute

    package init(server: DirectoryServer, name: String, attribute: Attribute = .certificateRevocationList) {
        (self.server, self.name, self.attribute) = (server, name, attribute)
    }
}
