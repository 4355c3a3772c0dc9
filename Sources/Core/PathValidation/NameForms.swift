/// The bases of rfc822Name and uniformResourceIdentifier subtrees: one mailbox, one host, or every host below a
/// domain (RFC 5280 §4.2.1.10).
struct HostSubtrees {
    private var mailboxes: Set<Mailbox> = []
    private var hosts: Set<Host> = []
    private var domains = SubtreeTrie<Substring>()
    private var coversEveryHost = false

    /// One mailbox, every mailbox of one host, or of every host below a domain (leading dot); false for none of them.
    mutating func insert(mailbox base: String) -> Bool {
        guard base.utf8.contains(UInt8(ascii: "@")) else { return insert(host: base) }
        guard let mailbox = Mailbox(base) else { return false }
        mailboxes.insert(mailbox)
        return true
    }

    /// A host, exactly, or below a domain (leading dot); false for neither.
    mutating func insert(host base: String) -> Bool {
        guard !base.isEmpty else {
            coversEveryHost = true
            return true
        }
        let isDomain = base.utf8.first == UInt8(ascii: ".")
        guard let host = Host(constraint: isDomain ? String(base.dropFirst()) : base), !host.labels.isEmpty
        else { return false }
        if isDomain { domains.insert(host.labels.reversed()) } else { hosts.insert(host) }
        return true
    }

    func contains(_ mailbox: Mailbox) -> Bool { contains(mailbox.host) || mailboxes.contains(mailbox) }

    func contains(_ host: Host) -> Bool {
        coversEveryHost || hosts.contains(host) || domains.position(of: host.labels.reversed()).isBelow
    }
}

/// An address and a mask of contiguous ones, 4 or 16 octets each (RFC 4632 style).
struct AddressRange {
    /// The address under the mask.
    let network: [UInt8]
    let mask: [UInt8]

    init?(_ base: ArraySlice<UInt8>) {
        guard base.count == 8 || base.count == 32 else { return nil }
        let half = base.count / 2
        mask = Array(base.suffix(half))
        guard AddressRange.isContiguous(mask) else { return nil }
        network = AddressRange.network(of: base.prefix(half), under: mask)
    }

    static func network(of address: ArraySlice<UInt8>, under mask: [UInt8]) -> [UInt8] {
        zip(address, mask).map { $0 & $1 }
    }

    private static func isContiguous(_ mask: [UInt8]) -> Bool {
        var sawZero = false
        for octet in mask {
            let ones = (~octet).leadingZeroBitCount
            guard octet == ~(ones >= 8 ? 0 : UInt8(0xFF) >> UInt8(ones)), !(sawZero && octet != 0) else { return false }
            sawZero = ones < 8
        }
        return true
    }
}

/// The bases of iPAddress subtrees, by mask: there are 33 masks of one family and 129 of the other at most.
struct AddressRanges {
    private var networks: [[UInt8]: Set<[UInt8]>] = [:]

    mutating func insert(_ range: AddressRange) { networks[range.mask, default: []].insert(range.network) }

    /// Whether `address` lies in a range of its own family; nil when it is no address.
    func contains(_ address: ArraySlice<UInt8>) -> Bool? {
        guard address.count == 4 || address.count == 16 else { return nil }
        return networks.contains { mask, networks in
            mask.count == address.count && networks.contains(AddressRange.network(of: address, under: mask))
        }
    }
}
