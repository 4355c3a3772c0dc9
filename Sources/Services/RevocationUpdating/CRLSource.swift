package import PKIX

/// One place where lists of one issuer come from, as configured.
///
/// The issuer is a name and a key: the three generations of J-LIS's roots share
/// one name, so a list is never taken because of its issuer's name.
package struct CRLSource: Hashable, Sendable {
    /// Where the octets are.
    package enum Location: Hashable, Sendable {
        /// An `http` or `https` URL without user information. Redirects are not followed.
        case http(url: String)
        /// One file, replaced from outside: media import, a mounted share.
        case file(path: String)
        /// A folder into which lists are dropped: every `.crl`, `.der` or `.pem` file in it is a candidate.
        case directory(path: String)
        /// One entry of an LDAP directory. Referrals are not followed.
        case ldap(DirectoryEntry)

        /// The server whose connections sources share; nil for what lies on this machine.
        package var server: String? {
            switch self {
            case .http(let url):
                // RFC 3986 §3.2: what stands between the scheme and the path.
                url.lowercased().split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
                    .map(String.init)
            case .ldap(let entry): "\(entry.server.host.lowercased()):\(entry.server.port)"
            case .file, .directory: nil
            }
        }
    }

    /// Which lists the source may bring.
    package enum ExpectedScope: Hashable, Sendable {
        /// Only a list without a distribution point name: it covers every certificate of the issuer.
        case complete
        /// Only a list whose issuingDistributionPoint shares a name with this one.
        case distributionPoint(DistributionPointName)
        /// What the first list says; a later list with another issuingDistributionPoint is refused.
        case pinnedByFirstList
        /// Any scope, each with an order of its own: a folder that holds all partitions.
        case any
    }

    /// Unique in the configuration; stands in logs, metrics and audit events.
    package let id: String
    /// The configuration's id of the issuer.
    package let issuerID: String
    package let issuerName: DistinguishedName
    package let issuerKey: SubjectPublicKeyInfo
    package let location: Location
    package let scope: ExpectedScope
    package let form: ListForm
    /// The largest list that is taken, octets.
    package let maximumSize: Int
    /// Seconds from one attempt that went well to the next; at least 1.
    package let interval: Int
    /// Seconds that one attempt may take as a whole; at least 1.
    package let deadline: Int

    /// The largest list that is taken when nothing is configured: 64 MiB.
    package static let defaultMaximumSize = 67_108_864
    /// Four attempts a day: JPKI's lists come about once a day.
    package static let defaultInterval = 21_600

    /// A minute, and as long as the largest list takes at 256 KiB a second.
    package static func defaultDeadline(maximumSize: Int) -> Int { 60 + maximumSize / 262_144 }

    package init(
        id: String,
        issuerID: String,
        issuerName: DistinguishedName,
        issuerKey: SubjectPublicKeyInfo,
        location: Location,
        scope: ExpectedScope,
        form: ListForm = .complete,
        maximumSize: Int = CRLSource.defaultMaximumSize,
        interval: Int = CRLSource.defaultInterval,
        deadline: Int? = nil
    ) {
        self.id = id
        self.issuerID = issuerID
        self.issuerName = issuerName
        self.issuerKey = issuerKey
        self.location = location
        self.scope = scope
        self.form = form
        self.maximumSize = maximumSize
        self.interval = max(interval, 1)
        self.deadline = max(deadline ?? CRLSource.defaultDeadline(maximumSize: maximumSize), 1)
    }
}

/// Whether a list is whole or says what changed since a base (RFC 5280 §5.2.4).
package enum ListForm: String, CaseIterable, Sendable {
    case complete
    case delta
}
