internal import PKIX

/// What a set of subtrees says to a name.
enum SubtreeMatch {
    /// No subtree is of the name's form.
    case otherForm
    case inside
    case outside
    /// The name, or a subtree of its form, is not one that the form's rule can decide.
    case undecidable
}

/// Whether subtrees are searched for a permission or for an exclusion: a
/// wildcard name must lie in a permitted subtree whole, and is excluded as
/// soon as one name it stands for is.
enum SubtreeUse {
    case permitted
    case excluded
}

/// Subtrees of RFC 5280 §4.2.1.10, sorted by form, so that judging a name does not walk through all of them.
struct SubtreeSet {
    private(set) var isEmpty = true
    /// Whether a base cannot be read at all: a host name or an address range that is none.
    private(set) var hasMalformed = false
    private var directoryNames = FormSubtrees<SubtreeTrie<PreparedRelativeName>>(SubtreeTrie())
    private var dNSNames = FormSubtrees<SubtreeTrie<Substring>>(SubtreeTrie())
    private var mailboxes = FormSubtrees<HostSubtrees>(HostSubtrees())
    private var resources = FormSubtrees<HostSubtrees>(HostSubtrees())
    private var addresses = FormSubtrees<AddressRanges>(AddressRanges())
    /// Forms without a rule in the RFC: a constraint on one that stands in a certificate cannot be met.
    private var others: Set<OtherForm> = []

    private enum OtherForm: Hashable {
        case otherName(OID)
        case x400Address
        case ediPartyName
        case registeredID
    }

    mutating func insert(_ bases: [GeneralName]) {
        for base in bases { insert(base) }
    }

    private mutating func insert(_ base: GeneralName) {
        isEmpty = false
        switch base {
        case .directoryName(let name): directoryNames.insert { $0.insert(name.preparedRelativeNames) }
        case .dNSName(let text):
            guard let host = Host(constraint: text) else {
                hasMalformed = true
                return dNSNames.insert { _ in false }
            }
            dNSNames.insert { $0.insert(host.labels.reversed()) }
        case .rfc822Name(let text): mailboxes.insert { $0.insert(mailbox: text) }
        case .uniformResourceIdentifier(let text): resources.insert { $0.insert(host: text) }
        case .iPAddress(let range):
            guard let range = AddressRange(range) else {
                hasMalformed = true
                return addresses.insert { _ in false }
            }
            addresses.insert { $0.insert(range) }
        default: if let form = SubtreeSet.otherForm(base) { others.insert(form) }
        }
    }

    private static func otherForm(_ name: GeneralName) -> OtherForm? {
        switch name {
        case .otherName(let type, _): .otherName(type)
        case .x400Address: .x400Address
        case .ediPartyName: .ediPartyName
        case .registeredID: .registeredID
        default: nil
        }
    }

    /// Where `name` lies, as far as subtrees of its own form say.
    func match(_ name: PreparedName, for use: SubtreeUse) -> SubtreeMatch {
        switch name {
        case .directoryName(let parts):
            return directoryNames.match { $0.position(of: parts).isWithin }
        case .dNSName(let host, let isWildcard):
            return dNSNames.match { bases in
                guard let host else { return nil }
                let position = bases.position(of: host.labels.reversed())
                // `*.example.com` stands for `a.example.com`, which may be excluded by itself.
                return position.isWithin || (isWildcard && use == .excluded && position.isAbove)
            }
        case .rfc822Name(let mailbox):
            return mailboxes.match { bases in mailbox.map { bases.contains($0) } }
        case .uniformResourceIdentifier(let host):
            return resources.match { bases in host.map { bases.contains($0) } }
        case .iPAddress(let octets):
            return addresses.match { $0.contains(octets) }
        case .other(let name):
            guard let form = SubtreeSet.otherForm(name), others.contains(form) else { return .otherForm }
            return .undecidable
        }
    }
}

/// The subtrees of one form.
private struct FormSubtrees<Bases> {
    private var bases: Bases
    private var isEmpty = true
    /// Whether a base of this form can never be decided.
    private var hasUndecidable = false

    init(_ bases: Bases) { self.bases = bases }

    /// `body` says false for a base that is none.
    mutating func insert(_ body: (inout Bases) -> Bool) {
        isEmpty = false
        if !body(&bases) { hasUndecidable = true }
    }

    mutating func insert(_ body: (inout Bases) -> Void) {
        isEmpty = false
        body(&bases)
    }

    /// `isInside` says nil for a name that is none.
    func match(_ isInside: (Bases) -> Bool?) -> SubtreeMatch {
        guard !isEmpty else { return .otherForm }
        guard let isInside = isInside(bases) else { return .undecidable }
        return isInside ? .inside : hasUndecidable ? .undecidable : .outside
    }
}
