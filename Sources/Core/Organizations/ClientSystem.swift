/// 業務システム: a municipality's own program that calls the platform, known by its client certificate.
package struct ClientSystem: Hashable, Sendable {
    package let id: String
    package let name: String
    package let municipality: MunicipalityCode
    /// The site that its requests are counted to, when it serves one alone.
    package let site: String?
    package let credential: ClientCredential
    package let grants: ClientGrants

    package init(
        id: String,
        name: String,
        municipality: MunicipalityCode,
        site: String? = nil,
        credential: ClientCredential,
        grants: ClientGrants
    ) {
        self.id = id
        self.name = name
        self.municipality = municipality
        self.site = site
        self.credential = credential
        self.grants = grants
    }
}

/// How a client is told from its certificate: by its key, by a name in it, or by both.
///
/// Where both are set both must match. Two keys may stand side by side while a certificate is renewed.
package struct ClientCredential: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case active
        /// Refused at once, on open connections too.
        case revoked
    }

    /// Where key and state are kept.
    package enum Source: String, CaseIterable, Sendable {
        /// In the configuration.
        case configured
        /// In the register of devices: the terminal enrols with a one-time code, and has no key here.
        case enrolled
    }

    package let source: Source
    /// SHA-256 of the certificate's SubjectPublicKeyInfo, 32 octets each.
    package let keyDigests: Set<[UInt8]>
    /// A dNSName or a URI of the certificate's subjectAltName.
    package let subjectAlternativeName: String?
    package let state: State

    package init(keyDigests: Set<[UInt8]>, subjectAlternativeName: String? = nil, state: State = .active) {
        source = .configured
        self.keyDigests = keyDigests
        self.subjectAlternativeName = subjectAlternativeName
        self.state = state
    }

    /// Of a terminal that enrols. `state` is over all its devices.
    package static func enrolled(_ state: State = .active) -> ClientCredential { ClientCredential(enrolled: state) }

    private init(enrolled state: State) {
        (source, keyDigests, subjectAlternativeName, self.state) = (.enrolled, [], nil, state)
    }

    /// Whether the presented certificate is this credential's.
    func matches(_ presented: PresentedCertificate) -> Bool {
        if !keyDigests.isEmpty, !keyDigests.contains(presented.keyDigest) { return false }
        if let name = subjectAlternativeName, !presented.names.contains(name) { return false }
        return !keyDigests.isEmpty || subjectAlternativeName != nil
    }
}

/// What a client may do.
package struct ClientGrants: Hashable, Sendable {
    package let scopes: Set<Scope>
    package let purposes: Set<String>
    /// The ids of the revocation policies that it may ask for beside each purpose's own.
    package let policies: Set<String>

    package init(scopes: Set<Scope>, purposes: Set<String>, policies: Set<String> = []) {
        (self.scopes, self.purposes, self.policies) = (scopes, purposes, policies)
    }
}

/// What TLS established of a client: its leaf certificate's key and names.
package struct PresentedCertificate: Hashable, Sendable {
    /// SHA-256 of the SubjectPublicKeyInfo.
    package let keyDigest: [UInt8]
    /// dNSNames and URIs of the subjectAltName.
    package let names: Set<String>

    package init(keyDigest: [UInt8], names: Set<String> = []) { (self.keyDigest, self.names) = (keyDigest, names) }
}
