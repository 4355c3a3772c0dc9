import PKIX

@testable import PathValidation

/// What one subtree says to one name, written down once more without any index: what the index is held against.
enum PairMatch {
    case inside
    case outside
    case undecidable
}

/// The rules of RFC 5280 §4.2.1.10 for the names that are text or an address.
enum PairwiseForms {
    // MARK: Host names

    /// dNSName: the name itself, and everything made by adding labels on its left.
    static func dNSName(_ name: String, in base: String, for use: SubtreeUse) -> PairMatch {
        guard let constraint = Host(constraint: base), var host = Host(dNSName: name) else { return .undecidable }
        guard host.isWildcard else { return host.isWithin(constraint) ? .inside : .outside }
        host.removeWildcard()
        if host.isWithin(constraint) { return .inside }
        // `*.example.com` stands for `a.example.com`, which may be excluded by itself.
        return use == .excluded && constraint.parent == host.labels ? .inside : .outside
    }

    /// rfc822Name: one mailbox, every mailbox of one host, or of every host below a domain (leading dot).
    static func rfc822Name(_ name: String, in base: String) -> PairMatch {
        guard let mailbox = Mailbox(name) else { return .undecidable }
        if base.utf8.contains(UInt8(ascii: "@")) {
            guard let constraint = Mailbox(base) else { return .undecidable }
            return constraint == mailbox ? .inside : .outside
        }
        return host(mailbox.host, in: base)
    }

    /// uniformResourceIdentifier: the host part, exactly, or below a domain (leading dot).
    static func uniformResourceIdentifier(_ name: String, in base: String) -> PairMatch {
        guard let host = Host(uri: name) else { return .undecidable }
        return PairwiseForms.host(host, in: base)
    }

    private static func host(_ host: Host, in base: String) -> PairMatch {
        guard !base.isEmpty else { return .inside }
        let isDomain = base.utf8.first == UInt8(ascii: ".")
        guard let constraint = Host(constraint: isDomain ? String(base.dropFirst()) : base), !constraint.labels.isEmpty
        else { return .undecidable }
        guard isDomain else { return host == constraint ? .inside : .outside }
        return host.labels.count > constraint.labels.count && host.isWithin(constraint) ? .inside : .outside
    }

    // MARK: Addresses

    /// iPAddress: 4 or 16 octets within address and mask of the same family (RFC 4632 style).
    static func iPAddress(_ name: ArraySlice<UInt8>, in base: ArraySlice<UInt8>) -> PairMatch {
        guard name.count == 4 || name.count == 16, isAddressRange(base) else { return .undecidable }
        guard base.count == name.count * 2 else { return .outside }
        let address = base.prefix(name.count)
        let mask = base.suffix(name.count)
        let isInside = zip(zip(name, address), mask).allSatisfy { pair, mask in (pair.0 ^ pair.1) & mask == 0 }
        return isInside ? .inside : .outside
    }

    /// An address and a mask of contiguous ones.
    static func isAddressRange(_ base: ArraySlice<UInt8>) -> Bool {
        guard base.count == 8 || base.count == 32 else { return false }
        var sawZero = false
        for octet in base.suffix(base.count / 2) {
            let ones = (~octet).leadingZeroBitCount
            guard octet == ~(ones >= 8 ? 0 : UInt8(0xFF) >> UInt8(ones)), !(sawZero && octet != 0) else { return false }
            sawZero = ones < 8
        }
        return true
    }
}

extension GeneralName {
    /// Whether both are the same alternative of the CHOICE; otherNames also of the same type.
    func hasForm(of other: GeneralName) -> Bool {
        switch (self, other) {
        case (.otherName(let left, _), .otherName(let right, _)): left == right
        case (.rfc822Name, .rfc822Name), (.dNSName, .dNSName), (.x400Address, .x400Address),
            (.directoryName, .directoryName), (.ediPartyName, .ediPartyName),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.iPAddress, .iPAddress),
            (.registeredID, .registeredID):
            true
        default: false
        }
    }

    /// Whether this name lies in the subtree of `base`, which has the same form.
    func match(_ base: GeneralName, for use: SubtreeUse) -> PairMatch {
        switch (self, base) {
        case (.directoryName(let name), .directoryName(let base)): name.lies(below: base) ? .inside : .outside
        case (.dNSName(let name), .dNSName(let base)): PairwiseForms.dNSName(name, in: base, for: use)
        case (.rfc822Name(let name), .rfc822Name(let base)): PairwiseForms.rfc822Name(name, in: base)
        case (.uniformResourceIdentifier(let name), .uniformResourceIdentifier(let base)):
            PairwiseForms.uniformResourceIdentifier(name, in: base)
        case (.iPAddress(let name), .iPAddress(let base)): PairwiseForms.iPAddress(name, in: base)
        // The RFC defines no rule for the other forms; a constraint on one that stands here cannot be met.
        default: .undecidable
        }
    }
}

extension DistinguishedName {
    fileprivate func lies(below base: DistinguishedName) -> Bool {
        DistinguishedName(relativeNames: Array(relativeNames.prefix(base.relativeNames.count))) == base
    }
}

extension Host {
    fileprivate var parent: [Substring]? { labels.isEmpty ? nil : Array(labels.dropFirst()) }

    fileprivate func isWithin(_ base: Host) -> Bool {
        labels.suffix(base.labels.count) == base.labels[...] && labels.count >= base.labels.count
    }
}
