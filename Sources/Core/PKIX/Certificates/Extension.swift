/// `Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }`.
package struct Extension: Hashable, Sendable {
    package let id: OID
    package let isCritical: Bool
    /// The DER inside the OCTET STRING.
    package let value: ArraySlice<UInt8>

    package init(id: OID, critical isCritical: Bool, value: some Collection<UInt8>) {
        (self.id, self.isCritical, self.value) = (id, isCritical, Array(value)[...])
    }

    init(_ element: DERElement, in production: String) throws(DERError) {
        var reader = element.reader
        id = try reader.objectIdentifier(in: production)
        // An encoded FALSE breaks DER's rule for DEFAULT; older Japanese CAs wrote it, so it is read.
        isCritical = try reader.nextIfPresent(.boolean)?.boolean(in: production) ?? false
        value = try reader.next(.octetString, in: production).contents
        try reader.finish(in: production)
    }

    /// Decodes `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`; refuses duplicates (RFC 5280 §4.2).
    package static func sequence(_ element: DERElement, in production: String) throws(DERError) -> [Extension] {
        guard element.tag == .sequence else { throw DERError(.unexpectedTag, in: production) }
        var reader = element.reader
        var extensions: [Extension] = []
        var seen: Set<OID> = []
        while !reader.isAtEnd {
            let next = try Extension(reader.next(.sequence, in: production), in: production)
            // A certificate has about ten: comparing those costs less than hashing them.
            if extensions.count == 16 { seen = Set(extensions.map(\.id)) }
            let isNew =
                extensions.count < 16 ? !extensions.contains { $0.id == next.id } : seen.insert(next.id).inserted
            guard isNew else { throw DERError(.invalidStructure, in: production) }
            extensions.append(next)
            guard extensions.count <= DecodingLimit.extensions else { throw DERError(.limitExceeded, in: production) }
        }
        guard !extensions.isEmpty else { throw DERError(.invalidStructure, in: production) }
        return extensions
    }
}

extension DERWriter {
    package mutating func certificateExtension(_ item: Extension) {
        append(.sequence) {
            $0.objectIdentifier(item.id)
            if item.isCritical { $0.boolean(true) }
            $0.octetString(item.value)
        }
    }
}
